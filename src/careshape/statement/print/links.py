"""The links to printed forms, with how long and how large each file is, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from careshape.language import say
from careshape.statement.council import Council
from careshape.statement.print.forms import Form, forms, printed
from careshape.statement.print.kept import find


@dataclass(frozen=True)
class PrintLink:
    """A link to a printed form; ``size`` is empty where it has not been made yet."""

    href: str
    large: bool
    size: str


def print_links(council: Council, fixed: bool, subject: str = "") -> list[PrintLink]:
    """The printed forms of a council's whole statement, or of one subject; none where it has nothing to print.

    ``fixed`` says that the page stays as it is made: then its files are made with it.
    """
    return [
        PrintLink(form.address(council.slug), form.large, _size(council, form, fixed))
        for form in forms(council)
        if form.subject == subject
    ]


def _size(council: Council, form: Form, fixed: bool) -> str:
    if fixed:
        made = printed(council, form)
        return in_words(made.pages, len(made.content))
    kept = find(settings.CARESHAPE_DIR, council.slug, form)
    return in_words(kept.pages, kept.bytes) if kept else ""


def in_words(pages: int, size: int) -> str:
    """How long and how large a file is: 94 pages, 460 KB."""
    amount = f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} KB"
    return say("{pages} page, {size}" if pages == 1 else "{pages} pages, {size}", pages=pages, size=amount)
