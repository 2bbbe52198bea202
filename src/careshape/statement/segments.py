"""The parts of a segment as every form of the statement shows them: the page, large print and the PDF."""

from __future__ import annotations

from django.template.loader import render_to_string

from careshape.statement.blocks import block_context
from careshape.statement.calls import Call
from careshape.statement.content import Segment
from careshape.statement.council import Council
from careshape.statement.slots import SLOTS
from careshape.statement.text import Part, parts


def segment_parts(council: Council, one: Segment) -> list[Part]:
    """The parts of a segment as HTML, rendered once for each state of the council."""
    kept = f"segment:{one.id}"
    with council.lock:
        if kept not in council.kept:
            council.kept[kept] = parts(council, one, lambda call, level: block_html(council, one, call, level))
        found: list[Part] = council.kept[kept]
        return found


def slot_html(council: Council, one: Segment, slot: str) -> str:
    """The HTML of one slot of a segment, without the tables and charts of the others; once for each state too."""
    kept = f"segment:{one.id}:{slot}"
    with council.lock:
        if kept not in council.kept:
            made = council.kept.get(f"segment:{one.id}") or parts(
                council, one, lambda call, level: block_html(council, one, call, level), only=SLOTS[slot]
            )
            council.kept[kept] = next((each.html for each in made if each.slot and each.slot.id == slot), "")
        found: str = council.kept[kept]
        return found


def block_html(council: Council, one: Segment, call: Call, level: str) -> str:
    """The HTML of what stands on a line of its own in a segment."""
    html = render_to_string("statement/block.html", block_context(council, call) | {"level": level})
    beside = any(found.call.name == "table" and found.call.first == call.first for found in one.found)
    if call.name == "chart" and not beside:
        # A chart never stands without its table.
        html += render_to_string("statement/block.html", block_context(council, Call("table", call.args)))
    return html
