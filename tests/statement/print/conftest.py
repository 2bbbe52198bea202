"""A document with everything that print knows, and what a reader of PDF files finds in one."""

from __future__ import annotations

import io

import pikepdf
import pytest

from careshape.statement.print.document import document_of
from careshape.statement.print.nodes import Document
from careshape.statement.print.typeset import Printed, typeset


@pytest.fixture(scope="session")
def document(council) -> Document:
    """The sample council's statement."""
    return document_of(council)


@pytest.fixture(scope="session")
def printed(document) -> Printed:
    """It, set once."""
    return typeset(document)


@pytest.fixture(scope="session")
def large(document) -> Printed:
    """It in large print."""
    return typeset(document, large=True)


def tagged(content: bytes, *kinds: str) -> list[dict[str, object]]:
    """The elements of these kinds in reading order: kind, scope, alternative text, words are not looked at."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return list(_walk(pdf.Root.StructTreeRoot, kinds))


def _walk(element, kinds):
    kids = element.get("/K")
    for kid in () if kids is None else kids if isinstance(kids, pikepdf.Array) else (kids,):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if str(kid.S)[1:] in kinds:
                yield {"kind": str(kid.S)[1:], "alt": str(kid.get("/Alt", "")), "scope": _scope(kid)}
            yield from _walk(kid, kinds)


def _scope(kid):
    given = kid.get("/A")
    for one in () if given is None else given if isinstance(given, pikepdf.Array) else (given,):
        if "/Scope" in one:
            return str(one.Scope)[1:]
    return ""
