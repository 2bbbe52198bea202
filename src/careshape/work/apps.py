"""The app of the place to work."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """The place to work."""

    name = "careshape.work"
    label = "work"
    verbose_name = "Place to work"
