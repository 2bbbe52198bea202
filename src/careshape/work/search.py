"""One search over what a principal may reach: each source is asked only where the policy permits its act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from careshape.accounts.models import Membership, Organisation
from careshape.accounts.times import moment
from careshape.audit.change import tell
from careshape.audit.models import Event
from careshape.jobs.models import Job
from careshape.policy import policy
from careshape.policy.fields import seen
from careshape.policy.views import in_reach
from careshape.statement.addresses import address
from careshape.statement.cards import anchor_of
from careshape.statement.formatting import written
from careshape.statement.labels import period_title
from careshape.statement.search import search as search_pages
from careshape.work.desk import Desk
from careshape.work.models import Import
from careshape.work.registers import entries

PEOPLE: Final = "accounts.read"
MOST: Final = 10
"""Hits that a group shows."""
LEAST_LETTERS: Final = 2


@dataclass(frozen=True)
class Hit:
    """One thing that was found."""

    title: str
    href: str
    text: str = ""


@dataclass(frozen=True)
class Group:
    """What one source found: the first hits, and how many there are."""

    title: str
    hits: tuple[Hit, ...]
    many: int


@dataclass(frozen=True)
class Source:
    """Where to look, under which act, and how."""

    title: str
    act: str
    look: Callable[[Desk, Sequence[str]], Iterable[Hit]]


def words_of(asked: str) -> list[str]:
    """The words of what was asked, without those too short to tell anything."""
    return [word for word in asked.casefold().split()[:8] if len(word) >= LEAST_LETTERS]


def find(desk: Desk, asked: str, only: str = "") -> list[Group]:
    """What was found, by source; only sources whose act the principal may do are asked.

    only: title of one source, which then is asked alone and gives all that it found.
    """
    words = words_of(asked)
    if not words:
        return []
    groups = []
    for source in SOURCES:
        if only not in ("", source.title) or not _permits(desk, source.act):
            continue
        hits = list(source.look(desk, words))
        if hits:
            groups.append(Group(source.title, tuple(hits if only else hits[:MOST]), len(hits)))
    return groups


def _permits(desk: Desk, act: str) -> bool:
    """Whether the principal may do an act among their own council's rows."""
    if not policy().permits(desk.principal, act):
        return False
    return act != "statement.read" or in_reach(desk.principal, act, desk.principal.council)


def holds(words: Sequence[str], *texts: Any) -> bool:
    """Whether every word stands in one of the texts."""
    text = " ".join(str(one) for one in texts).casefold()
    return all(word in text for word in words)


def _like(words: Sequence[str], *fields: str) -> Q:
    """Rows that hold every word in one of their fields."""
    return reduce(
        lambda whole, word: whole & reduce(lambda one, field: one | Q(**{f"{field}__icontains": word}), fields, Q()),
        words,
        Q(),
    )


def _seen(desk: Desk, act: str, record: str, lookups: dict[str, str]) -> tuple[str, ...]:
    """The lookups of those fields that the principal sees: nobody finds somebody by what is not shown to them."""
    may = policy().fields(desk.principal, act, record)
    return tuple(lookup for name, lookup in lookups.items() if name in may)


def _pages(desk: Desk, words: Sequence[str], *kinds: str) -> Iterator[Hit]:
    if desk.council is not None:
        for hit in search_pages(desk.council, " ".join(words)):
            if hit.entry.kind in kinds:
                yield Hit(hit.entry.title, hit.entry.href, hit.excerpt)


def segments(desk: Desk, words: Sequence[str]) -> Iterator[Hit]:
    """Pages of the statement and the outlook."""
    yield from _pages(desk, words, "Statement", "Outlook", "Intention", "Page")


def tables(desk: Desk, words: Sequence[str]) -> Iterator[Hit]:
    """Tables of the statement."""
    yield from _pages(desk, words, "Table", "Published figures")


def measures(desk: Desk, words: Sequence[str]) -> Iterator[Hit]:
    """Measures."""
    yield from _pages(desk, words, "Measure")


def figures(desk: Desk, words: Sequence[str]) -> Iterator[Hit]:
    """Figures of the statement's text."""
    if desk.council is None or desk.council.written is None:
        return
    desk.council.warm()
    for one in desk.council.book.computed():
        if one.linked and holds(words, one.what, one.text, one.expression):
            yield Hit(one.what, address(desk.principal.council, "figure", one.key), one.text)


def observations(desk: Desk, words: Sequence[str]) -> Iterator[Hit]:
    """Figures from elsewhere."""
    if desk.council is None:
        return
    for row in desk.council.observations:
        if holds(words, row.id, row.measure, row.period.text, row.period.label, *row.dims.values()):
            said = f"{written(row.value, row.unit)}, {period_title(row.period.text) or row.period.label}"
            href = address(desk.principal.council, "observations", row.table, anchor_of(row))
            yield Hit(f"{row.id}: {row.measure.replace('-', ' ')}", href, said)


