"""From a person's primary support reason and age to the client group that statements count them in."""

from __future__ import annotations

from typing import Final

from careshape.catalogue.book import Catalogue, catalogue
from careshape.catalogue.entries import UNKNOWN, SupportReason
from careshape.errors import CallError

MAX_AGE: Final = 130


def client_group_of(support_reason: str, age: int | None, book: Catalogue | None = None) -> str:
    """Client group of a person, from the primary support reason and the age in years.

    A reason with an age rule leads to another group from that age on: physical support means older people from 65.
    Where such a reason comes without an age, the group is unknown rather than guessed.

    Raises CallError where the reason is not in the catalogue or the age is impossible.
    """
    if age is not None and not 0 <= age <= MAX_AGE:
        raise CallError(f"An age of {age} years is not possible. Give whole years from 0 to {MAX_AGE}.")
    reason: SupportReason = (book or catalogue()).lists["support_reason"].entry(support_reason)
    if reason.older_from is None or reason.client_group_older is None:
        return reason.client_group
    if age is None:
        return UNKNOWN
    return reason.client_group_older if age >= reason.older_from else reason.client_group
