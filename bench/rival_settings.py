"""Django settings under which django-post_office sends the benchmark's messages, as fast as its settings allow."""

from __future__ import annotations

import os

import dj_database_url

SECRET_KEY = os.environ["SECRET_KEY"]
DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=None)}
INSTALLED_APPS = ["django.contrib.contenttypes", "post_office"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["BENCH_SINK_PORT"])
# Nothing is logged for each message, a batch is large, connections stay open: all in its favour.
POST_OFFICE = {"BATCH_SIZE": 5000, "LOG_LEVEL": 0}
LOGGING = {"version": 1, "loggers": {"post_office": {"level": "WARNING", "handlers": [], "propagate": True}}}
