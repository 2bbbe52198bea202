"""How the rules were kept: of acts that went ahead, what was met, set aside and breached, counted against nought."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings

from careshape.disclosure.rule import default_rule
from careshape.home import Home
from careshape.rules.entries import Rule, rules
from careshape.rules.override import Count, Recorded, breaches
from careshape.source.models import Judged

HIDDEN: Final = "suppressed"
"""What stands in place of a small number where the counts are published."""


@dataclass(frozen=True)
class Row:
    """How a rule was kept in a month by a role.

    Attributes:
        rule: its id. number, title: as the statements have it.
        month: as 2027-03; '' for all.
        role: who did the acts; '' for all.
        acts: acts that went ahead and that the rule is about.
        met: those that met it.
        set_aside: those for which it was set aside.
        breached: those that went ahead against it without that.
        unknown: those of which it is not known, where that bars nobody.
    """

    rule: str
    number: int
    title: str
    month: str
    role: str
    acts: int
    met: int
    set_aside: int
    breached: int
    unknown: int = 0

    @property
    def not_kept(self) -> int:
        """How often it was not kept. The target is none."""
        return self.set_aside + self.breached


def kept_by(council: str, since: date | None = None, until: date | None = None) -> list[Row]:
    """How each gate and prompt was kept by month and role, the latest month first; since and until are inclusive."""
    found: dict[tuple[str, str], list[Recorded]] = {}
    for one in _judged(council, since, until):
        found.setdefault((f"{one.on:%Y-%m}", one.role), []).extend(_recorded(one))
    by_id = _rules(council)
    made = [
        _row(count, by_id, month, role)
        for (month, role), recorded in found.items()
        for count in breaches(recorded, by_id)
        if count.judged
    ]
    return sorted(made, key=lambda row: (-int(row.month.replace("-", "")), row.number, row.rule, row.role))


def kept_in_all(council: str, since: date | None = None, until: date | None = None) -> list[Row]:
    """How each gate and prompt was kept, all months and roles together; rules that judged nothing count nought."""
    recorded = [one for row in _judged(council, since, until) for one in _recorded(row)]
    by_id = _rules(council)
    today_ = until or date.max
    return [
        _row(one, by_id, "", "")
        for one in breaches(recorded, by_id)
        if one.judged or (not by_id[one.rule].awaits and _binds(by_id[one.rule], council, today_))
    ]


def published(rows: Iterable[Row]) -> list[dict[str, int | str]]:
    """The counts as they may be published: small ones are suppressed, and with them whatever would tell them.

    The lowest count that is shown is that of the rule by which statements are published. Each row stands alone: no
    total of several is given, and where one part of a row is small, none of its parts is shown.
    """
    least = default_rule().threshold
    made = []
    for row in rows:
        parts = {
            "acts": row.acts,
            "met": row.met,
            "set_aside": row.set_aside,
            "breached": row.breached,
            "unknown": row.unknown,
        }
        small = any(0 < count < least for count in parts.values())
        shown = {name: HIDDEN if small else count for name, count in parts.items()}
        made.append({"rule": row.rule, "number": row.number, "title": row.title, **shown, "target": 0})
    return made


def _judged(council: str, since: date | None, until: date | None) -> Iterable[Judged]:
    found = Judged.objects.filter(council=council).only("on", "role", "found")
    if since is not None:
        found = found.filter(on__gte=since)
    if until is not None:
        found = found.filter(on__lte=until)
    return found.iterator()


def _recorded(one: Judged) -> list[Recorded]:
    return [
        Recorded(each["rule"], each["state"], each["overridden"], True, each.get("passed", False))
        for each in json.loads(one.found)
    ]


def _rules(council: str) -> dict[str, Rule]:
    return rules(council, Home(settings.CARESHAPE_DIR).council_path(council))


def _binds(rule: Rule, council: str, on: date) -> bool:
    return not rule.councils or council in rule.councils


def _row(one: Count, by_id: dict[str, Rule], month: str, role: str) -> Row:
    title = by_id[one.rule].title
    return Row(one.rule, one.number, title, month, role, one.judged, one.met, one.overridden, one.breaches, one.unknown)
