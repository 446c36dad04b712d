"""Django settings, read from the environment. SITE_URL is the one switch between a laptop and a public site."""

import sys
from pathlib import Path
from typing import Any

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from newsroom import env, translations

django_stubs_ext.monkeypatch()  # Lets classes name their model, as in ModelAdmin[Article]; Django itself doesn't yet.

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_file(BASE_DIR / ".env")

# Everything the application writes lives here: database, collected static files, mail, secret key.
VAR_DIR = Path(env.text("VAR_DIR") or BASE_DIR / "var").resolve()

# Host and URL ----------------------------------------------------------------------------------------------------

DEBUG = env.flag("DEBUG")
RUNSERVER = "runserver" in sys.argv[1:2]
HOST = env.text("HOST", "127.0.0.1")
PORT = env.number("PORT", 8000, least=1)
WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", 2, least=1, most=256)
# Seconds for which the server still serves after it was asked to stop, while /readyz tells proxies that it will.
DRAIN_SECONDS = env.number("DRAIN_SECONDS", 0, most=300)
SITE_URL = env.text("SITE_URL").rstrip("/")
PUBLIC = bool(SITE_URL)
_site = env.site(SITE_URL, port=PORT)
if PUBLIC and (_site.scheme != "https" or not _site.hostname or _site.path):
    raise ImproperlyConfigured("SITE_URL must be https:// and a host name, such as https://paper.example.")
if PUBLIC and DEBUG:
    raise ImproperlyConfigured("DEBUG exposes internals to every visitor. Unset it when SITE_URL is set.")
SITE_ADDRESS = f"{_site.scheme}://{_site.netloc}"
ALLOWED_HOSTS = [_site.hostname or "localhost", *env.words("ALLOWED_HOSTS")]
if not PUBLIC:
    ALLOWED_HOSTS += ["127.0.0.1", "[::1]"]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must list host names: '*' lets anyone forge the links in emails.")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
# Number of proxies in front of the server whose X-Forwarded-For and X-Forwarded-Proto are trusted.
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 1 if PUBLIC else 0, most=10)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECRET_KEY = env.text("SECRET_KEY")
if PUBLIC and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SITE_URL is set, so SECRET_KEY is required, with at least 50 characters.")
SECRET_KEY = SECRET_KEY or env.generated_secret(VAR_DIR / "secret-key")

# Publication -----------------------------------------------------------------------------------------------------

DEFAULT_PAPER_NAME = "The Lantern"
PAPER_NAME = env.text("PAPER_NAME", DEFAULT_PAPER_NAME)
LANGUAGE_CODE = env.text("LANGUAGE_CODE", "en")
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
# Owners may change these at the desk, unless the environment sets them (articles.publishing.site_settings).
SET_IN_ENVIRONMENT = [
    name
    for name in ("PAPER_NAME", "LANGUAGE_CODE", "TIME_ZONE", "COMMENTS_DAYS", "DEFAULT_FROM_EMAIL", "EDITOR_EMAIL")
    if env.text(name)
]
ACCENT = ""  # Without one, that of static/css/tokens.css.
LOGO = None
PUBLISHER = None  # What owners say of the publisher at the desk.
ABOUT_TITLES: dict[str, str] = {}  # Of the published pages about the publication.
RULES_CHANGED_AT = None  # When the newest version of the community rules was published, if it isn't the first.
# Days after publication when a discussion closes; 0 keeps discussions open. Most comments arrive within hours and the
# author replies within days; after two weeks most of what arrives is spam (WordPress suggests the same 14 days).
COMMENTS_DAYS = env.number("COMMENTS_DAYS", 14, most=36_500)
# More words that names of readers and topics may not have, beside those of articles.text.blocked_words.
BLOCKED_WORDS = env.words("BLOCKED_WORDS")
LOCALE_PATHS = [BASE_DIR / "articles" / "locale"]
translations.require_translation(LANGUAGE_CODE, LOCALE_PATHS[0])
FORMAT_MODULE_PATH = "newsroom.formats"

# Apps and middleware ---------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "newsroom.apps.NewsroomAdminConfig",
    "articles",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "articles.web.compression.CompressionMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "articles.web.error_pages.ErrorPagesMiddleware",
    "articles.web.replica_reads.ReplicaMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "articles.accounts.middleware.AccountPagesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "articles.web.cache_headers.CacheHeadersMiddleware",
]
ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
FORM_RENDERER = "articles.web.form_renderer.FormRenderer"
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
                "articles.reading.context_processors.site",
            ],
        },
    },
]

