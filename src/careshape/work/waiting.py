"""What waits for a person: one function a question, each of which answers with a count and what is said more."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.utils import timezone

from careshape.accounts.models import Invitation, Membership
from careshape.audit.models import Event, Head
from careshape.errors import CareshapeError
from careshape.ledger.posting import Posting, uk_day
from careshape.ledger.readers import reader
from careshape.statement.content import PARTS, Segment
from careshape.statement.formatting import day, money_week
from careshape.work.desk import Desk
from careshape.work.models import Import
from careshape.work.registers import entries, known_of

STALE_DAYS: Final = 92
"""Days after which records of a kind are told to be old: a quarter, by which the national returns are made."""
_NAMED: Final = 3
"""Names that a card gives before it says how many more there are."""


@dataclass(frozen=True)
class Found:
    """What a query found."""

    count: int
    said: str = ""
    waiting: bool = True
    """Whether what is counted waits for somebody to act."""

    @property
    def waits(self) -> bool:
        """Whether something waits."""
        return self.waiting and self.count > 0


def imports_to_post(desk: Desk) -> Found:
    """Files that were checked and wait to be posted."""
    return Found(Import.objects.reached(desk.principal, "work.import").filter(state="checked").count())


def imports_stopped(desk: Desk) -> Found:
    """Files that a fault of ours stopped."""
    return Found(Import.objects.reached(desk.principal, "work.import").filter(state="failed").count())


def rows_to_mend(desk: Desk) -> Found:
    """Rows that the latest file of each kind had refused."""
    faulty = [one for one in latest(desk.postings).values() if one.counts.get("refused")]
    said = "; ".join(f"posting {one.number}, {one.counts['refused']:,}" for one in faulty)
    return Found(sum(one.counts["refused"] for one in faulty), said and f"They came with {said}.")


def stale_records(desk: Desk) -> Found:
    """Kinds of records whose latest file came longer ago than a quarter."""
    if not desk.postings:
        return Found(1, "No records have been imported yet.")
    found = latest(desk.postings)
    old = [one for one in found.values() if (today() - one.day).days > STALE_DAYS]
    told = "; ".join(f"{reader(one.kind).title} came on {day(one.day)}" for one in old)
    return Found(len(old), told and f"{told}.")


def providers_without_names(desk: Desk) -> Found:
    """Providers that the records name by a reference alone; settings have no names in any kind of file."""
    if desk.council is None:
        return Found(0)
    providers, settings = entries(desk.council, "providers"), entries(desk.council, "settings")
    nameless = [one for one in providers if one.name == one.reference]
    return Found(len(nameless), f"There are {len(providers):,} providers and {len(settings):,} settings.")


def empty_parts(desk: Desk) -> Found:
    """Parts of the statement under whose heading nothing is written."""
    written = desk.council.written if desk.council else None
    if written is None:
        why = desk.council.content_problem if desk.council else "there are no records of this council here."
        return Found(1, f"{why[:1].lower()}{why[1:]}")
    empty = [
        f"{one.title}, “{part}”" for one in written.segments.values() if one.kind == "segment" for part in _empty(one)
    ]
    return Found(len(empty), _list(empty))


def unknown_figures(desk: Desk) -> Found:
    """Figures of the statement that cannot be computed."""
    if desk.council is None or desk.council.written is None:
        return Found(0)
    desk.council.warm()
    unknown = [one.expression for one in desk.council.book.computed() if one.problem]
    return Found(len(unknown), _list(unknown))


def open_care(desk: Desk) -> Found:
    """People with care on the last day of the records, and what it costs a week."""
    if desk.council is None or desk.council.sources.context is None:
        return Found(0, "No records have been imported yet.", waiting=False)
    try:
        people = desk.council.book.result("people_supported")
        cost = desk.council.book.result("weekly_cost")
    except CareshapeError as error:
        return Found(0, str(error), waiting=False)
    said = f"It costs {money_week(cost.value or 0)}. Counted on {day(people.periods[-1].end)}."
    return Found(int(people.value or 0), said, waiting=False)


def open_invitations(desk: Desk) -> Found:
    """Invitations that nobody has taken up, and that still can be."""
    still = Invitation.objects.reached(desk.principal, "accounts.read")
    return Found(
        still.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now()).count()
    )


def people_with_access(desk: Desk) -> Found:
    """Accounts that are members of the council."""
    members = Membership.objects.reached(desk.principal, "accounts.read").filter(ended_at__isnull=True)
    return Found(members.values("account").distinct().count(), waiting=False)


def jobs_failed(desk: Desk) -> Found:
    """Background work that did not end well."""
    from careshape.jobs.models import Job

    return Found(Job.objects.reached(desk.principal, "jobs.read").filter(state__in=("failed", "given-up")).count())


def jobs_running(desk: Desk) -> Found:
    """Background work that waits or is under way."""
    from careshape.jobs.models import Job

    found = Job.objects.reached(desk.principal, "jobs.read").filter(state__in=("queued", "running")).count()
    return Found(found, waiting=False)


def events_to_verify(desk: Desk) -> Found:
    """Events of the council's log after the last one that told of a verification."""
    head = Head.objects.filter(chain=desk.principal.council).first()
    events = Event.objects.reached(desk.principal, "audit.read").filter(
        act="audit.verify", outcome__in=("done", "read")
    )
    last = events.order_by("-number").first()
    said = (
        f"It was last verified on {day(uk_day(datetime.fromisoformat(last.at)))}."
        if last
        else "It was not verified yet."
    )
    return Found(max(0, (head.number if head else 0) - (last.number if last else 0)), said)


def refusals(desk: Desk) -> Found:
    """Attempts that were refused in the last quarter."""
    since = (datetime.now(UTC) - timedelta(days=STALE_DAYS)).isoformat(timespec="microseconds")
    events = Event.objects.reached(desk.principal, "audit.read").filter(outcome="refused", at__gte=since)
    return Found(events.count(), waiting=False)


def own_organisation(desk: Desk) -> Found:
    """What the council's records know of the reader's own organisation."""
    organisation = desk.organisation
    if organisation is None:
        return Found(0, "Your organisation is not known here.")
    known = known_of(desk.council, organisation)
    if known is None:
        return Found(0, f"{organisation.name}: the council's records name no care that you provide.", waiting=False)
    return Found(0, f"{organisation.name}: {known.said}", waiting=False)


QUERIES: Final[dict[str, Callable[[Desk], Found]]] = {
    query.__name__: query
    for query in (
        imports_to_post, imports_stopped, rows_to_mend, stale_records, providers_without_names, empty_parts,
        unknown_figures, open_care, open_invitations, people_with_access, jobs_failed, jobs_running,
        events_to_verify, refusals, own_organisation,
    )
}  # fmt: skip
"""What a card may ask, by name."""


def latest(postings: list[Posting]) -> dict[str, Posting]:
    """The latest posting of each kind of records."""
    return {one.kind: one for one in postings}


def today() -> date:
    """The day in the United Kingdom."""
    return uk_day(datetime.now(UTC))


def _empty(segment: Segment) -> list[str]:
    """The headings of a segment under which nothing is written, those that are missing among them."""
    parts = re.split(r"^## +(.+?) *$", segment.text, flags=re.MULTILINE)
    written = {heading: text.strip() for heading, text in zip(parts[1::2], parts[2::2], strict=True)}
    return [part for part in PARTS if not written.get(part)]


def _list(names: list[str]) -> str:
    more = len(names) - _NAMED
    told = "; ".join(names[:_NAMED])
    return f"{told} and {more:,} more." if more > 0 else f"{told}."
