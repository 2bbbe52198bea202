"""Acts of the product done as if on a day of the past."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Model
from django.db.models.signals import pre_save
from django.utils import timezone


@contextmanager
def as_if(moment: datetime) -> Iterator[None]:
    """Let what is done within take place at a moment: what asks for the time, and the columns that keep it.

    For a process that does nothing else meanwhile. The audit log keeps the time at which it was done in truth.
    """
    clock: Any = timezone
    real = clock.now

    def dated(sender: type[Model], instance: Model, **_: Any) -> None:
        if not instance._state.adding:
            return
        for one in instance._meta.concrete_fields:
            if isinstance(one, DateTimeField) and one.default is real:
                setattr(instance, one.attname, moment)

    clock.now = lambda: moment
    pre_save.connect(dated, weak=False, dispatch_uid=as_if)
    try:
        yield
    finally:
        pre_save.disconnect(dispatch_uid=as_if)
        clock.now = real
