"""The app of editions."""

from django.apps import AppConfig


class EditionsConfig(AppConfig):
    """Editions of statements."""

    name = "careshape.editions"
    label = "editions"
    verbose_name = "Editions"
