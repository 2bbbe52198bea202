"""The app of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "careshape.accounts"
    label = "accounts"
    verbose_name = "Accounts"
