"""All routes with those of tracking and reporting, wherever the composition root mounts them."""

from __future__ import annotations

from django.urls import include, path

from config.urls import urlpatterns as composed

urlpatterns = [*composed, path("", include("orchestration.urls"))]
