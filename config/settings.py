"""Django's settings, by topic. What differs between deployments comes from `config.environment`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.utils.translation import gettext_lazy as _
from kombu import Exchange, Queue

from config import queues
from config.content_security import STRICT
from config.environment import LOCAL, ROOT, read_environment
from config.messages import CATALOGUES

ENVIRONMENT = read_environment()

# --- core ---------------------------------------------------------------------------------------------------
SECRET_KEY = ENVIRONMENT.secret_key.get_secret_value()
SECRET_KEY_FALLBACKS = [key.get_secret_value() for key in ENVIRONMENT.secret_key_fallbacks]
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_celery_beat",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "campaigns",
    "orchestration",
    "reporting",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.content_security.ContentSecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the theme's own, which some of them replace.
        "DIRS": [ROOT / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- database -----------------------------------------------------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(str(ENVIRONMENT.database_url), conn_max_age=60, conn_health_checks=True)
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

# --- celery: hints travel here, the truth stays in PostgreSQL -----------------------------------------------
CELERY_BROKER_URL = ENVIRONMENT.broker_url
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Only the engine's tasks may run longer, and their claims in PostgreSQL make a second copy harmless.
    "visibility_timeout": 900,
    "unacked_restore_throttle": 1,
    "socket_keepalive": True,
    "socket_connect_timeout": 5,
}
CELERY_TASK_QUEUES = [Queue(name, Exchange("tutti"), routing_key=name) for name in queues.ALL]
CELERY_TASK_DEFAULT_QUEUE = queues.DEFAULT
CELERY_TASK_CREATE_MISSING_QUEUES = False
# Hints are sent by name, so that their senders need not import the tasks; the name alone says the queue.
CELERY_TASK_ROUTES = {
    "orchestration.drain_*": {"queue": queues.EMAIL},
    "orchestration.send_*": {"queue": queues.EMAIL},
    "orchestration.execute_*": {"queue": queues.ENGINE},
    "campaigns.import_*": {"queue": queues.ENGINE},
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30.0
# A task outlives its broker: its work is guarded by its claim, and a repetition finds it done.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
# Written at once: after a kill, beat would repeat what it had not yet noted as sent.
CELERY_BEAT_SYNC_EVERY = 1
# A connection of its own for every task costs the server more than most tasks do; `config.celery` looks after them.
CELERY_DB_REUSE_MAX = 10_000
HEARTBEAT_SECONDS = 5.0
# A rule that is expected to take longer is told of, with the index that would help.
RULE_SLOW_SECONDS = 5.0
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    f"heartbeat of {name}": {
        "task": "config.record_heartbeat",
        "schedule": HEARTBEAT_SECONDS,
        "args": (name,),
        "options": {"queue": name, "expires": 30},
    }
    for name in queues.ALL
}
for _task, _seconds in (
    ("orchestration.tick", 10.0),
    ("orchestration.sweep", 15.0),
    ("orchestration.watch", 60.0),
    ("orchestration.keep_house", 3600.0),
    ("reporting.roll_up", 60.0),
):
    CELERY_BEAT_SCHEDULE[_task] = {
        "task": _task,
        "schedule": _seconds,
        "options": {"expires": _seconds},
    }

# --- security -----------------------------------------------------------------------------------------------
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_origin]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.is_https
SECURE_SSL_REDIRECT = ENVIRONMENT.is_https and ENVIRONMENT.trust_proxy
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if ENVIRONMENT.is_https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trust_proxy else None
SESSION_COOKIE_AGE = 7 * 24 * 3600
CONTENT_SECURITY_POLICY = STRICT
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# --- api ----------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "campaigns.api.authentication.TokenAuthentication",
        "campaigns.api.authentication.PageAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["campaigns.api.formats.StrictJsonParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "campaigns.api.pagination.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "campaigns.api.refusals.answer_exception",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tutti",
    "DESCRIPTION": _("Orchestrated campaigns: definitions, runs, deliveries and reports."),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "campaigns.api.schema.add_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "TableKindEnum": "campaigns.models.Table.Kind",
        "RunKindEnum": "orchestration.models.RunKind",
        "FieldTypeEnum": "campaigns.models.catalogue.FIELD_TYPES",
        "VariableTypeEnum": "campaigns.api.rule_shapes.VARIABLE_TYPES",
        "CampaignStateEnum": "campaigns.states.CAMPAIGN.choices",
        "VersionStateEnum": "campaigns.states.VERSION.choices",
        "AudienceStateEnum": "campaigns.api.audience_shapes.STATES",
        "AudienceOriginEnum": "campaigns.models.Audience.Origin",
        "TableOriginEnum": "campaigns.models.Table.Origin",
        "RunStateEnum": "orchestration.states.RUN.choices",
        "ActivityStateEnum": "orchestration.states.ACTIVITY_RUN.choices",
        "DeliveryStateEnum": "orchestration.states.DELIVERY.choices",
        "MessageStateEnum": "orchestration.states.MESSAGE.choices",
        "OccurrenceStateEnum": "orchestration.states.OCCURRENCE.choices",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- language and time --------------------------------------------------------------------------------------
FORMAT_MODULE_PATH = "config.formats"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = CATALOGUES
USE_TZ = True
TIME_ZONE = "UTC"

# --- static -------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = ROOT / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- mail of the system itself; campaigns send through their own channels -----------------------------------
EMAIL_HOST = ENVIRONMENT.smtp_host
EMAIL_PORT = ENVIRONMENT.smtp_port
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.system_mail_from

# --- logs ---------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.redaction.RedactingFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s",
            "secrets": [
                SECRET_KEY,
                *SECRET_KEY_FALLBACKS,
                str(DATABASES["default"]["PASSWORD"] or ""),
                urlsplit(ENVIRONMENT.broker_url).password or "",
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": ENVIRONMENT.log_level},
    "loggers": {
        # Django's own console handler knows nothing of redaction.
        "django": {"handlers": [], "level": ENVIRONMENT.log_level, "propagate": True},
        # A line for each heartbeat sent, taken and done would bury the others.
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}

# --- tutti --------------------------------------------------------------------------------------------------
PUBLIC_BASE_URL = ENVIRONMENT.public_base_url
# How many proxies of one's own stand in front: whose word on a visitor's address is believed.
TRUSTED_PROXIES = int(ENVIRONMENT.trust_proxy)
UNFOLD = {
    "SITE_TITLE": _("Tutti"),
    "SITE_HEADER": _("Tutti"),
    "SITE_SUBHEADER": _("Orchestrated campaigns"),
    "SITE_SYMBOL": "account_tree",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "config.admin.theme.icon"}],
    "STYLES": ["config.admin.theme.stylesheet"],
    "SIDEBAR": {"navigation": "config.admin.theme.sidebar"},
    "DASHBOARD_CALLBACK": "config.admin.home.home",
    "SHOW_LANGUAGES": True,
}
WORKING_TABLE_DAYS = 30
TEST_RUN_DAYS = 30
# How long the members that an audience had before it was overwritten can be put back.
AUDIENCE_EDITION_DAYS = 7
IMPORTS_FOLDER = LOCAL / "imports"
# Every server and worker of the installation sees the same two folders.
FILES_FOLDER = LOCAL / "files"
FILE_INBOX = Path(ENVIRONMENT.file_inbox) if ENVIRONMENT.file_inbox else None
FILE_LIMIT = ENVIRONMENT.file_limit_mb << 20
MAIL_FOLDER = LOCAL / "mail"
# Rows of a feed and CREATE TABLE text come in requests of up to 10 MB; what reads a body sets its own, smaller limit.
DATA_UPLOAD_MAX_MEMORY_SIZE = 11 << 20
