"""The composition root. Importing it makes the Celery application the one that tasks are sent through."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
