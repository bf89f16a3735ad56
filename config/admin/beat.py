"""Pages of the admin that belong to no app of ours. Beat's entries are settings, asserted at each start of
beat: here they can be looked at, not changed.
"""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django_celery_beat import models
from unfold.admin import ModelAdmin

BEAT_MODELS = (
    models.PeriodicTask,
    models.IntervalSchedule,
    models.CrontabSchedule,
    models.SolarSchedule,
    models.ClockedSchedule,
)
admin.site.unregister(BEAT_MODELS)


@admin.register(models.PeriodicTask)
class PeriodicTaskAdmin(ModelAdmin):  # type: ignore[misc]
    """What beat sends, and when it last did."""

    list_display = ("name", "task", "scheduler", "enabled", "last_run_at", "total_run_count")
    search_fields = ("name", "task")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
