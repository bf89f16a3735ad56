"""All routes, with those of tracking and reporting wherever the composition root mounts them."""

from __future__ import annotations

from django.urls import include, path

from campaigns.api.routes import register as authoring
from campaigns.api.routes import routes
from config.urls import urlpatterns as composed
from reporting.api.routes import register as reporting

urlpatterns = [
    path("", include("orchestration.urls")),
    path("api/v1/", include(routes(authoring, reporting))),
    *composed,
]
