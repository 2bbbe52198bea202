"""What programs give, read by the forms of the pages; and what cannot be done as things stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django import forms
from ninja import Schema
from ninja.errors import HttpError

from careshape.errors import CallError, InputError

Form = TypeVar("Form", bound=forms.Form)


def read(form: type[Form], given: Mapping[str, Any], **named: Any) -> Form:
    """What was given, as the form of the page reads it. Raises HttpError with what is wrong with which field."""
    made = form(data={name: value for name, value in given.items() if value is not None}, **named)
    if not made.is_valid():
        raise HttpError(422, "; ".join(f"{name}: {' '.join(said)}" for name, said in made.errors.items()))
    return made


def over(stands: Mapping[str, Any], asked: Schema) -> dict[str, Any]:
    """What was given, with what stands in place of what was left out."""
    return {**asked.model_dump(), **stands, **asked.model_dump(exclude_unset=True)}


@contextmanager
def as_things_stand() -> Iterator[None]:
    """Answer with 409 what cannot be done as things stand."""
    try:
        yield
    except (InputError, CallError) as error:
        raise HttpError(409, str(error)) from None
