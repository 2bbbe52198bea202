"""The app of finding care."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class SourceConfig(AppConfig):
    """How care is found and arranged."""

    name = "careshape.source"
    label = "source"
    verbose_name = "Finding care"

    def ready(self) -> None:
        """Let an erasure ask whether care still runs, and the lists know of evidence as soon as it is recorded."""
        import_module("careshape.source.closing")
        post_save.connect(_evidence_changed, sender="providers.Evidence", dispatch_uid="source.evidence")


def _evidence_changed(instance: Any, **_: Any) -> None:
    import_module("careshape.source.lists.lapses").keep_up_soon(instance)
