"""The Celery application; its queues, limits and beat entries are settings."""

from __future__ import annotations

import os
from logging.config import dictConfig
from typing import Any

from celery import Celery, Task
from celery.signals import setup_logging, task_prerun
from django.conf import settings
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tutti")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_the_settings_logging(**_: Any) -> None:
    """Without it a worker replaces the handlers, and with them the formatter that masks secrets."""
    dictConfig(settings.LOGGING)


@task_prerun.connect
def drop_broken_connections(task: Task[Any, Any], **_: Any) -> None:
    """A connection that outlived its age is replaced, and the next statement first asks whether the server still answers."""
    if not task.request.is_eager:
        close_old_connections()
