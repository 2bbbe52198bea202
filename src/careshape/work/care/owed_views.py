"""Pages of what is owed for care: of one package, of a provider, and of all; each with its working."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from careshape.accounts.models import Organisation
from careshape.audit.change import reading
from careshape.ledger.posting import uk_day
from careshape.paying.entitlement import Entry
from careshape.paying.terms import Terms
from careshape.paying.told import FUNDERS
from careshape.paying.visits import Visit, VisitEntry
from careshape.paying.words import exact_pence, pounds, step
from careshape.policy.listing import Column, Listing, listed
from careshape.policy.views import does
from careshape.source.models import Package
from careshape.source.money.owed import Owed, known_packages, owed, payments_of
from careshape.source.packages.tellings import as_told, book_of
from careshape.statement.formatting import day, decimal2
from careshape.work.care.tell_views import title_of
from careshape.work.told_list import list_download, list_page

HOME: Final = "/work/owed/"
PACKAGES: Final = "/work/packages/"
OWED: Final = "source.owed"
_PACKAGES: Final = ("Packages of care", PACKAGES)
_CRUMB: Final = ("What is owed", HOME)


@does(OWED)
@reading
def package_owed(request: HttpRequest, pk: int) -> HttpResponse:
    """What is owed for one package, period by period, and what was paid."""
    row = _package(request, pk)
    address = f"{PACKAGES}{pk}/owed/"
    return list_page(
        request, OWED, _of_package(request, row), here=address, intro=_intro([owed(row)]),
        crumbs=(_PACKAGES, (f"Package {pk}", f"{PACKAGES}{pk}/"), ("What is owed", "")),
    )  # fmt: skip


@does(OWED)
@reading
def package_owed_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The same as a file."""
    return list_download(request, OWED, _of_package(request, _package(request, pk)), kind)


@does(OWED)
@reading
def owed_page(request: HttpRequest) -> HttpResponse:
    """What is owed to each provider, by what is known today."""
    return list_page(
        request, OWED, _providers(request), here=HOME,
        intro="For payment periods that have ended, by what is known today. What is left the next run pays; where it "
        "is below nought the run recovers it.",
    )  # fmt: skip


@does(OWED)
@reading
def owed_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return list_download(request, OWED, _providers(request), kind)


@does(OWED)
@reading
def provider_owed(request: HttpRequest, pk: int) -> HttpResponse:
    """What is owed to one provider, package by package and period by period."""
    organisation = Organisation.objects.reach(request.principal, OWED, pk=pk)
    found = _of_provider(request, organisation)
    return list_page(
        request, OWED, _entries(request, found, f"What is owed to {organisation.name}"), here=f"{HOME}{pk}/",
        intro=_intro(found), crumbs=(_CRUMB, (organisation.name, "")),
    )  # fmt: skip


