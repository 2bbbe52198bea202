"""The app of the register of providers."""

from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    """The council's register of providers."""

    name = "careshape.providers"
    label = "providers"
    verbose_name = "Register of providers"
