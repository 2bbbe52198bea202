"""Messages that are to be sent: written with what they tell of, and gone when they are handed over."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone


class Message(models.Model):
    """One message that waits to be handed to the mail server."""

    reference = models.CharField(max_length=32, unique=True)
    """Names the message to the mail server, so that one that is handed over twice can be known for the same."""
    content = models.TextField()
    """Receiver, subject and text, encrypted: a message holds a link by which somebody comes in."""
    council = models.CharField(max_length=60, blank=True)
    """Slug of the council whose work sends it; empty where it is of no council."""
    written_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True, blank=True)
    """When somebody last began to hand it over."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=("written_at",), name="accounts_message_written")]

    def __str__(self) -> str:
        return f"Message {self.pk}"
