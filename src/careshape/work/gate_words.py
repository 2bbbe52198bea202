"""What the gate found, in sentences: its counts, each said with the one that it is a part of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def counted(report: Mapping[str, Any], reasons: Mapping[str, Any]) -> str:
    """How many figures there are, how many of them read "suppressed", and how many are kept back beside those."""
    suppressed, elsewhere = report["suppressed"], report["printed_elsewhere"]
    said = (
        f"The gate looked at {report['figures']:,} figures: those that are printed, and those that follow from them. "
    )
    if not suppressed:
        return f"{said}None of them reads “suppressed”."
    said += f"Of these, {suppressed:,} {'reads' if suppressed == 1 else 'read'} “suppressed”"
    if elsewhere:
        said += f" ({elsewhere:,} of them though another document has printed {'it' if elsewhere == 1 else 'them'})"
    behind = len(reasons.get("why", ())) - suppressed
    if behind > 0:
        what = "1 that is not printed is" if behind == 1 else f"{behind:,} that are not printed, such as rests, are"
        said += f", and {what} kept back with them: {suppressed + behind:,} in all"
    return f"{said}."


def kept_back(reasons: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Why figures were kept back: each reason with its figures in words, or by id where the edition kept none."""
    named = reasons.get("named", {})
    found: dict[str, list[str]] = {}
    for id_, why in reasons.get("why", {}).items():
        found.setdefault(why, []).append(named.get(id_, id_))
    return [(why, sorted(found[why])) for why in sorted(found)]


def attacked(report: Mapping[str, Any]) -> str:
    """What the attacker tried, and how it went."""
    many = report["attacked"]
    if not many:
        return "No figure needs to be protected by the rule, so that the attacker had nothing to work out."
    tried = (
        f"The rule protects {many:,} {'figure' if many == 1 else 'figures'}, suppressed or rounded, and the attacker "
    )
    tried += "tried to work out each of them from all that readers have. "
    return tried + (
        f"It worked out {_number(report['exact'])}, came near to {_number(report['narrow'])}, and placed "
        f"{_number(report['located'])} of the changes since an earlier edition."
    )


def _number(many: int) -> str:
    return f"{many:,}" if many else "none"
