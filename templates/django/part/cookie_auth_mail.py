"""The links in mails: pages of the frontend, which send what is in the link to the API."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from dj_rest_auth.serializers import PasswordResetSerializer as StockPasswordResetSerializer

from .cookie_auth import FRONTEND_ORIGIN


class AccountAdapter(DefaultAccountAdapter):
    def get_email_confirmation_url(self, request, emailconfirmation):
        return f"{FRONTEND_ORIGIN}/account-confirm-email/{emailconfirmation.key}/"


def password_reset_url(request, user, temp_key):
    return f"{FRONTEND_ORIGIN}/password-reset/confirm/{user_pk_to_url_str(user)}/{temp_key}/"


class PasswordResetSerializer(StockPasswordResetSerializer):
    def get_email_options(self):
        return {"url_generator": password_reset_url}
