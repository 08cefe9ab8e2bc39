"""Django's settings. What differs between installations comes from the environment: see environment.py."""

from pathlib import Path

import pghistory
from csp.constants import NONE, SELF

from safar.site.environment import database, flag, listed, number, secret, var_path

SOURCE = Path(__file__).resolve().parents[1]
DEMO = flag("SAFAR_DEMO")  # on one's own machine without TLS; everything else is as in production

SECRET_KEY = secret("SAFAR_SECRET_KEY", "it signs sessions")
# The first key seals documents and makes their search keys; older ones still open what they sealed.
DOCUMENT_KEYS = listed("SAFAR_DOCUMENT_KEYS") or [
    secret("SAFAR_DOCUMENT_KEYS", "they seal identity documents")
]
AUDIT_KEY = secret("SAFAR_AUDIT_KEY", "it signs the state of the history")
VAR = var_path()

DEBUG = False
ALLOWED_HOSTS = listed("SAFAR_HOSTS", "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = listed("SAFAR_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "safar.records",
    "safar.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "safar.desk.ui.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "safar.desk.working.WorkingMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "safar.site.addresses"
WSGI_APPLICATION = "safar.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [*(SOURCE / "desk" / room / "templates" for room in ("sign_in", "ui")), SOURCE],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "safar.desk.ui.context.of_every_page",
            ],
            "builtins": ["safar.desk.ui.tags", "safar.desk.ui.components", "safar.desk.hidden"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

PROCRASTINATE_IMPORT_PATHS = ["safar.desk.intake.tasks"]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "records.Officer"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
]
# An officer has a second factor before anything else; the demonstration does without.
SECOND_FACTOR_REQUIRED = not DEMO
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # how long an invitation is good
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ALLAUTH_TRUSTED_PROXY_COUNT = number("SAFAR_PROXIES", 0)
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "safar.desk.sign_in.adapter.InvitedOnly"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "safar.desk.sign_in.adapter.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
MFA_TOTP_ISSUER = "Safar"
MFA_TOTP_TOLERANCE = 1  # telephones whose clock is off by half a minute
USERSESSIONS_TRACK_ACTIVITY = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "safar.desk.ui.errors.too_many"
AXES_CLIENT_IP_CALLABLE = "safar.desk.sign_in.adapter.client_ip"
AXES_USERNAME_CALLABLE = "safar.desk.sign_in.adapter.name_typed"
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]

SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "safar_session" if DEMO else "__Host-safar_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "safar_csrf" if DEMO else "__Host-safar_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "safar.desk.ui.errors.form_expired"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("SAFAR_BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [
    SOURCE / room / "static" for room in ("desk/ui", "desk/people", "desk/places", "atlas/map")
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_TEMP_DIR = None

USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Dushanbe"
LANGUAGE_CODE = "en"
LANGUAGES = [("tg", "Тоҷикӣ"), ("ky", "Кыргызча"), ("uz", "Oʻzbekcha"), ("ru", "Русский"), ("en", "English")]

# Triggers are put up after every migration, like the walls; in migrations they would be told twice and take 15 s.
PGTRIGGER_MIGRATIONS = False
PGTRIGGER_INSTALL_ON_MIGRATE = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()  # in the event itself, so that it is sealed with it

# Names, numbers and statements never reach a log: only what happened, where in the code, and to which kind of thing.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}, "axes": {"level": "ERROR"}},
}
