"""The Celery application; its queues, limits and beat entries are settings."""

from __future__ import annotations

import os
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tutti")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_the_settings_logging(**_: Any) -> None:
    """Without it a worker replaces the handlers, and with them the formatter that masks secrets."""
    dictConfig(settings.LOGGING)
