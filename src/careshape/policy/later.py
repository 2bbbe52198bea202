"""Answers that are written once their view is over: what takes time to write holds nothing that others wait for.

A view that reads personal data does so in one transaction with the event that tells of it, and SQLite lets one
transaction write at a time. What the view found is therefore gathered within it, and put into words afterwards.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.forms import BaseForm, ModelChoiceField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.template.response import SimpleTemplateResponse

log = logging.getLogger("careshape")


class Later(SimpleTemplateResponse):
    """An answer that is made after the view that gave it has ended, and its transaction with it.

    Django makes it, as it does every response that has a ``render``; where the view or its transaction fails there is
    none to make. To read the content before is refused.
    """

    def __init__(self, make: Callable[[], str | bytes], **more: Any) -> None:
        super().__init__(None, **more)
        self._make = make

    @property
    def rendered_content(self) -> Any:
        """What the answer says: text or bytes. It is made now."""
        with ExitStack() as watched:
            for connection in connections.all(initialized_only=True):
                watched.enter_context(connection.execute_wrapper(lambda *asked: asked_late(*asked)))
            return self._make()


def page_later(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> Later:
    """A page that is written after its view. What it shows is read now."""
    shown = dict(context)
    for value in shown.values():
        gather(value)
    return Later(lambda: render_to_string(template, shown, request), status=status)


def gather(value: Any) -> None:
    """Read now what would else be read when it is first shown: rows, and the choices of a form."""
    if isinstance(value, QuerySet):
        len(value)
    elif isinstance(value, BaseForm):
        for field in value.fields.values():
            if isinstance(field, ModelChoiceField):
                field.choices = list(field.choices)


def log_late(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]) -> Any:
    """Answer a question that is asked while an answer is written, outside the transaction of its view.

    It is a fault of ours, and no reason to show nobody anything: what was read is told of by then. Tests refuse it.
    """
    log.error("The database is asked while an answer is written, after its view: %s", sql.partition(" WHERE ")[0])
    return execute(sql, params, many, context)


asked_late: Callable[..., Any] = log_late
"""What meets a question that is asked late."""
