"""The tags of a PDF as Typst leaves them, finished: the cells that head a row are named so.

Typst 0.15 names the headings of columns; naming those of rows needs a switch that its Python package does not offer.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

from careshape.errors import CareshapeError
from careshape.statement.print.nodes import Grid


def finish(made: io.BytesIO, grids: Sequence[Grid]) -> tuple[bytes, int]:
    """Name the cells that head rows, and give the file's bytes and pages; the same input gives the same bytes.

    Raises CareshapeError where the tables of the file are not those that were set: nothing is tagged by guess.
    """
    with pikepdf.open(made) as pdf:
        tables = list(_tagged(pdf.Root.StructTreeRoot, "/Table"))
        if len(tables) != len(grids):
            raise CareshapeError(f"The PDF has {len(tables)} tables, and {len(grids)} were set.")
        for table, grid in zip(tables, grids, strict=True):
            _name_rows(pdf, table, grid)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue(), len(pdf.pages)


def _name_rows(pdf: pikepdf.Pdf, table: Any, grid: Grid) -> None:
    rows = [row for row in _tagged(table, "/TR") if not any(_tagged(row, "/TH"))]
    if len(rows) != len(grid.rows):
        raise CareshapeError(
            f"The table '{grid.title}' has {len(rows)} rows in the PDF, and {len(grid.rows)} were set."
        )
    for row, set_row in zip(rows, grid.rows, strict=True):
        for cell, set_cell in zip(_tagged(row, "/TD"), set_row.cells, strict=True):
            if set_cell.head:
                cell.S = pikepdf.Name.TH
                _scope(pdf, cell)


def _scope(pdf: pikepdf.Pdf, cell: Any) -> None:
    """Say that a cell heads its row, beside what is said already of the rows and columns that it reaches over."""
    given = cell.get("/A")
    said = [] if given is None else list(given) if isinstance(given, pikepdf.Array) else [given]
    for one in said:
        if one.get("/O") == "/Table":
            one.Scope = pikepdf.Name.Row
            return
    made = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
    cell.A = pikepdf.Array([*said, made]) if said else made


def _tagged(element: Any, kind: str) -> Iterator[Any]:
    """The elements of a kind below another, in reading order; not what is inside one of them."""
    kids = element.get("/K")
    for kid in () if kids is None else kids if isinstance(kids, pikepdf.Array) else (kids,):
        if not isinstance(kid, pikepdf.Dictionary) or "/S" not in kid:
            continue
        if kind == kid.S:
            yield kid
        else:
            yield from _tagged(kid, kind)
