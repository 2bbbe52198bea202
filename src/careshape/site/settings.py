"""Settings of the site. What an installation sets, it sets by environment variables:

CARESHAPE_DIR            data directory (./careshape-data)
CARESHAPE_DATABASE_URL   postgresql://user:password@host:port/name; SQLite in the data directory otherwise
CARESHAPE_SECRET_KEY     secret for signing; made for this process where it is not given
CARESHAPE_ALLOWED_HOSTS  host names that may be asked for, with commas between (this machine's own)
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from careshape.site.database import database
from careshape.site.hosts import hosts

HERE = Path(__file__).resolve().parent

CARESHAPE_DIR = Path(os.environ.get("CARESHAPE_DIR", "careshape-data")).resolve()
CARESHAPE_PHASE = "Draft"

# Nothing is signed yet; a key for the process keeps Django's checks honest without a secret in the package.
SECRET_KEY = os.environ.get("CARESHAPE_SECRET_KEY") or secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = hosts(os.environ.get("CARESHAPE_ALLOWED_HOSTS", ""))

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "csp",
    "careshape.statement",
    "careshape.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.common.CommonMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "careshape.site.middleware.SecurityHeaders",
    "careshape.site.middleware.CouncilFaults",
]

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