# Database --------------------------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database_url("DATABASE_URL", VAR_DIR / "newsroom.sqlite3", relative_to=BASE_DIR)
}
WRITE_TIMEOUT = 5  # Seconds a writer waits for another before the request is answered with 503.
REPLICA_TIMEOUT = 0.5  # Seconds a reader waits for a replica that is away, until the primary is asked instead.
DATABASE_ROUTERS: list[str] = []
PGBOUNCER = env.flag("PGBOUNCER")  # DATABASE_URL leads to PgBouncer, which lends connections for a transaction each.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    if env.text("REPLICA_DATABASE_URL"):
        raise ImproperlyConfigured("REPLICA_DATABASE_URL is for PostgreSQL: set DATABASE_URL, too.")
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 60 * 60,  # A new connection plans with the newest statistics, see web.query_statistics.
        "OPTIONS": {
            # IMMEDIATE: a transaction takes the write lock when it begins, so that it can't fail halfway.
            "transaction_mode": "IMMEDIATE",
            "timeout": WRITE_TIMEOUT,
            # FULL: a power cut loses nothing that was acknowledged. secure_delete: erased data leaves the file.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
    }
else:
    # No client may block others for long: neither one that waits, nor one whose statement never ends (no page has one
    # of a second), nor one that stopped in the middle of a transaction. `migrate` has others (newsroom.apps).
    _limits = {
        "lock_timeout": f"{WRITE_TIMEOUT}s",
        "statement_timeout": "30s",
        "idle_in_transaction_session_timeout": "30s",
    }
    # A machine that vanishes from the network is noticed within seconds; the system's own limits are many minutes.
    _network = {"connect_timeout": WRITE_TIMEOUT, "keepalives_idle": WRITE_TIMEOUT, "tcp_user_timeout": 10_000}
    # How often a web.prepared_query is sent on a connection before PostgreSQL keeps it there with its plan.
    _prepared = {"prepare_threshold": 1}
    _options = {"options": " ".join(f"-c {name}={value}" for name, value in _limits.items()), **_network, **_prepared}
    _postgres = {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
    if PGBOUNCER:  # Nothing may stay on a connection: limits are set in the database, see docs/operating.md.
        _options = _network | {"prepare_threshold": None}
        _postgres["DISABLE_SERVER_SIDE_CURSORS"] = True
    if env.text("REPLICA_DATABASE_URL"):
        DATABASES["replica"] = env.database_url("REPLICA_DATABASE_URL", VAR_DIR, relative_to=BASE_DIR)
        DATABASE_ROUTERS = ["articles.web.replica_reads.ReplicaRouter"]
    for _name, _database in DATABASES.items():
        _of_url = _database.get("OPTIONS", {})  # ?sslmode=require.
        # The pool replaces persistent connections: taking one from it costs 0.4 ms, connecting 28 ms.
        _timeout = REPLICA_TIMEOUT if _name == "replica" else WRITE_TIMEOUT
        _pool = {"min_size": 1, "max_size": 8, "timeout": _timeout}
        _database |= _postgres | {"OPTIONS": {**_options, **_of_url, "pool": _pool}}

# Cache -----------------------------------------------------------------------------------------------------------

# Rate limits and lockouts live in the cache, so it must be shared by all processes: Redis, or else the database.
REDIS_URL = env.text("REDIS_URL")
CACHE_TABLE = "articles_cache"
# Large, because an entry evicted by others would lift a lockout.
CACHE_ENTRIES = 100_000
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "articles.web.cache_backend.ReliableDatabaseCache",
        "LOCATION": CACHE_TABLE,
        "OPTIONS": {"MAX_ENTRIES": CACHE_ENTRIES},
    },
    # What each process counts for itself, without a write to the database.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": CACHE_ENTRIES},
    },
}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "articles.web.cache_backend.RedisWithFallbackCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 0.4, "socket_connect_timeout": 0.4},
    }

# Content delivery network: the header in which it reads the tags of a page, and where it is told what to drop.
CDN_TAGS = env.choice("CDN_TAGS", "", "Surrogate-Key", "Cache-Tag", "xkey")
CDN_PURGE_URLS = env.words("CDN_PURGE_URLS")
CDN_PURGE_TOKEN = env.text("CDN_PURGE_TOKEN")
if CDN_TAGS and not CDN_PURGE_URLS:
    raise ImproperlyConfigured("CDN_TAGS needs CDN_PURGE_URLS: without purges readers would see old pages.")

# Background tasks -------------------------------------------------------------------------------------------------

# Tasks are queued in the database for `manage.py work`, which `serve` starts. runserver runs them immediately.
_tasks = "django.tasks.backends.immediate.ImmediateBackend" if RUNSERVER else "django_tasks_db.DatabaseBackend"
TASKS: dict[str, dict[str, Any]] = {"default": {"BACKEND": _tasks}}
TASK_RESULTS_KEPT_DAYS = 14  # For finding out what went wrong. They name accounts and comments by number.

# Email -----------------------------------------------------------------------------------------------------------

