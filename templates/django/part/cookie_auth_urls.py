"""Routes of the cookie JWT authentication. First in your urlpatterns:

    path("auth/", include("<your package>.cookie_auth_urls")),

The links in mails lead to pages of the frontend (cookie_auth_mail.py). Two of allauth's and dj-rest-auth's own pages are
named here all the same, for links that are made elsewhere.
"""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from .cookie_auth import FRONTEND_ORIGIN, is_installed


def frontend_page(pattern):
    # RedirectView fills a URL by %-formatting; the origin holds no percent sign.
    return RedirectView.as_view(url=FRONTEND_ORIGIN + pattern)


urlpatterns = [
    # Before the includes: the stock pages of these names are empty and answer 500 to the links in mails.
    re_path(
        r"^registration/account-confirm-email/(?P<key>[-:\w]+)/$",
        frontend_page("/account-confirm-email/%(key)s/"),
        name="account_confirm_email",
    ),
    # Must exist: without it a password reset answers 500 for known addresses, and so tells them from unknown ones.
    path(
        "password/reset/confirm/<uidb64>/<token>/",
        frontend_page("/password-reset/confirm/%(uidb64)s/%(token)s/"),
        name="password_reset_confirm",
    ),
]

# Missing packages are named by `manage.py check`.
if is_installed("dj_rest_auth"):
    urlpatterns += [
        path("", include("dj_rest_auth.urls")),
        path("registration/", include("dj_rest_auth.registration.urls")),
    ]
