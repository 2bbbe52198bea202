"""The printed forms of a council's statements: the whole and each subject, in the usual print and in large print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from careshape.statement.addresses import address
from careshape.statement.council import Council
from careshape.statement.print.document import document_of, printable, the_subject
from careshape.statement.print.typeset import Printed, typeset

LARGE: Final = "-large-print"
MAIN: Final = "statement"


@dataclass(frozen=True)
class Form:
    """One printed form: the id of its subject (empty for the whole), and whether it is in large print."""

    subject: str = ""
    large: bool = False

    @property
    def file(self) -> str:
        """Its place below a council's pages, such as statements/carers-large-print.pdf."""
        name = f"statements/{self.subject}" if self.subject else MAIN
        return f"{name}{LARGE if self.large else ''}.pdf"

    def address(self, slug: str) -> str:
        """Its address."""
        return f"{address(slug, 'home')}{self.file}"


def forms(council: Council) -> list[Form]:
    """Every form in which a council's statements can be printed; none where it has no text."""
    if council.statement is None:
        return []
    subjects = ["", *(one.id for one in printable(council))]
    return [Form(name, large) for name in subjects for large in (False, True)]


def printed(council: Council, form: Form) -> Printed:
    """A form of a council's statement, set once for each state of the council.

    Raises CallError where the council has nothing to print in it.
    """
    name = f"print:{form.file}"
    with council.lock:
        if name not in council.kept:
            council.kept[name] = typeset(document_of(council, the_subject(council, form.subject)), form.large)
        found: Printed = council.kept[name]
        return found
