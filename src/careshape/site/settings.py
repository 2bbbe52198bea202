"""Settings of the site: what an installation may set comes from its configuration (careshape.site.config)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from careshape.language import choose, read_language
from careshape.site.config import carry, configuration
from careshape.site.database import database
from careshape.site.hosts import hosts
from careshape.site.logs import logging_settings
from careshape.site.secret import derived, installation_secret

HERE = Path(__file__).resolve().parent

BACKENDS = {
    "files": "django.core.mail.backends.filebased.EmailBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
}

carry()
CARESHAPE_CONFIGURATION = configuration()
_SET = CARESHAPE_CONFIGURATION.values
CARESHAPE_DIR = _SET["data.folder"]
CARESHAPE_PHASE = "Draft"
CARESHAPE_ANCHORS = _SET["audit.anchors"] or CARESHAPE_DIR / "anchors"

_SECRET = installation_secret()
SECRET_KEY = derived(_SECRET, "signing").hex()
CARESHAPE_AUDIT_KEY = derived(_SECRET, "audit")
CARESHAPE_FIELD_KEY = derived(_SECRET, "fields")
DEBUG = False
ALLOWED_HOSTS = hosts(",".join(_SET["site.hosts"]))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "csp",
    "careshape.audit",
    "careshape.accounts",
    "careshape.jobs",
    "careshape.privacy",
    "careshape.people",
    "careshape.providers",
    "careshape.source",
    "careshape.statement",
    "careshape.editions",
    "careshape.writing",
    "careshape.readers",
    "careshape.reuse",
    "careshape.work",
    "careshape.site",
]

MIDDLEWARE = [
    "careshape.site.logs.RequestLog",
    "careshape.site.proxy.ReaderAddress",
    "careshape.site.health.AnyName",
    # What sets headers stands first, so that every answer has them: files, redirects, refusals, failures.
    "django.middleware.security.SecurityMiddleware",
    "careshape.site.middleware.SecurityHeaders",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "careshape.site.compressed.CompressedFiles",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "careshape.audit.middleware.AuditHead",
    "careshape.site.middleware.CouncilFaults",
    "careshape.work.api.middleware.ApiProblems",
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
    {"NAME": "careshape.accounts.passwords.OwnWords"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
CARESHAPE_PRINCIPAL = "careshape.work.tokens.principal_of"
CARESHAPE_REFUSED = "careshape.audit.refusals.tell_refusal"
CARESHAPE_IS_OPEN = "careshape.statement.council.is_open"
CARESHAPE_HAS_RELEASED = "careshape.editions.released.has_released"
CARESHAPE_NAVIGATION = "careshape.work.pages.navigation_of"
CARESHAPE_SESSION_IDLE = timedelta(minutes=_SET["session.idle_minutes"])
CARESHAPE_SESSION_WHOLE = timedelta(hours=_SET["session.whole_hours"])
# For how long a person who has shown who they are may change what protects accounts.
CARESHAPE_CONFIRM = timedelta(minutes=15)
CARESHAPE_INVITATION = timedelta(days=7)
PASSWORD_RESET_TIMEOUT = 3600
# Failed tries in a quarter of an hour from one network address; many people of a council may share one.
CARESHAPE_TRIES_PER_ADDRESS = _SET["sign_in.tries_per_address"]
# Requests a minute that the keyless API answers to one network address, in each process of the server.
CARESHAPE_OPEN_API_A_MINUTE = 600
CSRF_FAILURE_VIEW = "careshape.statement.views.forged"
CARESHAPE_ADDRESS = _SET["site.address"]
choose(read_language(CARESHAPE_DIR, _SET["site.language"]))
CARESHAPE_HTTPS = _SET["site.https"]
SESSION_ENGINE = "careshape.accounts.sessions"
# The prefix has browsers take the cookie only over HTTPS and from this host itself.
SESSION_COOKIE_NAME = "__Host-careshape_session" if CARESHAPE_HTTPS else "careshape_session"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CARESHAPE_HTTPS
CSRF_COOKIE_NAME = "__Host-csrf" if CARESHAPE_HTTPS else "csrf"
SECURE_HSTS_SECONDS = 63_072_000 if CARESHAPE_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = CARESHAPE_HTTPS
# Whether browsers ship with the site's name is for who owns the domain to ask for; it cannot be taken back quickly.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_SSL_REDIRECT = CARESHAPE_HTTPS
# What watches over the site asks the server itself, without the one before it that ends HTTPS. A program that asks the
# API in the clear is refused, not sent on: it would send its token in the clear each time, and nobody would notice.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^api/"]
# The server before this one, which ends HTTPS, says by this header that it did.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CARESHAPE_HTTPS else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

ROOT_URLCONF = "careshape.site.urls"
WSGI_APPLICATION = "careshape.site.wsgi.application"

ROOMS_WITH_TEMPLATES = (
    "accounts", "editions", "providers", "readers", "reuse", "source", "statement", "work", "writing",
)  # fmt: skip
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            HERE / "templates",
            *(HERE.parent / room / "templates" for room in ROOMS_WITH_TEMPLATES),
        ],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "careshape.site.jinja.environment"},
    }
]

EMAIL_BACKEND = BACKENDS[_SET["mail.backend"]]
EMAIL_FILE_PATH = str(_SET["mail.folder"] or CARESHAPE_DIR / "mail")
EMAIL_HOST, EMAIL_PORT = _SET["mail.host"], _SET["mail.port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _SET["mail.user"], _SET["mail.password"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _SET["mail.security"] == "starttls", _SET["mail.security"] == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _SET["mail.from"]

DATABASES = {"default": database(_SET["database.url"], CARESHAPE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

FILE_UPLOAD_HANDLERS = [
    "careshape.work.capped.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
# No page of others loads our files: every answer says so, static ones too.
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}

# No page needs an inline script or style, so none is allowed.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = logging_settings(_SET["log.level"], _SET["log.format"])
