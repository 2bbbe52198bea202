"""Set a document as a tagged PDF: Typst makes it, then the headings of table rows are named as such.

The same document gives the same bytes: no clock is asked, no font of the machine is used, and nothing is fetched.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from careshape.errors import CareshapeError
from careshape.language import current, say
from careshape.statement.print.layout import PAGE, layout_of, listed
from careshape.statement.print.nodes import Document, Grid, Picture, as_data
from careshape.statement.print.tags import finish

LABELS: Final = {
    "page": "Page {page} of {pages}",
    "contents": "Contents",
    "sources": "Where these figures come from",
    "chart": "Chart:",
}
"""Words of the document's own."""
_FULL_WIDTH: Final = 640
"""Width of a drawing, in its own units, from which it fills the page."""
_SHARE: Final = 0.88
"""How much of the page's width such a drawing takes: its letters stay as large as a table's."""
_TALLEST: Final = 470
"""Height of a drawing in points, so that what leads to it fits on the same page."""
_FONT: Final = re.compile(r'font-family="[^"]*"')


@dataclass(frozen=True)
class Printed:
    """A statement as a file: its bytes, and how many pages it has."""

    content: bytes
    pages: int


def typeset(document: Document, large: bool = False) -> Printed:
    """Set a document as a tagged PDF, in large print where asked.

    Raises CareshapeError where it cannot be set, such as a picture without words, which is a fault of careshape.
    """
    import typst

    here = Path(str(files("careshape.statement.print")))
    given = json.dumps(_data(document, large), ensure_ascii=False)
    try:
        made = typst.compile(
            here / "template.typ", root=here, format="pdf", pdf_standards=["ua-1"], font_paths=[here / "fonts"],
            ignore_system_fonts=True, sys_inputs={"document": given, "large": "yes" if large else "no"},
        )  # fmt: skip
    except typst.TypstError as error:
        raise CareshapeError(f"The statement could not be set as a PDF: {error}") from error
    assert isinstance(made, bytes)
    shown = [grid for grid in document.grids if not layout_of(grid, large).as_list]
    content, pages = finish(io.BytesIO(made), shown)
    return Printed(content, pages)


def _data(document: Document, large: bool) -> dict[str, Any]:
    data: dict[str, Any] = as_data(document, lambda node: _further(node, large))
    deep = any(chapter.above for chapter in document.chapters)
    lang, _, region = current().tag.partition("-")
    told = {name: say(words) for name, words in LABELS.items()}
    return data | {"labels": told, "deep": deep, "lang": lang, "region": region}


def _further(node: object, large: bool) -> dict[str, Any]:
    """What the template has to know of a table or picture beside what it says."""
    if isinstance(node, Grid):
        layout = layout_of(node, large)
        return {**asdict(layout), "width": node.width, "listed": listed(node) if layout.as_list else []}
    if isinstance(node, Picture):
        size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)', node.svg)
        share = _SHARE * min(1.0, float(size[1]) / _FULL_WIDTH) if size else _SHARE
        if size:
            share = min(share, _TALLEST * float(size[1]) / float(size[2]) / PAGE[large])
        return {"svg": _FONT.sub('font-family="Open Sans"', node.svg), "share": share}
    return {}
