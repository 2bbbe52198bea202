"""What programs give, read by the forms of the pages; and what cannot be done as things stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, TypeVar

from django import forms
from django.db import models, transaction
from ninja import Schema
from ninja.errors import HttpError

from careshape.audit.change import lock_rows
from careshape.errors import CallError, CareshapeError, InputError
from careshape.reuse.bring import Faulty

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
def held(row: models.Model, *parents: models.Model) -> Iterator[None]:
    """Hold a row as it is until its change is made: what the change leaves out is read when nobody else can change it.

    Args:
        row: what is changed. It is read anew once it is held.
        parents: the rows that the change locks with it; where they stand for the row, it is not locked itself.
    """
    with transaction.atomic():
        lock_rows(parents or (row,))
        row.refresh_from_db()
        yield


class Unfit(HttpError):
    """What cannot be done, with each thing that is wrong and where it stands."""

    def __init__(self, status: int, error: CareshapeError) -> None:
        faults = error.found.faults if isinstance(error, Faulty) else getattr(error, "faults", ())
        self.faults = [asdict(one) for one in faults]
        super().__init__(status, str(error))


@contextmanager
def as_things_stand() -> Iterator[None]:
    """Answer with 409 what cannot be done as things stand."""
    try:
        yield
    except (InputError, CallError) as error:
        raise Unfit(409, error) from None


@contextmanager
def as_written() -> Iterator[None]:
    """Answer with 422 what is wrong with what was sent, and with 409 what cannot be done as things stand."""
    try:
        yield
    except InputError as error:
        raise Unfit(422, error) from None
    except CallError as error:
        raise Unfit(409, error) from None
