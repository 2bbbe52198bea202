"""The app of background work."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """Background work."""

    name = "careshape.jobs"
    label = "jobs"
    verbose_name = "Background work"

    def ready(self) -> None:
        """Let every room register what it can do, and workers know what recurs."""
        autodiscover_modules("background", "schedule")