def _register(which: str) -> Callable[[Desk, Sequence[str]], Iterator[Hit]]:
    def look(desk: Desk, words: Sequence[str]) -> Iterator[Hit]:
        for one in entries(desk.council, which) if desk.council else ():
            if holds(words, one.name, one.reference, one.type, *one.districts, *one.services):
                yield Hit(one.name, f"/work/registers/{which}/{one.id}/", f"{one.said[:1].upper()}{one.said[1:]}")

    return look


def postings(desk: Desk, words: Sequence[str]) -> Iterator[Hit]:
    """Postings of the ledger."""
    for one in reversed(desk.postings):
        if holds(words, "posting", one.number, one.source, one.kind):
            yield Hit(
                f"Posting {one.number}", f"/work/postings/{one.number}/", f"{one.source}, {moment(one.recorded_at)}"
            )


def imports(desk: Desk, words: Sequence[str]) -> Iterator[Hit]:
    """Files that were brought."""
    found = Import.objects.reached(desk.principal, "work.import").filter(
        _like(words, *_seen(desk, "work.import", "import", {"file": "file_name", "who": "account__name"}))
    )
    for one in found.select_related("account").order_by("-pk"):
        yield Hit(one.file_name, f"/work/imports/{one.pk}/", f"Brought by {one.account.name}, {moment(one.brought_at)}")


def people(desk: Desk, words: Sequence[str]) -> Iterator[Hit]:
    """People of the council who have accounts; that they were found is told."""
    fields = {"name": "account__name", "email": "account__email", "role": "role", "group": "team__name"}
    members = Membership.objects.reached(desk.principal, PEOPLE).filter(ended_at__isnull=True)
    with transaction.atomic():
        found = list(
            members.filter(_like(words, *_seen(desk, PEOPLE, "person", fields)))
            .select_related("account")
            .order_by("account__name")
        )
        if found:
            tell(desk.principal, PEOPLE, "people", rows=len(found), by="search")
    for one in found:
        yield Hit(one.account.name, f"/work/people/{one.pk}/", one.get_role_display())


def organisations(desk: Desk, words: Sequence[str]) -> Iterator[Hit]:
    """Organisations that work with the council."""
    found = Organisation.objects.reached(desk.principal, PEOPLE).filter(_like(words, "name", "reference"))
    for one in found.order_by("name"):
        yield Hit(one.name, f"/work/organisations/{one.pk}/", one.get_kind_display())


def own_organisation(desk: Desk, words: Sequence[str]) -> Iterator[Hit]:
    """The reader's own organisation."""
    one = desk.organisation
    if one is not None and holds(words, one.name, one.reference, "organisation"):
        yield Hit(one.name, "/work/organisation/", "Your organisation")


def jobs(desk: Desk, words: Sequence[str]) -> Iterator[Hit]:
    """Background work."""
    found = Job.objects.reached(desk.principal, "jobs.read").filter(_like(words, "kind", "state", "words", "fault"))
    for one in found.order_by("-pk"):
        yield Hit(f"{one.kind} {one.pk}", f"/work/jobs/{one.pk}/", one.state_words)


def events(desk: Desk, words: Sequence[str]) -> Iterator[Hit]:
    """Events of the audit log, by what was done and to what."""
    fields = {"act": "act", "object": "object", "outcome": "outcome", "role": "role"}
    found = Event.objects.reached(desk.principal, "audit.read").filter(
        _like(words, *_seen(desk, "audit.read", "event", fields))
    )
    for one in found.order_by("-number")[: MOST * 100]:
        shown = seen(desk.principal, "audit.read", "event", {"object": one.object, "outcome": one.outcome})
        yield Hit(f"Event {one.number}: {one.act}", f"/work/audit/?q={one.number}", " ".join(shown.values()))


SOURCES: Final = (
    Source("Statement", "statement.read", segments),
    Source("Tables", "statement.read", tables),
    Source("Measures", "statement.read", measures),
    Source("Figures", "statement.read", figures),
    Source("Observations", "work.observations", observations),
    Source("Providers", "work.registers", _register("providers")),
    Source("Homes, houses and schemes", "work.registers", _register("settings")),
    Source("Your organisation", "work.organisation", own_organisation),
    Source("Organisations", "accounts.read", organisations),
    Source("People", "accounts.read", people),
    Source("Imports", "work.import", imports),
    Source("Postings", "work.postings", postings),
    Source("Background work", "jobs.read", jobs),
    Source("Audit log", "audit.read", events),
)
"""Where a search looks, in this order."""
