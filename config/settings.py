"""All settings, read from the environment. The README's table of variables follows this file."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from django.utils.translation import gettext_lazy as _

from config.api_settings import SPECTACULAR_SETTINGS
from config.content_policy import CONTENT_SECURITY_POLICY
from config.desk_settings import UNFOLD
from config.logs import logging_settings, passwords_in
from config.queues import HEAVY, QUEUES, TASK_ROUTES
from config.redis_urls import broker_url, database_of, with_database
from config.secret import read_or_create_secret, sealing_keys

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / "var")))

# Who we are and how we are reached

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or read_or_create_secret(STATE_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# What seals channels in the database: the first of these, and the key that signs where there is none.
ENCRYPTION_KEYS = sealing_keys(env.list("ENCRYPTION_KEYS", default=[]), [SECRET_KEY, *SECRET_KEY_FALLBACKS])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "127.0.0.1"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", SITE_HOST])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "forecasts.apps.ForecastsConfig",
    "tracker.apps.TrackerConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.admin_policy.AdminContentPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tracker.pages.kit.blind.PrivateForSessions",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.busy.AskAgain",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# The front door (config/door.py): what a request may cost before a view is reached.

WEB_THREADS = env.int("WEB_THREADS", default=16)
WEB_WAIT_SECONDS = env.float("WEB_WAIT_SECONDS", default=10.0)
WEB_REQUESTS_PER_ADDRESS = env.int("WEB_REQUESTS_PER_ADDRESS", default=32)
BODY_SECONDS = env.float("BODY_SECONDS", default=20.0)

# PostgreSQL. libpq spells a socket's folder percent-encoded in the place of the host.

DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres:///forecasts")}
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# More than the web role's statement_timeout: it is for a server that can't keep its own.
DATABASE_WAIT_SECONDS = env.float("DATABASE_WAIT_SECONDS", default=40.0)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: the broker in the database that REDIS_URL names, the cache in the next one, because
# clearing the cache empties its whole database.

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHE_REDIS_URL = env.str("CACHE_REDIS_URL", default="") or with_database(
    REDIS_URL, database_of(REDIS_URL) + 1
)
CACHES = {
    "default": {
        "BACKEND": "config.cache.MissingCache",
        "LOCATION": CACHE_REDIS_URL,
        "KEY_PREFIX": "forecasts",
    },
}

# Celery

CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("TASK_VISIBILITY_SECONDS", default=900),
    "unacked_restore_throttle": 1,
    # For whoever drops a message off; config/celery.py gives a worker more. Without the others kombu
    # tries for ever to open a connection.
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
# Once: what could not be said is made good by the sweep, and somebody waits for the answer.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_IMPORTS = ["config.heartbeat"]
CELERY_TASK_QUEUES = QUEUES
CELERY_TASK_ROUTES = TASK_ROUTES
CELERY_TASK_DEFAULT_QUEUE = HEAVY
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = env.int("TASK_SOFT_LIMIT_SECONDS", default=240)
CELERY_TASK_TIME_LIMIT = env.int("TASK_LIMIT_SECONDS", default=300)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# What takes longer than a request is done under a lease, which whoever is at it renews. It is given up
# after so many attempts that got no further.
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=90)
JOB_ATTEMPTS = env.int("JOB_ATTEMPTS", default=4)
# What the data of one pool process may take; what needs more fails, and says so.
TASK_MEMORY_MEGABYTES = env.int("TASK_MEMORY_MEGABYTES", default=2048)
# Between tasks, a process that kept more than this is replaced. In kilobytes.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = TASK_MEMORY_MEGABYTES * 1024 // 2
# As many files as a form may bring before Django hangs up: we refuse far fewer, and say so.
DATA_UPLOAD_MAX_NUMBER_FILES = 1000
# What can be uploaded to be imported, all files together.
IMPORT_MEGABYTES = env.int("IMPORT_MEGABYTES", default=50)

CELERY_WORKER_CONCURRENCY = env.int("WORKER_PROCESSES", default=2)
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    # A tick that waited longer than its period is worth nothing, so it expires.
    "sweep": {
        "task": "tracker.tasks.sweep",
        "schedule": env.float("SWEEP_SECONDS", default=60.0),
        "options": {"expires": 300},
    },
    "arm-what-is-unarmed": {
        "task": "tracker.tasks.arm_what_is_unarmed",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    # Hourly, so that a night without a beat loses no day; each board and day is kept once.
    "keep-standings": {
        "task": "tracker.tasks.keep_standings",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "sweep-secrets": {
        "task": "tracker.tasks.sweep_secrets",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "heartbeat": {
        "task": "config.heartbeat.beat_heartbeat",
        "schedule": 10.0,
        "options": {"expires": 30},
    },
}

# People and languages

AUTHENTICATION_BACKENDS = ["tracker.guessing.CountedPasswords"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "django.contrib.auth.password_validation.MinimumLengthValidator",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
        "tracker.guessing.TokensEnd",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LANGUAGE_CODE = env.str("LANGUAGE", default="en")
if LANGUAGE_CODE not in {"en", "sv"}:
    LANGUAGE_CODE = "en"  # Shells use LANGUAGE too, for lists such as "en_GB:en".
FORMAT_MODULE_PATH = "config.formats"
LANGUAGES = [("en", _("English")), ("sv", _("Swedish"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("DESK_ZONE", default="Europe/Stockholm")

# Static files

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", default=not DEBUG)
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

# Security

HTTPS = SITE_URL.startswith("https:")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS and not DEBUG
SECURE_SSL_REDIRECT = HTTPS and not DEBUG and env.bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Mail: into files unless EMAIL_URL names a server, as in smtp+tls://user:password@host:587

EMAIL = env.email_url("EMAIL_URL", default="filemail://")
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH = STATE_DIR / "mail"
if EMAIL_BACKEND == "django.core.mail.backends.filebased.EmailBackend":
    EMAIL_BACKEND = "tracker.notify.mail.file_backend.EmailBackend"
EMAIL_HOST = EMAIL["EMAIL_HOST"] or "localhost"
EMAIL_PORT = EMAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER = EMAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default=f"Forecast Tracker <desk@{SITE_HOST}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where somebody reads "unsubscribe", for programs that know no other way; empty: FROM_EMAIL.
UNSUBSCRIBE_MAILTO = env.str("UNSUBSCRIBE_MAILTO", default="")

# How many days the link in an invitation is good.
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)

# Chat: hosts of our own network that a desk's channel may reach, as a chat server of the house.

CHAT_INTERNAL_HOSTS = env.list("CHAT_INTERNAL_HOSTS", default=[])

# Secret addresses: after how many days they end by themselves; 0: never.

SECRET_LINK_DAYS = env.int("SECRET_LINK_DAYS", default=365)

# The API

# How long a token is good for, where its holder does not say.
API_TOKEN_DAYS = env.int("API_TOKEN_DAYS", default=90)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "tracker.api.people.sign_in.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["tracker.api.kit.permissions.MayDo"],
    "EXCEPTION_HANDLER": "tracker.api.kit.errors.answer_with_problem",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "tracker.api.kit.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "tracker.api.kit.schema.HouseSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("THROTTLE_ANON", default="240/min"),
        "user": env.str("THROTTLE_USER", default="1200/min"),
        "links": env.str("THROTTLE_LINKS", default="60/min"),
        "past": env.str("THROTTLE_PAST", default="30/hour"),
    },
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
    "PAGE_SIZE": 50,
}

# Logging: one stream, without bodies, and without any of these or what looks like a secret.

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
SECRETS = [
    *ENCRYPTION_KEYS,
    DATABASES["default"]["PASSWORD"],
    EMAIL_HOST_PASSWORD,
    *passwords_in(*(env.str(name, default="") for name in ("DATABASE_URL", "EMAIL_URL"))),
    *passwords_in(REDIS_URL, CACHE_REDIS_URL),
]
LOGGING = logging_settings(level=LOG_LEVEL, secrets=SECRETS)
