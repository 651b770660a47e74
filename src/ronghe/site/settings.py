"""Django settings. Everything that differs between places comes from the environment (see ``ronghe doctor``)."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

BASE = Path(__file__).resolve().parents[1]
PROJECT = BASE.parents[1]

DEBUG = False
SECRET_KEY = os.environ.get("RONGHE_SECRET_KEY", "only-for-commands-that-serve-nobody")
ALLOWED_HOSTS = os.environ.get("RONGHE_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("RONGHE_ORIGINS", "").split(",") if o]

# Apps are rooms; the label is the room's name. Lower floors first.
INSTALLED_APPS = [
    "ronghe.kernel.audit",
    "ronghe.kernel.regions",
    "ronghe.kernel.files",
    "ronghe.kernel.parties",
    "ronghe.kernel.accounts",
    "ronghe.kernel.inbox",
    "ronghe.kernel.jobs",
    "ronghe.kernel.spatial",
    "ronghe.kernel.papers",
    "ronghe.policy",
    "ronghe.mechanisms.trials",
    "ronghe.mechanisms.rosters",
    "ronghe.mechanisms.casework",
    "ronghe.registry",
    "ronghe.governance",
    "ronghe.portal",
    "ronghe.site",
    "axes",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ronghe.site.middleware.DomainErrorMiddleware",
    "ronghe.kernel.accounts.middleware.ActorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "ronghe.site.urls"
ASGI_APPLICATION = "ronghe.site.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ronghe.portal.context.shell",
            ],
        },
    }
]


#: Connections of one web process; 0 for commands and the worker, which open their own.
_POOL = int(os.environ.get("RONGHE_POOL", "0"))


def _database(url: str) -> dict[str, Any]:
    """A Django database from ``postgresql://user:password@host:port/name?host=/socket/folder``."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "ronghe",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        # Under ASGI every request has its own thread: only a pool lets them share connections.
        "OPTIONS": query | ({"pool": {"min_size": 1, "max_size": _POOL, "timeout": 20}} if _POOL else {}),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


#: ``default`` serves; ``owner`` owns the tables and migrates. The embedded server sets both.
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///ronghe"))}
OWNER_URL = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL", "postgresql:///ronghe")
SERVING_ROLE = DATABASES["default"]["USER"]
if os.environ.get("RONGHE_AS_OWNER") == "1":
    DATABASES["default"] = _database(OWNER_URL)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "portal:desk"
LOGOUT_REDIRECT_URL = "portal:home"

# Per name and address; what one address may fail with all names is in accounts.rules.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "ronghe.kernel.accounts.views.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# What was typed is not kept: not the passwords of the page that changes them, nor what got into the wrong field.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "password", "old", "new", "again"]
# Trying on during a lockout must not keep another person out for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False

# A session ends after half an hour without use, and with the browser. ActorMiddleware moves its end on; it is not saved
# with every request, for a slow one would write back what a quick one has changed meanwhile.
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ronghe.site.errorpages.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("RONGHE_HTTPS") == "1"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "worker-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
ASSETS = Path(os.environ.get("RONGHE_ASSETS", PROJECT / "build" / "assets"))
STATIC_ROOT = PROJECT / "build" / "static"
STATICFILES_DIRS = [ASSETS] if ASSETS.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What every browser gets, every user of the machine may read: the site may be built by one and served by another.
    "staticfiles": {
        "BACKEND": "ronghe.site.storage.HashedStaticFiles",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}

#: Demonstration users exist (``RONGHE_DEMO=0`` leaves them out); every page says so.
DEMO = os.environ.get("RONGHE_DEMO") != "0"

ZONES_DIR = BASE / "zones"
DATA_DIR = Path(os.environ.get("RONGHE_DATA", PROJECT / "var"))

#: Uploaded and issued files, encrypted; another storage (``STORAGES``) serves as well.
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
#: clamd, as ``host:port`` or the path of its socket; empty: files are taken unscanned, and say so.
FILE_SCANNER = os.environ.get("RONGHE_CLAMD", "")

#: Where people reach the platform; it stands on papers and in their QR codes.
PUBLIC_URL = os.environ.get("RONGHE_PUBLIC_URL", f"http://127.0.0.1:{os.environ.get('RONGHE_PORT', '8000')}").rstrip(
    "/"
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("RONGHE_LOG", "WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
