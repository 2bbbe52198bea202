"""What the outlook says of what somebody would like to offer, and the answers that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from careshape.catalogue import catalogue
from careshape.design import Answer, Lacking, Question, may_build
from careshape.design.may_build import HOLD_BACK, OPEN, is_part, leaves
from careshape.evaluate.gap.gap import Gap
from careshape.evaluate.gap.segments import Segment as MarketSegment
from careshape.evaluate.gap.segments import packaged_segments
from careshape.evaluate.gap.supply import ALL
from careshape.statement.content import Segment
from careshape.statement.council import Council
from careshape.statement.labels import in_sentence, label_of
from careshape.statement.outlook.ahead import NotWorkedOutError
from careshape.statement.text import review_day


def segments_of(council: Council) -> tuple[MarketSegment, ...]:
    """The segments of the market that the council declares, else those that come with careshape."""
    return council.sources.segments or packaged_segments()


def cells(council: Council) -> tuple[Gap, ...]:
    """The gaps of the outlook; none where there is no outlook, or it has not been worked out yet."""
    try:
        made = council.ahead
    except NotWorkedOutError:
        return ()
    return () if made.problem else made.cells


def ended_of(council: Council) -> str:
    """That the records end long before the day of the statement, in a sentence or two; empty where they do not."""
    return council.ahead.ended if cells(council) else ""


def lacking_of(council: Council, question: Question) -> Lacking | None:
    """What is expected to be lacking of what is asked: the first year looked at that is not before the day asked for.

    Of the parts of the market that cover the service and the group, that for the fewest client groups is taken, which
    may be wider than what is asked, and says so; None where none covers it.
    """
    services = leaves("service", question.service)
    fitting = [one for one in cells(council) if services <= set(one.segment.service_ids()) and _fits(one, question)]
    area = question.area or ALL
    here = [one for one in fitting if one.area == area]
    whole = not here and area != ALL
    found = here or [one for one in fitting if one.area == ALL]
    if not found:
        return None
    smallest = min(found, key=_size)
    years = sorted(
        (one for one in found if (one.segment.id, one.client_group) == (smallest.segment.id, smallest.client_group)),
        key=lambda one: one.on,
    )
    usual = _usual(council, years)
    on = question.on or review_day(council)
    # Who names no day asks about the one that all is summed up by; where nothing was recorded for long, that is past.
    first = usual if question.on is None and usual.on >= on else None
    return lacking(first or next((one for one in years if one.on >= on), years[-1]), whole, question)


def _size(one: Gap) -> int:
    return (
        len(leaves("client_group", one.client_group))
        if one.client_group != ALL
        else len(catalogue().lists["client_group"].by_id)
    )


def _usual(council: Council, years: Sequence[Gap]) -> Gap:
    """The year by which a segment is summed up."""
    ahead = council.ahead.ahead
    return next((one for one in years if council.ahead.in_years(one) == ahead), years[-1])


def _fits(one: Gap, question: Question) -> bool:
    if one.client_group == ALL or one.client_group == question.client_group:
        return True
    if question.client_group == ALL:
        # A part of the market that is planned for a single group is all of it.
        return len(one.segment.client_groups) == 1
    return leaves("client_group", question.client_group) <= leaves("client_group", one.client_group)


def lacking(one: Gap, whole: bool = False, question: Question | None = None) -> Lacking:
    """What a gap says is lacking, as the answer to a question rests on it."""
    limits = one.gap.limits()
    return Lacking(
        one.segment.id, one.client_group, one.area, one.on, one.unit, one.gap.mean,
        limits["lower_80"], limits["upper_80"], one.decision.direction, one.sentence(), whole, one.decision.cites,
        _wider(one, question) if question else "",
        not (question and (is_part("service", question.service) or is_part("client_group", question.client_group))),
    )  # fmt: skip


def _wider(one: Gap, question: Question) -> str:
    """That a gap is of more than what was asked about, in a sentence; empty where it is not."""
    parts = []
    if is_part("service", question.service) or leaves("service", question.service) < set(one.segment.service_ids()):
        parts.append(_said("service", question.service))
    if _is_wider(one.client_group, question.client_group):
        parts.append(f"for {_said('client_group', question.client_group)}")
    if not parts:
        return ""
    group = "" if one.client_group == ALL else f" for {_said('client_group', one.client_group)}"
    return f"This is the need of all {one.segment.name}{group}. How much of it is {' '.join(parts)} is not known."


def _said(list_name: str, id_: str) -> str:
    return in_sentence(list_name, label_of(list_name, id_))


def _is_wider(given: str, asked: str) -> bool:
    """Whether a gap of one client group is of more people than another that was asked about."""
    if asked == ALL or given == asked:
        return False
    if given == ALL or is_part("client_group", asked):
        return True
    return leaves("client_group", asked) < leaves("client_group", given)


def answer(council: Council, question: Question) -> Answer:
    """May it be built: the answer of a council. Who names no day asks by the day with which dates are compared."""
    asked = question if question.on is not None else replace(question, on=review_day(council))
    return may_build(asked, council.decided.intentions, lacking_of(council, question))


def questions(council: Council) -> list[Question]:
    """What the council can answer at all: each part of the market, and what its intentions say is wanted or not."""
    found = [Question(service, group) for one in segments_of(council) for service in one.services
             for group in one.client_groups or (ALL,)]  # fmt: skip
    deciding = ("do-not-develop", *HOLD_BACK, *OPEN)
    found += [
        Question(one.service, one.client_group) for one in council.decided.intentions
        if one.direction in deciding and not one.dropped and one.says_how_much
    ]  # fmt: skip
    return list(dict.fromkeys(found))


def choices(council: Council) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
    """The services, client groups and areas that somebody may choose from, each with its label, by label."""
    lists = catalogue().lists
    services = {one.service for one in council.decided.intentions if one.says_how_much}
    services |= {id_ for one in segments_of(council) for id_ in (*one.services, *one.service_ids())}
    groups = {one.client_group for one in council.decided.intentions}
    groups |= {id_ for one in segments_of(council) for id_ in one.client_groups}
    groups |= {*lists["client_group"].by_id, *lists["cohort"].by_id} - {"unknown"}
    areas = [
        (one.id, one.label)
        for name in ("district", "zone")
        for one in sorted(lists[name].entries, key=lambda one: one.label)
        if getattr(one, "authority", None) == council.slug
    ]
    return _labelled("service", services), _labelled("client_group", groups - {ALL}), areas


def place_label(id_: str) -> str:
    """A district or zone as a reader says it."""
    lists = catalogue().lists
    return lists["zone" if id_ in lists["zone"].by_id else "district"].label(id_)


def _labelled(name: str, ids: Sequence[str] | set[str]) -> list[tuple[str, str]]:
    return sorted(((one, label_of(name, one)) for one in ids), key=lambda pair: pair[1].casefold())


@dataclass(frozen=True)
class Page:
    """The page of the statement about a part of the market, and the post to ask."""

    segment: Segment | None
    post: str


def page_of(council: Council, services: Sequence[str], market: str = "") -> Page:
    """The page that quotes the outlook of a part of the market, else the first that is about one of its services."""
    pages = [one for one in council.statement.segments.values() if one.kind == "segment"] if council.statement else []
    quoting = [one for one in pages if market and _quotes(one, market)]
    about = [one for one in pages if set(one.services) & set(services)]
    found = next(iter((*quoting, *about)), None)
    return Page(found, _post(council, found))


def _quotes(one: Segment, market: str) -> bool:
    return any(each.call.name in ("outlook", "gap_table") and each.call.first == market for each in one.found)


def _post(council: Council, segment: Segment | None) -> str:
    """The post that keeps what is open to providers; else the one that keeps every slot."""
    if segment is not None:
        return next((slot.owner for slot in segment.slots if slot.id == "opportunities"), "")
    rules = council.statement.rules if council.statement else None
    return (rules.every.owner or "") if rules else ""


def day_of_question(text: str) -> date | None:
    """A day, or a year as its first day; None for nothing. Raises ValueError for anything else."""
    if not text:
        return None
    return date(int(text), 1, 1) if text.isascii() and text.isdigit() and len(text) == 4 else date.fromisoformat(text)
