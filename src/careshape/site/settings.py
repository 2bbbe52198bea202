"""Settings of the site. What an installation sets, it sets by environment variables:

CARESHAPE_DIR            data directory (./careshape-data)
CARESHAPE_DATABASE_URL   postgresql://user:password@host:port/name; SQLite in the data directory otherwise
CARESHAPE_SECRET_KEY     secret of sessions and of the audit log; otherwise kept in a file (careshape.site.secret)
CARESHAPE_ALLOWED_HOSTS  host names that may be asked for, with commas between (this machine's own)
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from careshape.site.database import database
from careshape.site.hosts import hosts
from careshape.site.secret import derived, installation_secret

HERE = Path(__file__).resolve().parent

CARESHAPE_DIR = Path(os.environ.get("CARESHAPE_DIR", "careshape-data")).resolve()
CARESHAPE_PHASE = "Draft"

_SECRET = installation_secret()
SECRET_KEY = derived(_SECRET, "signing").hex()
CARESHAPE_AUDIT_KEY = derived(_SECRET, "audit")
DEBUG = False
ALLOWED_HOSTS = hosts(os.environ.get("CARESHAPE_ALLOWED_HOSTS", ""))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "careshape.audit",
    "careshape.accounts",
    "careshape.statement",
    "careshape.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.common.CommonMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "careshape.site.middleware.SecurityHeaders",
    "careshape.site.middleware.CouncilFaults",
    "careshape.policy.views.Gate",
]

AUTH_USER_MODEL = "accounts.Account"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/work/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
CARESHAPE_PRINCIPAL = "careshape.accounts.principals.principal_of"
CARESHAPE_IS_OPEN = "careshape.statement.council.is_open"
CARESHAPE_SESSION_IDLE = timedelta(minutes=30)
CARESHAPE_SESSION_WHOLE = timedelta(hours=12)
SESSION_COOKIE_NAME = "careshape_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

ROOT_URLCONF = "careshape.site.urls"
WSGI_APPLICATION = "careshape.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "templates", HERE.parent / "statement" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "careshape.site.jinja.environment"},
    }
]

DATABASES = {"default": database(os.environ.get("CARESHAPE_DATABASE_URL", ""), CARESHAPE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

# No page needs an inline script or style, so none is allowed.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "careshape": {"handlers": ["console"], "level": "INFO", "propagate": True},
    },
}
