"""What a search names of the market: "Redditch supported living" leads to what is wanted there, filters set."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from careshape.catalogue import catalogue
from careshape.design.may_build import leaves
from careshape.evaluate.gap.directions import DIRECTIONS
from careshape.evaluate.gap.gap import Gap
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.statement.addresses import address
from careshape.statement.council import Council
from careshape.statement.design.kinds import kind_of
from careshape.statement.design.market import cells, choices, place_label, segments_of
from careshape.statement.labels import in_sentence, label_of
from careshape.statement.outlook.expected import heading
from careshape.statement.outlook.words import interval_of, size_of
from careshape.statement.search import Entry, Hit

_ASIDE: Final = (
    "a an and are at be build built by care can for gap here i in is it may more much near need needed needs of on "
    "people place places providers service services support the to wanted what where with"
)
"""Words that a search may hold beside what it names."""
_HOMES: Final = frozenset({"care-home", "nursing-home"})
_COMMON: Final = "a adults and for of older people the with working age services"
"""Words that tell no client group from another by themselves."""


@dataclass(frozen=True)
class Named:
    """What the words of a search name: a part of the market, perhaps for a client group and in a place.

    ``service`` is the service that was named, ``segment`` the part of the market that it belongs to, if any.
    """

    service: str = ""
    segment: Segment | None = None
    group: str = ""
    area: str = ""


def named(council: Council, words: list[str]) -> Named | None:
    """What words name; None where they name no part of the market and no place, or hold a word that is none of them."""
    services, groups, areas = choices(council)
    said = [_stem(one) for one in words]
    service, used = _longest(_service_names(council, services), said, "", in_order=True)
    left = set(said) - used
    area, used = _longest((one for one in areas if one[0] != council.slug), left)
    left -= used
    group, used = _longest(groups, left, _COMMON)
    left -= used | _stems(_ASIDE)
    if left or not (service or area):
        return None
    return Named(service, _segment(council, service, group), group, area)


def _segment(council: Council, service: str, group: str) -> Segment | None:
    """The part of the market that a service belongs to, of several the one for the client group."""
    found = [one for one in segments_of(council) if service in (*one.services, *one.service_ids())]
    mine = [one for one in found if group and any(_within(group, each) for each in one.client_groups)]
    return next(iter(mine or found), None)


def _within(group: str, whole: str) -> bool:
    return leaves("client_group", group) <= leaves("client_group", whole)


def with_leads(council: Council, asked: str, hits: Sequence[Hit]) -> list[Hit]:
    """What a search found, with the pages that answer for what it names: first of all where that is a place or people.

    A name of a service alone leads to its page in the statement first.
    """
    found = named(council, _words(asked))
    if found is None:
        return list(hits)
    ours = list(_leads(council, found))
    first = 0 if found.area or found.group else 1
    seen = {one.entry.href for one in ours}
    return [*hits[:first], *ours, *(one for one in hits[first:] if one.entry.href not in seen)]


def _lead(title: str, href: str, kind: str, said: str) -> Hit:
    return Hit(Entry(title, href, kind, ""), said)


def _leads(council: Council, one: Named) -> Iterator[Hit]:
    slug = council.slug
    where = f" in {place_label(one.area)}" if one.area else ""
    whom = f" for {in_sentence('client_group', label_of('client_group', one.group))}" if one.group else ""
    gap, area = _gap(council, one), _district(one.area)
    if one.segment is not None or not one.service:
        asked = {
            "segment": one.segment.label if one.segment else "",
            "client_group": label_of("client_group", gap.client_group) if gap and gap.client_group != ALL else "",
            "area": area,
        }
        what = f": {one.segment.name}" if one.segment else ""
        kept = {name: text for name, text in asked.items() if text}
        yield _lead(
            f"What is wanted here{what}{where}", f"{address(slug, 'opportunities')}?{urlencode(kept)}",
            "For providers", _said(gap),
        )  # fmt: skip
    if one.service:
        asked = {"service": one.service, "client_group": one.group, "area": one.area}
        kept = {name: text for name, text in asked.items() if text}
        service = in_sentence("service", label_of("service", one.service))
        href = f"{address(slug, 'may-i-build')}?{urlencode(kept)}"
        verb = "build" if kind_of(one.service) == "places" else "offer"
        yield _lead(f"May I {verb} {service}{whom}{where}?", href, "For providers", "An answer with its reasons.")
    if one.segment is not None and one.segment.id in _looked_at(council):
        href = address(slug, "outlook-segment", one.segment.id)
        if gap is not None and gap.area != ALL:
            href = address(slug, "outlook-reached", f"{gap.segment.id}/{gap.client_group}/{gap.area}")
        title = f"{heading(one.segment)}{where if gap is not None and gap.area != ALL else ''}: what is to come"
        yield _lead(title, href, "Outlook", "How much will be needed, and how that was reached.")
    if one.service:
        label = label_of("service", one.service)
        yield _lead(
            f"What the council means to do about {in_sentence('service', label)}",
            f"{address(slug, 'intentions')}?{urlencode({'service': label})}", "Intentions", "With dates.",
        )  # fmt: skip


def _looked_at(council: Council) -> set[str]:
    return {one.segment.id for one in cells(council)}


def _gap(council: Council, one: Named) -> Gap | None:
    """The gap that what was named is summed up by; None where that is of several client groups, or of none."""
    if one.segment is None:
        return None
    known = [
        each for each in cells(council)
        if each.segment.id == one.segment.id and council.ahead.in_years(each) == council.ahead.ahead
    ]  # fmt: skip
    here = [each for each in known if each.area == (one.area or ALL)] or [each for each in known if each.area == ALL]
    mine = [each for each in here if one.group and (each.client_group == ALL or _within(one.group, each.client_group))]
    fitting = mine or ([] if one.group else here)
    return fitting[0] if len(fitting) == 1 else None


def _said(gap: Gap | None) -> str:
    if gap is None:
        return ""
    return f"{DIRECTIONS[gap.decision.direction]}: {size_of(gap)} (80% interval {interval_of(gap)})."


def _district(area: str) -> str:
    """The label of a district; a zone is no choice of what is wanted."""
    found = catalogue().lists["district"].by_id.get(area)
    return found.label if found is not None else ""


def _service_names(council: Council, services: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The services that may be asked about by every name that they have, those of the market by its labels too."""
    known = catalogue().lists["service"].by_id
    for one in segments_of(council):
        yield one.services[0], one.label
    for id_, text in services:
        yield id_, text
        if id_ in known:
            yield from ((id_, alias) for alias in known[id_].aliases)
            if set(known[id_].settings or ()) & _HOMES:
                yield id_, f"{text.removesuffix(' care')} home"


def _longest(
    names: Iterable[tuple[str, str]], words: Collection[str], common: str = "", in_order: bool = False
) -> tuple[str, set[str]]:
    """The id of the name of most words that are all there, and these words.

    A name may leave ``common`` words out, unless it has no other. ``in_order``: its words must follow each other, since
    a care home is not home care.
    """
    best, used, said = "", set[str](), f" {' '.join(words)} "
    for id_, text in names:
        whole = _stems(text)
        least = (whole - _stems(common)) or whole
        there = f" {' '.join(map(_stem, _words(text)))} " in said if in_order else least <= set(words)
        if there and len(whole & set(words)) > len(used):
            best, used = id_, whole & set(words)
    return best, used


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _stems(text: str) -> set[str]:
    return {_stem(one) for one in _words(text)}


def _stem(word: str) -> str:
    """A word without the s of its plural: homes and home are one."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
