"""The app of readers."""

from django.apps import AppConfig


class ReadersConfig(AppConfig):
    """Those who read a statement, follow it and comment on it."""

    name = "careshape.readers"
    label = "readers"
    verbose_name = "Readers"
