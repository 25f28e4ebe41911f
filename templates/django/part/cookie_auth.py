"""Cookie JWT authentication for a frontend on a sibling host.

Settings for dj-rest-auth, simplejwt with its deny list, allauth and cors-headers. At the end of your settings module:

    from . import cookie_auth

    cookie_auth.apply(globals())

What your settings say already wins, except where this cannot work otherwise; lists are added to, never replaced.
"""

import os
from datetime import timedelta
from importlib.util import find_spec

from django.core import checks

# `jwt-dev up` sets the first of each pair; a server sets the second, or neither.
FRONTEND_ORIGIN = os.environ.get("JWT_DEV_FRONTEND_URL") or os.environ.get("FRONTEND_ORIGIN", "https://example.com")
API_HOST = os.environ.get("API_HOST", "api.example.com")

# What is imported, and the distribution on PyPI that brings it.
PACKAGES = {
    "corsheaders": "django-cors-headers",
    "rest_framework": "djangorestframework",
    "rest_framework_simplejwt": "djangorestframework-simplejwt",
    "allauth": "django-allauth",
    "dj_rest_auth": "dj-rest-auth[with-social]",
}

APPS = [
    "corsheaders",
    "rest_framework",
    # All three, even without social login: allauth does not start otherwise.
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "dj_rest_auth",
    "dj_rest_auth.registration",
    # Rotated and logged-out refresh tokens are refused.
    "rest_framework_simplejwt.token_blacklist",
]


def apply(settings):
    """Adds to a settings module, given as its globals()."""
    # What is not installed is named by check_packages below; without its apps Django gets far enough to do so.
    add(settings, "INSTALLED_APPS", [app for app in APPS if is_installed(app.partition(".")[0])])
    add_middleware(settings)

    add(settings, "ALLOWED_HOSTS", [API_HOST])
    # Behind a TLS proxy: without it Django takes every request for http, and links in mails begin with http://.
    settings["SECURE_PROXY_SSL_HEADER"] = ("HTTP_X_FORWARDED_PROTO", "https")
    add(settings, "CSRF_TRUSTED_ORIGINS", [FRONTEND_ORIGIN])
    add(settings, "CORS_ALLOWED_ORIGINS", [FRONTEND_ORIGIN])
    # With an equals sign: `CORS_ALLOW_CREDENTIALS: True` is an annotation and does nothing.
    settings["CORS_ALLOW_CREDENTIALS"] = True
    # Registration sets both, and there is nothing but https here.
    settings.setdefault("SESSION_COOKIE_SECURE", True)
    settings.setdefault("CSRF_COOKIE_SECURE", True)

    add(
        settings,
        "AUTHENTICATION_BACKENDS",
        ["django.contrib.auth.backends.ModelBackend", "allauth.account.auth_backends.AuthenticationBackend"],
    )
    rest_framework = settings.setdefault("REST_FRAMEWORK", {})
    rest_framework.setdefault("DEFAULT_AUTHENTICATION_CLASSES", ["dj_rest_auth.jwt_auth.JWTCookieAuthentication"])
    settings["REST_AUTH"] = {
        "USE_JWT": True,
        # No rest_framework.authtoken app.
        "TOKEN_MODEL": None,
        # The default also sets a session cookie at log-in, which log-out of the JWT leaves alive.
        "SESSION_LOGIN": False,
        "JWT_AUTH_COOKIE": "jwt-access-token",
        "JWT_AUTH_REFRESH_COOKIE": "jwt-refresh-token",
        "JWT_AUTH_SECURE": True,
        "JWT_AUTH_HTTPONLY": True,
        "JWT_AUTH_SAMESITE": "Lax",
        **settings.get("REST_AUTH", {}),
    }
    settings["SIMPLE_JWT"] = {
        "ACCESS_TOKEN_LIFETIME": timedelta(seconds=int(os.environ.get("ACCESS_TOKEN_SECONDS", "300"))),
        "REFRESH_TOKEN_LIFETIME": timedelta(days=1),
        "ROTATE_REFRESH_TOKENS": True,
        "BLACKLIST_AFTER_ROTATION": True,
        **settings.get("SIMPLE_JWT", {}),
    }
    settings.setdefault("ACCOUNT_LOGIN_METHODS", {"username", "email"})
    settings.setdefault("ACCOUNT_SIGNUP_FIELDS", ["email", "username*", "password1*", "password2*"])
    settings.setdefault("ACCOUNT_EMAIL_VERIFICATION", "optional")
    # Links in mails lead to pages of the frontend.
    settings.setdefault("ACCOUNT_ADAPTER", f"{__package__}.cookie_auth_mail.AccountAdapter")
    settings["REST_AUTH"].setdefault(
        "PASSWORD_RESET_SERIALIZER", f"{__package__}.cookie_auth_mail.PasswordResetSerializer"
    )
    if settings.get("DEBUG"):
        settings.setdefault("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")


def is_installed(module):
    return find_spec(module) is not None


@checks.register
def check_packages(**_):
    """`manage.py check`, `runserver` and `migrate` say what is missing, and go no further."""
    requirements = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cookie_auth_requirements.txt")
    return [
        checks.Error(
            f"{name} is not installed.",
            hint=f"Run: python3 -m pip install -r {requirements}",
            id="cookie_auth.E001",
        )
        for module, name in PACKAGES.items()
        if not is_installed(module)
    ]


def add_middleware(settings):
    middleware = list(settings.get("MIDDLEWARE", []))
    cors = "corsheaders.middleware.CorsMiddleware"
    if cors not in middleware:
        # Before CommonMiddleware: a redirect that it answers needs the CORS headers too.
        common = "django.middleware.common.CommonMiddleware"
        middleware.insert(middleware.index(common) if common in middleware else 0, cors)
    account = "allauth.account.middleware.AccountMiddleware"
    if account not in middleware:
        middleware.append(account)
    settings["MIDDLEWARE"] = middleware


def add(settings, name, values):
    present = list(settings.get(name, []))
    settings[name] = present + [value for value in values if value not in present]
