"""The app of reuse."""

from django.apps import AppConfig


class ReuseConfig(AppConfig):
    """Reuse of statements."""

    name = "careshape.reuse"
    label = "reuse"
    verbose_name = "Reuse"
