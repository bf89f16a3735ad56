"""The composition root: every route of every app."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from campaigns.api.routes import NotFound, routes
from campaigns.api.routes import register as authoring
from config.health import health
from orchestration.api.routes import register as engine
from reporting.api.routes import register as reporting

urlpatterns = [
    path("", include("orchestration.urls")),
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("health/", health, name="health"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    path("api/v1/", include(routes(authoring, engine, reporting))),
    re_path("^api/", NotFound.as_view()),
]
