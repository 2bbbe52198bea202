"""The app of privacy."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Privacy."""

    name = "careshape.privacy"
    label = "privacy"
    verbose_name = "Privacy"
