"""Public addresses: those that messages carry, kept short where `orchestration.tokens` says, and one for providers."""

from django.urls import path

from orchestration import sms_replies, tracking, unsubscribes
from orchestration.tokens import PATHS, Purpose

VIEWS = {
    Purpose.CLICK: tracking.click,
    Purpose.OPEN: tracking.open_pixel,
    Purpose.UNSUBSCRIBE: unsubscribes.unsubscribe_page,
}

urlpatterns = [
    path(f"{PATHS[purpose].lstrip('/')}<str:token>", view, name=str(purpose))
    for purpose, view in VIEWS.items()
]
urlpatterns.append(path("sms/<slug:slug>/", sms_replies.sms_replies, name="sms_replies"))
