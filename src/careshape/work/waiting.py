"""What waits for a person, and what they may want to know: one function a question, each of which answers with a count
and what is said more, or with nothing where there is nothing to say yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from careshape.accounts.models import Invitation, Membership
from careshape.audit.models import Event, Head
from careshape.catalogue import catalogue
from careshape.errors import CareshapeError
from careshape.evaluate.gap.supply import ALL
from careshape.ledger.posting import Posting, in_force, uk_day
from careshape.readers.models import Comment
from careshape.readers.news import unread
from careshape.statement.addresses import address
from careshape.statement.content import PARTS, Segment
from careshape.statement.formatting import day, money_week
from careshape.statement.outlook.ahead import NotWorkedOutError
from careshape.statement.print.kept import found_unknown, problems
from careshape.work.care.capacity_waiting import market_alerts, returns_to_send
from careshape.work.care.judged_waiting import needs_to_decide, rules_not_kept
from careshape.work.care.list_waiting import switches_to_agree
from careshape.work.care.waiting import (
    evidence_lapsing,
    evidence_to_check,
    lines_not_taken,
    payment_runs,
    requests_to_answer,
    requests_to_award,
    requests_to_send,
)
from careshape.work.desk import Desk
from careshape.work.edition_waiting import editions_stopped, editions_to_agree, editions_to_release
from careshape.work.found import Found
from careshape.work.models import Import
from careshape.work.record_ages import STALE_DAYS, ages
from careshape.work.registers import in_use, known_of
from careshape.work.writing_waiting import own_pages, pages_to_agree, parts_due

_NAMED: Final = 3
"""Names that a card gives before it says how many more there are."""


def first_file(desk: Desk) -> Found | None:
    """That the council has no records yet; nothing where it has."""
    if desk.postings:
        return None
    if desk.may("work.import"):
        return Found(1, "Bring the first file: packages, deliveries or Client Level Data. The figures come from it.")
    return Found(1, "An analyst of the council brings the first file. The figures come from it.")


def comments_waiting(desk: Desk) -> Found:
    """What readers said that nobody has answered yet."""
    waiting = Comment.objects.reached(desk.principal, "readers.answer").filter(state="waiting").order_by("made_at")
    oldest = waiting.first()
    return Found(waiting.count(), f"The oldest came on {day(uk_day(oldest.made_at))}." if oldest else "")


def editions_to_read(desk: Desk) -> Found | None:
    """Editions that touch what they follow and of which they have not read yet; nothing where there is none."""
    news = unread(desk.principal)
    return Found(len(news), " ".join(one.said for one in news[:_NAMED])) if news else None


def imports_to_post(desk: Desk) -> Found:
    """Files that were checked and wait to be posted."""
    return Found(Import.objects.reached(desk.principal, "work.import").filter(state="checked").count())


def imports_stopped(desk: Desk) -> Found:
    """Files that a fault of ours stopped."""
    return Found(Import.objects.reached(desk.principal, "work.import").filter(state="failed").count())


def rows_to_mend(desk: Desk) -> Found | None:
    """Rows that the latest file of each kind had refused."""
    if not desk.postings:
        return None
    faulty = [one for one in latest(desk.postings).values() if one.counts.get("refused")]
    said = "; ".join(f"posting {one.number}, {one.counts['refused']:,}" for one in faulty)
    return Found(sum(one.counts["refused"] for one in faulty), said and f"They came with {said}.")


def stale_records(desk: Desk) -> Found | None:
    """Kinds of records whose latest file came longer ago than a quarter, or that tell of no care since."""
    found = latest(desk.postings)
    if not found:
        return None
    old = [one.said for one in ages(desk.council, found.values()) if one.is_old(today())]
    ends = " The records of a demonstration end there." if desk.council and desk.council.demonstration else ""
    return Found(len(old), f"{'; '.join(old)}.{ends}" if old else "")


def providers_without_names(desk: Desk) -> Found | None:
    """Providers that the records name by a reference alone; settings have no names in any kind of file."""
    if desk.council is None or not desk.postings:
        return None
    known = desk.council.ledger.register("providers").values()
    return Found(len([one for one in known if one["name"] == one["reference"]]))


def providers_in_use(desk: Desk) -> Found | None:
    """Providers with care that is open on the last day of the records."""
    if desk.council is None or not desk.postings:
        return None
    providers, homes = (len(desk.council.ledger.register(one)) for one in ("providers", "settings"))
    said = f"The registers hold {providers:,} providers and {homes:,} homes, houses and schemes."
    return Found(in_use(desk.council), said)


def empty_parts(desk: Desk) -> Found | None:
    """Parts of the statement under whose heading nothing is written."""
    written = desk.council.written if desk.council else None
    if written is None:
        return None
    empty = [
        f"{one.title}, “{part}”" for one in written.segments.values() if one.kind == "segment" for part in _empty(one)
    ]
    return Found(len(empty), _list(empty))


def unknown_figures(desk: Desk) -> Found | None:
    """Figures of the statement that cannot be computed; without records none can, which is not said again.

    Nobody waits here for all figures to be computed: where they were not yet, it is told what background work found.
    """
    council = desk.council
    if council is None or council.written is None or not desk.postings:
        return None
    known, found = "", problems(council) if council.is_warm else None
    if found is None:
        kept = found_unknown(settings.CARESHAPE_DIR, council.slug)
        if kept is None:
            return None
        known, found = kept
    said = _list([one.rstrip(".") for one in dict.fromkeys(found)]) if found else ""
    older = f" As counted on {known}." if known not in ("", council.known) else ""
    return Found(len(found), f"{said}{older}".strip())


def open_care(desk: Desk) -> Found | None:
    """People with care on the last day of the records, and what it costs a week."""
    if desk.council is None or desk.council.sources.context is None:
        return None
    try:
        people = desk.council.book.result("people_supported")
        cost = desk.council.book.result("weekly_cost")
    except CareshapeError as error:
        return Found(0, str(error))
    said = f"It costs {money_week(cost.value or 0)}. Counted on {day(people.periods[-1].end)}."
    return Found(int(people.value or 0), said)


def open_invitations(desk: Desk) -> Found:
    """Invitations that nobody has taken up, and that still can be."""
    still = Invitation.objects.reached(desk.principal, "accounts.read")
    return Found(
        still.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now()).count()
    )


def people_with_access(desk: Desk) -> Found:
    """Accounts that are members of the council."""
    members = Membership.objects.reached(desk.principal, "accounts.read").filter(ended_at__isnull=True)
    return Found(members.values("account").distinct().count())


def jobs_failed(desk: Desk) -> Found:
    """Background work that did not end well."""
    from careshape.jobs.models import Job

    return Found(Job.objects.reached(desk.principal, "jobs.read").filter(state__in=("failed", "given-up")).count())


def jobs_running(desk: Desk) -> Found:
    """Background work that waits or is under way."""
    from careshape.jobs.models import Job

    found = Job.objects.reached(desk.principal, "jobs.read").filter(state__in=("queued", "running")).count()
    return Found(found)


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
    return Found(events.count())


def own_organisation(desk: Desk) -> Found:
    """What the council's records know of the reader's own organisation."""
    organisation = desk.organisation
    if organisation is None:
        return Found(0, "Your organisation is not known here.")
    known = known_of(desk.council, organisation)
    if known is None and not desk.postings:
        return Found(0, f"{organisation.name}. The council has no records of care here yet.")
    if known is None:
        return Found(0, f"{organisation.name}: the council's records name no care that you provide.")
    return Found(known.people, f"{organisation.name}: {known.said}")


def own_segments(desk: Desk) -> Found | None:
    """The parts of the statement on services that the reader's own organisation provides."""
    if desk.council is None or desk.council.statement is None:
        return None
    known = known_of(desk.council, desk.organisation) if desk.organisation else None
    services = {one.id for one in catalogue().list("service").entries if known and one.label in known.services}
    found = [one for one in desk.council.statement.segments.values() if services & set(one.services)]
    link = address(desk.principal.council, "segment", found[0].id) if len(found) == 1 else "/{council}/"
    return Found(len(found), _list([one.title for one in found]) if found else "", link)