@does(OWED)
@reading
def provider_owed_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The same as a file."""
    organisation = Organisation.objects.reach(request.principal, OWED, pk=pk)
    found = _of_provider(request, organisation)
    return list_download(request, OWED, _entries(request, found, f"What is owed to {organisation.name}"), kind)


def _package(request: HttpRequest, pk: int) -> Package:
    row: Package = known_packages(Package.objects.reached(request.principal, OWED)).reach(
        request.principal, OWED, pk=pk
    )
    return row


def _of_package(request: HttpRequest, row: Package) -> Listing:
    return _entries(request, [owed(row)], f"What is owed for package {row.pk}")


def _of_provider(request: HttpRequest, organisation: Organisation) -> list[Owed]:
    packages = Package.objects.reached(request.principal, OWED).filter(organisation=organisation)
    return all_owed(request.principal.council, known_packages(packages).order_by("pk"))


def all_owed(council: str, packages: Iterable[Package]) -> list[Owed]:
    """What is owed for each of some packages today."""
    book, today = book_of(council), uk_day(timezone.now())
    return [owed(one, known=today, book=book) for one in packages]


def _entries(request: HttpRequest, found: Iterable[Owed], title: str) -> Listing:
    rows = [row for one in found for row in entries_of(one)]
    columns = (
        Column("number", "Package", numeric=True, link="href"),
        Column("who", "For", shown=False),
        Column("period", "Payment period"),
        Column("part", "Part", filtered=True),
        Column("working", "How it comes about", wide=True),
        Column("owed", "Owed", numeric=True, text=pounds),
        Column("council", "Council", numeric=True, text=pounds),
        Column("nhs", "NHS", numeric=True, text=pounds),
        Column("person", "Person", numeric=True, text=pounds),
        Column("paid", "Paid", numeric=True, text=pounds),
        Column("left", "Left", numeric=True, text=pounds),
    )
    return listed(
        request.principal, OWED, "owed", columns, rows, id="owed", title=title,
        empty="No payment period of it has ended yet: nothing is owed so far.",
    )  # fmt: skip


def entries_of(one: Owed) -> list[dict[str, Any]]:
    """What is owed for a package as rows: each part in each payment period, with what was paid of it.

    What was paid of a part and period for which nothing is owed any more is a row too, so that the rows add up.
    """
    paid: Counter[tuple[str, Any]] = Counter()
    for payment in payments_of(one.package):
        paid[payment.line, payment.period] += payment.pence
    parts = {
        as_told(row)["line"]: as_told(row)["component"] for row in one.package.tellings.all() if row.kind == "line"
    }
    rows = [_row(one, entry, parts, paid.pop((entry.line, entry.period), 0)) for entry in one.entries]
    for (line, period), pence in paid.items():
        if pence:
            blank = dict.fromkeys(FUNDERS, 0)
            rows.append(_said(one, line, period, parts, "Nothing is owed for it any more.", 0, blank, pence))
    return rows


def _row(one: Owed, entry: Entry | VisitEntry, parts: dict[str, str], paid: int) -> dict[str, Any]:
    return _said(one, entry.line, entry.period, parts, working(entry, one.terms), entry.pence, entry.parts, paid)


def _said(
    one: Owed, line: str, period: Any, parts: dict[str, str], how: str, pence: int, by: dict[str, int], paid: int
) -> dict[str, Any]:
    return {
        "number": one.package.pk, "href": f"{PACKAGES}{one.package.pk}/owed/", "who": one.package.person.name,
        "period": f"{day(period.first)} to {day(period.last)}", "part": title_of(line, parts.get(line, line)),
        "working": how, "owed": pence, **by, "paid": paid, "left": pence - paid,
    }  # fmt: skip


def working(entry: Entry | VisitEntry, terms: Terms) -> str:
    """How the pence of an entry come about, so that a person can work it out again."""
    if isinstance(entry, Entry):
        return (
            f"{'; '.join(step(one, terms) for one in entry.stretches)}. Together {exact_pence(entry.exact)}, rounded."
        )
    said = [
        f"{one.visit.day} {one.visit.reference}: planned {one.visit.planned}, delivered {delivered(one.visit)}, "
        f"paid {decimal2(one.minutes)} minutes at {pounds(one.price)} an hour ({one.why})"
        for one in entry.visits
    ]
    return f"{'; '.join(said)}. Together {exact_pence(entry.exact)}, rounded."


def delivered(visit: Visit) -> str:
    """Minutes of a visit that were delivered, in words."""
    return "not recorded" if visit.delivered is None else str(visit.delivered)


def _intro(found: Iterable[Owed]) -> str:
    rows = [row for one in found for row in entries_of(one)]
    due, paid = sum(row["owed"] for row in rows), sum(row["paid"] for row in rows)
    return (
        f"For payment periods that have ended, by what is known today: {pounds(due)} is owed, {pounds(paid)} was paid, "
        f"and {pounds(due - paid)} is left for the next run."
    )


def _providers(request: HttpRequest) -> Listing:
    packages = Package.objects.reached(request.principal, OWED)
    by: dict[Organisation, list[Owed]] = {}
    for one in all_owed(request.principal.council, known_packages(packages).order_by("pk")):
        by.setdefault(one.package.organisation, []).append(one)
    rows = []
    for organisation, found in by.items():
        entries = [row for one in found for row in entries_of(one)]
        sums = {name: sum(row[name] for row in entries) for name in ("owed", *FUNDERS, "paid", "left")}
        rows.append(
            {"provider": organisation.name, "href": f"{HOME}{organisation.pk}/", "packages": len(found), **sums}
        )
    columns = (
        Column("provider", "Provider", link="href"),
        Column("packages", "Packages", numeric=True),
        *(Column(name, title, numeric=True, text=pounds) for name, title in (
            ("owed", "Owed"), ("council", "Council"), ("nhs", "NHS"), ("person", "Person"), ("paid", "Paid"),
            ("left", "Left"),
        )),
    )  # fmt: skip
    return listed(
        request.principal, OWED, "owed", columns, sorted(rows, key=lambda row: row["provider"]), id="owed",
        title="What is owed", empty="No care has been arranged here yet.",
    )  # fmt: skip
