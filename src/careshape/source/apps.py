"""The app of finding care."""

from importlib import import_module

from django.apps import AppConfig


class SourceConfig(AppConfig):
    """How care is found and arranged."""

    name = "careshape.source"
    label = "source"
    verbose_name = "Finding care"

    def ready(self) -> None:
        """Let an erasure ask whether care still runs."""
        import_module("careshape.source.closing")