def wanted(desk: Desk) -> Found | None:
    """The services of which the council expects to need more; nothing before what is to come was worked out."""
    if desk.council is None:
        return None
    try:
        found = desk.council.ahead
    except NotWorkedOutError:
        return None
    if found.problem:
        return None
    grow = [
        one.segment.label for one in found.cells
        if one.area == ALL and found.in_years(one) == found.ahead and one.decision.direction == "grow"
    ]  # fmt: skip
    return Found(len(set(grow)), _list(list(dict.fromkeys(grow))) if grow else "")


def intended(desk: Desk) -> Found | None:
    """The intentions that the council published."""
    return Found(len(desk.council.sources.intentions)) if desk.council and desk.council.sources.intentions else None


QUERIES: Final[dict[str, Callable[[Desk], Found | None]]] = {
    query.__name__: query
    for query in (
        first_file, pages_to_agree, editions_to_agree, editions_to_release, editions_stopped, own_pages, parts_due,
        comments_waiting, editions_to_read, imports_to_post, imports_stopped,
        rows_to_mend, stale_records, providers_without_names, providers_in_use, empty_parts, unknown_figures,
        open_care, open_invitations, people_with_access, jobs_failed, jobs_running, events_to_verify, refusals,
        own_organisation, own_segments, wanted, intended, requests_to_answer, requests_to_award, requests_to_send,
        lines_not_taken, payment_runs, evidence_to_check, evidence_lapsing, returns_to_send, market_alerts,
        rules_not_kept, needs_to_decide, switches_to_agree,
    )
}  # fmt: skip
"""What a card may ask, by name."""


def latest(postings: list[Posting]) -> dict[str, Posting]:
    """The latest posting of each kind of records, of those that nobody withdrew."""
    return {one.kind: one for one in in_force(postings)}


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
