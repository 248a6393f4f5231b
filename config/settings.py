"""Every setting, from the environment alone; ``.env.example`` documents each name."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from config import env, storages

BASE_DIR = Path(__file__).resolve().parent.parent
env.load(BASE_DIR)

VERSION = "0.1.0"
APP_NAME = env.text("APP_NAME", default="Q-Storm Platform API")

# --- safety -----------------------------------------------------------------------------------------------------------
DEBUG = env.switch("DEBUG", False)
SECRET_KEY = env.secret(DEBUG)
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", default=("localhost", "127.0.0.1", "[::1]"))
PORT = env.number("PORT", 8000, 1, 65535)
PUBLIC_URL = env.url("PUBLIC_URL", f"http://127.0.0.1:{PORT}")
SECURE = PUBLIC_URL.startswith("https://")
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0, 0, 10)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CORS_ALLOWED_ORIGINS = [o for o in env.listing("CORS_ORIGINS", "BACKEND_CORS_ORIGINS") if o != "*"]
CORS_ALLOW_ALL_ORIGINS = "*" in env.listing("CORS_ORIGINS", "BACKEND_CORS_ORIGINS")
CORS_EXPOSE_HEADERS = [
    "X-Total-Count", "Link", "ETag", "X-Cache", "Location", "Retry-After", "Content-Disposition", "X-Request-Id",
]  # fmt: skip
CORS_ALLOW_HEADERS = [
    "accept", "authorization", "content-type", "user-agent", "x-csrftoken", "x-requested-with", "x-request-id",
    "prefer", "if-none-match", "x-share-password",
]  # fmt: skip
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health", r"^api/(v1/)?health"]  # probes come over plain HTTP from inside
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []
_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": [*_SELF, "data:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "form-action": _SELF,
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- apps -------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "core",
    "accounts",
    "jobs",
    "datasets",
    "analysis",
    "cleaning",
    "exports",
    "ingestion",
    "reports",
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "csp",
    "axes",
]
MIDDLEWARE = [
    "core.metrics.CountRequests",
    "core.middleware.RequestId",
    "core.middleware.CallersAddress",
    "dialects.cleanflow.Errors",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "core.middleware.CleanQuery",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False  # every route answers with and without its slash; a redirected POST would lose its body
CSRF_FAILURE_VIEW = "core.api.csrf_failure"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.product",
            ]
        },
    }
]

# --- data -------------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database(BASE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.redis()}
    if env.redis()
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
MEDIA_ROOT = BASE_DIR / env.text("MEDIA_ROOT", "UPLOAD_DIR", default="media")
MEDIA_URL = "media/"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGE_KIND, _storage = storages.chosen()
STORAGES = {
    "default": _storage,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

# --- uploads and questions --------------------------------------------------------------------------------------------
MAX_FILE_SIZE = env.number("MAX_FILE_SIZE", 104_857_600, 1)
SYNC_INGEST_MAX_BYTES = env.number("SYNC_INGEST_MAX_BYTES", 33_554_432)
MAX_JSON_BYTES = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_JSON_BYTES
FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # uploads are streamed to disk, whatever their size
PARSER_MEMORY_BYTES = env.number("PARSER_MEMORY_BYTES", 1_073_741_824, 268_435_456)
PARSER_SECONDS = env.number("PARSER_SECONDS", 120, 1)
CLEANING_MEMORY_BYTES = env.number("CLEANING_MEMORY_BYTES", 4_294_967_296, 268_435_456)
CLEANING_SECONDS = env.number("CLEANING_SECONDS", 600, 1)
INGEST_ROOTS = [root for root in env.text("INGEST_ROOTS").split(":") if root]
DOWNLOAD_LINK_SECONDS = 900
STORAGE_CACHE_BYTES = env.number("STORAGE_CACHE_BYTES", 5_000_000_000)  # local copies of files in a bucket

# --- the language model that may propose cleaning plans ---------------------------------------------------------------
LLM_BASE_URL = env.model_address("LLM_BASE_URL")
LLM_API_KEY = env.model_key("LLM_API_KEY")
LLM_MODEL = env.model_name("LLM_MODEL", LLM_BASE_URL)
LLM_ALLOWED_HOSTS = env.model_hosts("LLM_ALLOWED_HOSTS", LLM_BASE_URL)
LLM_SEND_SAMPLES = env.switch("LLM_SEND_SAMPLES", False)
LLM_SECONDS = env.number("LLM_SECONDS", 60, 1, 600)

# --- background work --------------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}
WORKERS = env.switch("WORKERS", True)  # `entrypoint.sh run` starts a worker next to the web server
WORKER_PLACES = env.number("WORKER_PLACES", 4, 1, 64)  # jobs at once in one worker
WEB_THREADS = 8  # of one server process
EVENT_STREAMS = WEB_THREADS // 4  # server-sent event streams of one server process, each of which holds a thread

# --- accounts ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
REGISTRATION = env.choice("REGISTRATION", "open", "open", "closed")
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.NameOrEmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator",
                 "NumericPasswordValidator")
]  # fmt: skip
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/api/v1"
LOGOUT_REDIRECT_URL = "/"
ACCESS_TOKEN_LIFETIME = timedelta(minutes=env.number("ACCESS_TOKEN_EXPIRE_MINUTES", 60, 1))
REFRESH_TOKEN_LIFETIME = timedelta(days=env.number("REFRESH_TOKEN_EXPIRE_DAYS", 7, 1))
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": ACCESS_TOKEN_LIFETIME,
    "REFRESH_TOKEN_LIFETIME": REFRESH_TOKEN_LIFETIME,
    "ALGORITHM": "HS256",
    "SIGNING_KEY": env.signing_key(SECRET_KEY),
    "CHECK_REVOKE_TOKEN": True,
    "UPDATE_LAST_LOGIN": False,
}
THROTTLE = env.switch("THROTTLE", True)
AXES_ENABLED = THROTTLE
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_USERNAME_CALLABLE = "accounts.lockout.account_name"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # it would open a cookie session for every login by token
ADMIN_USERNAME = env.text("ADMIN_USERNAME", default="admin")
ADMIN_PASSWORD = env.text("ADMIN_PASSWORD")
ADMIN_EMAIL = env.text("ADMIN_EMAIL", default="admin@example.com")
globals().update(env.email(env.text("EMAIL_URL", default="consolemail://")))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="noreply@example.com")

# --- the API ----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["core.api.JSONRenderer", "core.browse.ApiPage"],
    "DEFAULT_PARSER_CLASSES": ["core.parsers.JSONParser", "core.parsers.MultiPartParser", "core.parsers.FormParser"],
    "DEFAULT_PAGINATION_CLASS": "core.lists.HeaderPagination",
    "DEFAULT_FILTER_BACKENDS": ["core.lists.NameSearch", "core.lists.Ordering"],
    "DEFAULT_THROTTLE_CLASSES": ["core.throttling.UserThrottle"],
    "DEFAULT_SCHEMA_CLASS": "core.schema.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.exception_handler",
    "URL_FORMAT_OVERRIDE": "_format",  # ?format= belongs to us
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DATETIME_FORMAT": None,  # the renderer writes 2026-01-31T15:04:05.123456+00:00
}
THROTTLE_RATES = {"account": (60, 60), "user": (600, 60), "upload": (60, 3600)}  # requests, seconds
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": APP_NAME,
    "DESCRIPTION": "Upload tables, get them typed truthfully, ask questions, export the answers.",
    "VERSION": VERSION,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "JobStatus": "jobs.models.Job.Status",
        "DatasetStatus": "datasets.models.Dataset.Status",
        "AnalysisJobStatus": "analysis.models.AnalysisJob.Status",
        "ReportStatus": "reports.models.Report.Status",
        "ExecutionStatus": "cleaning.models.Execution.Status",
        "TaskType": "cleaning.models.Plan.Task",
        "StepStatus": ["success", "failed", "skipped", "not_run"],
        "Planner": "cleaning.models.Plan.Planner",
        "PlannerWish": "cleaning.planning.PLANNERS",
        "Aggregate": ["sum", "mean", "count"],
        "CorrelationMethod": ["pearson", "spearman"],
    },
    "PREPROCESSING_HOOKS": ["core.schema.one_mount"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.schema.sign_in",
        "core.schema.group",
    ],
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "persistAuthorization": True,
        "displayRequestDuration": True,
        "filter": True,
    },
}

# --- language, time, logs ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ja", "日本語")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
METRICS_TOKEN = env.text("METRICS_TOKEN")  # lets others than this machine read /metrics
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "core.tracing.RequestIdFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
    },
}
