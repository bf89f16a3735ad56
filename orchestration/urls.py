"""Public addresses that messages carry; `orchestration.tokens` says where they stand and keeps them short."""

from django.urls import path

from orchestration import tracking, unsubscribes
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
