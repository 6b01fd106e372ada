"""All settings. What differs between machines comes from the environment (see env.py)."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF  # noqa: F401
from django.utils.translation import gettext_lazy as _

from rus_platform import env

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What this process is -------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")  # shows the demo accounts and the local mailbox; never in production
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000")

# --- Apps, in order from the top ------------------------------------------------------------
INSTALLED_APPS = [
    "consultations",
    "strategies",
    "actors",
    "rus_platform.apps.PlatformConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "simple_history",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rus_platform.presses.OnePressMiddleware",
    "rus_platform.middleware.DomainErrorMiddleware",
    "rus_platform.middleware.KeptTextMiddleware",
    "rus_platform.middleware.OnlyFormsMiddleware",
    "rus_platform.middleware.PrivatePagesMiddleware",
]

ROOT_URLCONF = "rus_platform.urls"
ASGI_APPLICATION = "rus_platform.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "rus_platform.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data -----------------------------------------------------------------------------------
DATABASES = {"default": env.database(env.text("DATABASE_URL"))}
WEB_THREADS = max(2, int(env.text("DATABASE_POOL", "12")) - 2)  # live sessions, too, ask the database now and then
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
# Two copies of the platform may share a Valkey; its channels, unlike its keys, know no database numbers.
LIVE_PREFIX = f"rus:{DATABASES['default']['PORT']}:{DATABASES['default']['NAME']}"
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": LIVE_PREFIX},
    }
}
SESSION_ENGINE = "rus_platform.kit.sessions"
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(BASE_DIR / "media")))
MEDIA_URL = "/media/"  # never served by path: every file goes through a view and its rule
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000  # a file of 5,000 contacts is looked at on one page
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- People ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "actors.User"
LOGIN_URL = "actors:login"
GUEST_PAGE = "consultations:guest_link"  # instead of an account, for those who came by a link
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Svenska")), ("en", _("Engelska"))]
LOCALE_PATHS = [BASE_DIR / "rus_platform" / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

# --- Static files ---------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / ".local" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = env.flag("STATIC_FROM_SOURCE", default=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Mail -----------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(env.text("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "RUS <rus@localhost>")
BOUNCE_ADDRESS = env.text(
    "BOUNCE_ADDRESS", ""
)  # rus-studs@region.se: letters that come back go to rus-studs+b…@region.se
BOUNCE_MAILDIR = env.text("BOUNCE_MAILDIR", "")  # where they then lie
LOCAL_MAILDIR = env.text("LOCAL_MAILDIR", "")  # the demo's mailbox page reads here
DEMO_ACCOUNTS_FILE = str(
    Path(env.text("DEMO_ACCOUNTS", "demo-accounts.txt")).with_suffix(".json")
)  # for the sign-in page

# --- Background work ------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 660}  # longer than any task
CELERY_IMPORTS = ["rus_platform.health"]
CELERY_TIMEZONE = TIME_ZONE
# What expires is not done twice when a worker comes back after a long time away.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "send-waiting-mail": {"task": "actors.tasks.send_waiting_mail", "schedule": 15.0, "options": {"expires": 15}},
    "take-in-bounces": {"task": "actors.tasks.take_in_bounces", "schedule": 60.0, "options": {"expires": 60}},
    "follow-the-clock": {"task": "consultations.tasks.follow_the_clock", "schedule": 5.0, "options": {"expires": 5}},
    "remind": {"task": "consultations.tasks.remind", "schedule": 30.0, "options": {"expires": 30}},
    "refresh-drafts": {"task": "strategies.tasks.refresh_drafts", "schedule": 5.0, "options": {"expires": 5}},
    "keep-quiet-drafts": {
        "task": "strategies.tasks.keep_quiet_drafts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "see-to-publications": {
        "task": "strategies.tasks.see_to_publications",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "see-to-imports": {"task": "strategies.tasks.see_to_imports", "schedule": 15.0, "options": {"expires": 15}},
    "see-to-intakes": {"task": "consultations.tasks.see_to_intakes", "schedule": 15.0, "options": {"expires": 15}},
    "see-to-papers": {"task": "consultations.tasks.see_to_papers", "schedule": 15.0, "options": {"expires": 15}},
    "note-worker-alive": {
        "task": "rus_platform.health.note_worker_alive",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
}

# --- Safety ---------------------------------------------------------------------------------
CSRF_FAILURE_VIEW = "rus_platform.views.csrf_failed"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
BEHIND_TLS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "object-src": [NONE],
    }
}

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "rus_platform.api.domain_error_handler",
}

# --- Logs -----------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "rus_platform.logs.WithoutSecrets", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    # These come with handlers of their own, which would write the addresses as they are.
    "loggers": {
        name: {"handlers": [], "propagate": True}
        for name in ("django", "django.server", "uvicorn", "uvicorn.access", "uvicorn.error")
    },
}
