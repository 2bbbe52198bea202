"""What the rules say of releasing an edition, for the pages on which it is done."""

from __future__ import annotations

from typing import Any, Final

from careshape.audit.change import named
from careshape.editions import ruled
from careshape.editions.models import Edition, State
from careshape.editions.ruled import ACT
from careshape.source.judged import judging
from careshape.work.care.judged import aside_of, judged
from careshape.work.desk import Desk

HOME: Final = "/work/editions/"


def said_of(desk: Desk, row: Edition) -> dict[str, Any]:
    """What a page of an edition on its way shows: findings, what is asked, and what was set aside; else nothing."""
    if State(row.state) not in (State.PREPARED, State.AGREED):
        return {"said": None, "aside": [], "say": ""}
    found, here = ruled.findings(row), f"{HOME}{row.number}/"
    said = judged(desk, found, row.prepared_by_id, f"{here}set-aside/{{rule}}/")
    asked = bool(said["to_say"] or judging.said(row)) and desk.may(ACT)
    return {
        "said": said, "say": f"{here}say/" if asked else "",
        "aside": aside_of(row.council, ruled.RELEASE, named(row), found),
    }  # fmt: skip
