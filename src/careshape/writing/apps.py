"""The app of writing."""

from django.apps import AppConfig


class WritingConfig(AppConfig):
    """Versions of what a council writes."""

    name = "careshape.writing"
    label = "writing"
    verbose_name = "Writing"
