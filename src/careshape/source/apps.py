"""The app of finding care."""

from django.apps import AppConfig


class SourceConfig(AppConfig):
    """How care is found and arranged."""

    name = "careshape.source"
    label = "source"
    verbose_name = "Finding care"
