"""Public addresses that messages carry; their shortness is owed to mail headers that must not fold."""

from django.urls import path

from orchestration import tracking, unsubscribes

urlpatterns = [
    path("t/c/<str:token>", tracking.click, name="tracking-click"),
    path("t/o/<str:token>.gif", tracking.open_pixel, name="tracking-open"),
    path("u/<str:token>", unsubscribes.unsubscribe_page, name="unsubscribe"),
]
