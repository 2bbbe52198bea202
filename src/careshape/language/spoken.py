"""Languages: their words, months and separators; which one is spoken; and phrases of the code in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from careshape.declared import declared, read_toml
from careshape.errors import InputError

TAG: Final = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
_PLACES: Final = re.compile(r"\{\w+\}")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Language(BaseModel):
    """What pages are written in.

    Attributes:
        tag: as HTML names it (BCP 47), such as cy.
        name: its name in itself.
        direction: ltr, or rtl.
        months: the names of the months, January first.
        thousands, point: what stands between thousands, and before decimals.
        messages: English text of templates and phrases -> the same in this language. Places of values are {0}, {1} in
            templates and names in phrases; they may stand in another order.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tag: Annotated[str, Field(pattern=f"^{TAG}$")]
    name: str
    direction: Annotated[str, Field(pattern="^(ltr|rtl)$")] = "ltr"
    months: Annotated[tuple[str, ...], Field(min_length=12, max_length=12)] = _MONTHS
    thousands: str = ","
    point: str = "."
    messages: Mapping[str, str] = {}

    @field_validator("messages")
    @classmethod
    def _plain(cls, given: Mapping[str, str]) -> Mapping[str, str]:
        """Refuse what would be markup or a programme of a template, and what loses a value."""
        for text, said in given.items():
            wrong = next((one for one in ("<", '"', "{{", "{%", "{#") if one in said and one not in text), "")
            if wrong:
                raise ValueError(f"The words for '{text}' hold {wrong}, which words cannot.")
            if sorted(_PLACES.findall(text)) != sorted(_PLACES.findall(said)):
                raise ValueError(f"The words for '{text}' must hold each of its values once, such as {{0}}.")
        return given

    @cached_property
    def mark(self) -> str:
        """What names these words: another where one of them is another."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def number(self, written: str) -> str:
        """A number as English writes it, with this language's separators."""
        if (self.thousands, self.point) == (",", "."):
            return written
        return "".join({",": self.thousands, ".": self.point}.get(char, char) for char in written)

    def of(self, text: str) -> str:
        """A message in this language; as it is where nobody has translated it yet."""
        return self.messages.get(text, text)


ENGLISH: Final = Language(tag="en-GB", name="English")
_spoken: Language = ENGLISH


def current() -> Language:
    """The language that pages are written in."""
    return _spoken


def choose(language: Language) -> None:
    """Speak a language from now on, in the whole process: pages are kept from reader to reader."""
    global _spoken
    _spoken = language


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak a language for the time being."""
    before = _spoken
    choose(language)
    try:
        yield
    finally:
        choose(before)


def say(text: str, **values: object) -> str:
    """A phrase of the code in the language that is spoken, with its values put in."""
    return _spoken.of(text).format(**values) if values else _spoken.of(text)


def numeral(written: str) -> str:
    """A number as English writes it, with the separators of the language that is spoken."""
    return _spoken.number(written)


def month_of(day: date) -> str:
    """The month of a day: March 2021."""
    return f"{_spoken.months[day.month - 1]} {day.year}"


def day_of(day: date) -> str:
    """31 March 2021."""
    return f"{day.day} {month_of(day)}"


def spoken(value: object) -> object:
    """A value of a page in the language that is spoken, where it is plain words that are a message; else as it is."""
    return _spoken.of(value) if type(value) is str else value


def read_language(folder: Path, tag: str) -> Language:
    """A language by its file, ``languages/<tag>.toml`` in the data folder; English needs none.

    Raises InputError where there is no such file, and CatalogueError where it is no language.
    """
    if tag == ENGLISH.tag:
        return ENGLISH
    if not re.fullmatch(TAG, tag):
        raise InputError(f"site.language is '{tag}'. It must be the tag of a language, such as en-GB or cy.")
    file = folder / "languages" / f"{tag}.toml"
    try:
        text = file.read_text("utf-8")
    except OSError:
        raise InputError(
            f"There are no words of the language '{tag}': {file} is not there. Put it there, or set site.language to "
            f"{ENGLISH.tag}."
        ) from None
    return declared(Language, read_toml(text, file.name), file.name, "language")