# EMAIL_URL: smtp://user:password@host:25, smtps:// for TLS from the start, smtp+tls:// for STARTTLS.
# Unset: email is written to files and to the console.
MAIL_DIR = VAR_DIR / "mail"
MAILERS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "articles.mail.sending.QueuedEmailBackend"},
    "outside": {"BACKEND": "articles.mail.sending.FileEmailBackend", "OPTIONS": {"folder": MAIL_DIR}},
}
_mail = env.mail_server("EMAIL_URL")
EMAIL_IS_SENT = bool(_mail)
if _mail:
    MAILERS["outside"] = {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": _mail}
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", (PAPER_NAME, f"paper@{_site.hostname}"))
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Readers' contact and Reply-To address. Unset, here and at the desk: emails say that replies aren't read.
EDITOR_EMAIL = env.email_address("EDITOR_EMAIL")

# Accounts --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "articles.User"
AUTHENTICATION_BACKENDS = ["articles.accounts.adapter.ReaderBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "articles.accounts.password_validation.GuessablePasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "articles.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if PUBLIC else "none"
ACCOUNT_PREVENT_ENUMERATION = PUBLIC
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{PAPER_NAME}] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PUBLIC else "http"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_CHANGE_EMAIL = True  # One email address per reader; a new one replaces it once confirmed.
ACCOUNT_EMAIL_NOTIFICATIONS = True  # Tells the reader when a password or two-step verification changes.
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_FORMS = {
    "signup": "articles.accounts.forms.SignupForm",
    "login": "articles.accounts.forms.LoginForm",
    "reauthenticate": "articles.accounts.forms.ReauthenticateForm",
    "change_password": "articles.accounts.forms.ChangePasswordForm",
    "set_password": "articles.accounts.forms.SetPasswordForm",
    "reset_password": "articles.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "articles.accounts.forms.ResetPasswordKeyForm",
    "add_email": "articles.accounts.forms.AddEmailForm",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    # 10 failures in 10 minutes from one IP address; 5 in 5 minutes and 15 an hour for one account from one IP address;
    # 25 an hour for one account from anywhere. What counts together: accounts/sign_in_limits.
    "login": "30/m/ip",
    "login_failed": "10/10m/ip,5/5m/key,15/h/key",
    "login_failed_anywhere": "25/h/key",
    "signup": "20/h/ip",
    "reset_password": "20/h/ip,5/h/key",
    "reset_password_from_key": "20/h/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "confirm_email": "1/3m/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = not PUBLIC  # Email addresses are never confirmed on a laptop.
MFA_TOTP_TOLERANCE = 1  # Steps of 30 seconds, for phones whose clock is off.
MFA_FORMS = {
    "authenticate": "articles.accounts.forms.AuthenticateForm",
    "reauthenticate": "articles.accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "articles.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "articles.accounts.forms.AddSecurityKeyForm",
    "edit_webauthn": "articles.accounts.forms.EditSecurityKeyForm",
}
MFA_TOTP_ISSUER = PAPER_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PUBLIC

# Browser security and static files -------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# Django's defaults do the rest: same-origin referrers, X-Frame-Options: DENY, nosniff, an HttpOnly session cookie.
SESSION_ENGINE = "articles.accounts.session_store"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "articles.reading.views.error_views.csrf_failure"
if PUBLIC:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    # Only if asked for: both bind other sites of the domain, and preloading can't be undone for months.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_SUBDOMAINS")
    SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD")
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # Warn that these two are off.
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrftoken"
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024  # The largest form is an article. A 1 MB comment is rejected unread.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # An article with 100 rows of each kind, each with its initial values.
# Forms take fewer, 20 pictures or 50 articles, and say so; Django's own answer would be a page without a reason.
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000

# The files of pictures. Readers get them from /media/, wherever they are stored.
MEDIA_ROOT = VAR_DIR / "media"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES: dict[str, dict[str, Any]] = {
    "default": env.media_storage("MEDIA_URL"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or RUNSERVER
        else "articles.web.static_storage.StaticStorage"
    },
}
WHITENOISE_USE_FINDERS = RUNSERVER
if RUNSERVER:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns about a missing folder.

# Browsers keep the public pages that were read, for reading without a connection. In development static files have no
# hashes, so that browsers would keep old ones.
OFFLINE_READING = env.flag("OFFLINE_READING", default=True) and not (DEBUG or RUNSERVER)

METRICS_TOKEN = env.text("METRICS_TOKEN")  # For /metrics, which is not there without it.
SENTRY_DSN = env.error_reports("SENTRY_DSN")
LOG_FORMAT = env.choice("LOG_FORMAT", "text", "json")
LOG_REQUESTS = env.flag("LOG_REQUESTS", default=LOG_FORMAT == "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "newsroom.request_log.JsonFormatter"},
    },
    "filters": {"repeated": {"()": "articles.web.repeated_errors.RepeatedErrorFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["repeated"]}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "INFO"},
        # Requests for unknown pages or hosts are not errors of ours.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
