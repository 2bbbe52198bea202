"""Anchors: heads of chains written down elsewhere, so that a tail that was cut afterwards shows.

A chain can tell of every change in it, and its sealed head of a cut tail; only a note kept elsewhere tells of a whole
database that was put back to an earlier day. An anchor is such a note: JSON with chain, number and digest of each head.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from careshape.audit.models import Event, Head
from careshape.audit.verify import Verdict
from careshape.errors import InputError

TITLE: Final = "careshape audit anchor"


def heads(chain: str | None = None) -> dict[str, dict[str, Any]]:
    """The head of each chain, or of one: number and digest."""
    found = Head.objects.order_by("chain")
    if chain is not None:
        found = found.filter(chain=chain)
    return {one.chain: {"number": one.number, "digest": one.digest} for one in found}


def head_line(chain: str) -> str:
    """The head of a chain as one line of text; empty where it has not begun."""
    one = Head.objects.filter(chain=chain).first()
    return f"{one.chain} {one.number} {one.digest}" if one else ""


def anchor_text(chain: str | None = None) -> str:
    """An anchor of all chains, or of one, as text for a file."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"title": TITLE, "at": at, "heads": heads(chain)}, indent=1) + "\n"


def read_anchor(text: str, name: str) -> Mapping[str, tuple[int, str]]:
    """The heads that an anchor holds: chain -> number and digest. Raises InputError for any other text."""
    try:
        content = json.loads(text)
        found = {str(chain): (int(one["number"]), str(one["digest"])) for chain, one in content["heads"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            f"{name} is no anchor of an audit log. `careshape audit anchor` writes one; name that file."
        ) from None
    return found


def held_to(verdicts: Sequence[Verdict], anchor: Mapping[str, tuple[int, str]]) -> list[Verdict]:
    """The verdicts, with what an anchor says besides: an event that stood at a head then must stand there now."""
    known = {one.chain: one for one in verdicts}
    missing = [
        Verdict(chain, 0, 0, "", broken=1, wrong="The anchor names it, and nothing of it is left.")
        for chain in anchor
        if chain not in known
    ]
    return [*(_held(one, anchor.get(one.chain)) for one in verdicts), *missing]


def _held(verdict: Verdict, kept: tuple[int, str] | None) -> Verdict:
    if kept is None or not verdict.whole or kept[0] == 0:
        return verdict
    number, digest = kept
    if number > verdict.number:
        wrong = f"The tail is cut: the anchor knows event {number:,}, and the head stands at {verdict.number:,}."
        return replace(verdict, broken=verdict.number + 1, wrong=wrong)
    if number <= verdict.retired:
        return verdict  # gone by its time of keeping; what came after follows from it
    stands = Event.objects.filter(chain=verdict.chain, number=number).values_list("digest", flat=True).first()
    if stands == digest:
        return verdict
    return replace(verdict, broken=number, wrong="It is another event than the one that the anchor knows.")
