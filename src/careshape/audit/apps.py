"""The app of the audit log."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit log."""

    name = "careshape.audit"
    label = "audit"
    verbose_name = "Audit log"
