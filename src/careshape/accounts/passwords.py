"""Passwords made of little more than what anybody would guess here: the product, the council, the work."""

from __future__ import annotations

import re
from typing import Final

from django.core.exceptions import ValidationError

from careshape.accounts.models import Council

WORDS: Final = (
    "careshape", "password", "council", "commissioner", "commissioning", "administrator", "admin", "analyst", "broker",
    "practitioner", "finance", "provider", "auditor", "social", "care", "adult", "market", "statement", "welcome",
)  # fmt: skip
"""Words that say nothing of their own in a password of this place; the names of the councils are added to them."""
LEAST: Final = 6
"""Characters, spaces not counted, that must be left once the words are taken out."""


class OwnWords:
    """Refuses a password of which little is left without the words that everybody here knows."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError where fewer than LEAST characters are left."""
        if len(without_words(password, council_words())) < LEAST:
            raise ValidationError(self.get_help_text(), code="password_own_words")

    def get_help_text(self) -> str:
        """What to do."""
        return "Your password needs more than the names of the council and of the work. Add words of your own."


def council_words() -> tuple[str, ...]:
    """The words of the names of the installation's councils."""
    names = Council.objects.values_list("slug", "name")
    return tuple({word for pair in names for part in pair for word in re.findall(r"[a-z]{4,}", part.casefold())})


def without_words(password: str, more: tuple[str, ...] = ()) -> str:
    """What is left of a password once the known words are taken out, the longest first, and the spaces."""
    left = password.casefold()
    for word in sorted({*WORDS, *more}, key=len, reverse=True):
        left = left.replace(word, " ")
    return "".join(left.split())
