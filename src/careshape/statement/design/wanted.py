"""What is wanted here: each part of the market with its gap, the intentions in force, the price and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from careshape.design import VERDICTS, Answer, Question, may_build
from careshape.design.may_build import Meant
from careshape.evaluate.gap.directions import DIRECTIONS
from careshape.evaluate.gap.gap import Gap
from careshape.evaluate.gap.supply import ALL
from careshape.statement.arrange import Arranged, arrange
from careshape.statement.council import Council
from careshape.statement.design.market import Page, cells, lacking, page_of
from careshape.statement.design.prices import price_call
from careshape.statement.figures import Figure
from careshape.statement.labels import label_of
from careshape.statement.outlook.market import area_label, group_label
from careshape.statement.outlook.words import interval_of, signed
from careshape.statement.tables import Cell, Column, Row, Table, valued

FILTERS: Final = ("segment", "client_group", "area", "by", "wanted")
PER_PAGE: Final = 20
WHOLE: Final = "The whole area"

_COLUMNS: Final = (
    Column("For whom", "client_group"),
    Column("Where", "area"),
    Column("By", "by"),
    Column("More needed", "gap", numeric=True),
    Column("80% interval", "interval"),
    Column("Counted in", "unit"),
    Column("What is wanted", "wanted"),
    Column("May it be built?", "answer"),
    Column("Paid a week now", "price", numeric=True),
)


@dataclass(frozen=True)
class Wanted:
    """One row: a part of the market in a place by a day, with all that a provider needs to know of it."""

    gap: Gap
    answer: Answer
    price: Figure | None
    page: Page

    @property
    def key(self) -> tuple[str, str]:
        """The part of the market it is of."""
        return self.gap.segment.id, self.gap.client_group

    @property
    def title(self) -> str:
        """The part of the market in words."""
        group = "" if self.gap.client_group == ALL else f", {group_label(self.gap.client_group)}"
        return f"{self.gap.segment.label}{group}"

    @property
    def intentions(self) -> tuple[Meant, ...]:
        """The intentions that bear on it, those that decide most first."""
        return tuple(one for one in self.answer.meant if not one.past)


def wanted(council: Council) -> list[Wanted]:
    """Every row, made once for each state of the council and of its outlook."""
    found = cells(council)
    with council.lock:
        kept = council.kept.get("wanted")
        if kept is None or kept[0] != len(found):
            council.kept["wanted"] = kept = (len(found), [_row(council, one) for one in found])
        rows: list[Wanted] = kept[1]
        return rows


def _row(council: Council, one: Gap) -> Wanted:
    area = "" if one.area == ALL else one.area
    group = one.client_group
    service = one.segment.services[0]
    made = may_build(Question(service, group, area, None, one.on), council.decided.intentions, lacking(one))
    call = price_call(one.segment, group, council.last_day) if council.last_day else None
    price = council.book.figure(call) if call is not None else None
    return Wanted(one, made, price, page_of(council, one.segment.service_ids(), one.segment.id))


def wanted_table(council: Council) -> Table:
    """The rows as a table with records for downloads."""
    rows, records = [], []
    for one in wanted(council):
        rows.append(_as_row(council, one))
        records.append(_record(one))
    return Table(
        "opportunities", "What is wanted here", ("Part of the market",), _COLUMNS, tuple(rows), tuple(records),
        names="segment",
    )  # fmt: skip


def _as_row(council: Council, one: Wanted) -> Row:
    gap = one.gap
    part = one.gap.segment.label
    cells_ = {
        "client_group": valued(_group(gap)),
        "area": valued(_area(gap)),
        "by": valued(f"{gap.on:%B} {gap.on.year}"),
        "gap": Cell(round(gap.gap.mean), signed(gap.gap.mean)),
        "interval": Cell(None, interval_of(gap)),
        "unit": valued(gap.unit),
        "wanted": valued(DIRECTIONS[gap.decision.direction]),
        "answer": valued(VERDICTS[one.answer.verdict]),
        "price": _price(one.price),
    }
    return Row((part,), tuple(cells_[column.name] for column in _COLUMNS))


def _price(price: Figure | None) -> Cell:
    if price is None or price.value is None:
        return valued(None)
    return replace(valued(price.value, price.unit), page="figure", item=price.key)


def _record(one: Wanted) -> dict[str, object]:
    gap, limits = one.gap, one.gap.gap.limits()
    return {
        "segment": gap.segment.id, "client_group": gap.client_group, "area": gap.area, "on": gap.on.isoformat(),
        "unit": gap.unit, "gap": round(gap.gap.mean, 1), "gap_lower_80": round(limits["lower_80"], 1),
        "gap_upper_80": round(limits["upper_80"], 1), "needed": round(gap.gap.mean + gap.supply, 1),
        "there_are": round(gap.supply, 1), "wanted": gap.decision.direction, "answer": one.answer.verdict,
        "rule": one.answer.rule, "reason": one.answer.reason,
        "intentions": " ".join(each.intention.id for each in one.intentions),
        "price": one.price.text if one.price else "", "price_unit": one.price.unit if one.price else "",
        "ask": one.page.post, "page": one.page.segment.id if one.page.segment else "",
    }  # fmt: skip


def _group(gap: Gap) -> str:
    return "Everybody" if gap.client_group == ALL else label_of("client_group", gap.client_group)


def _area(gap: Gap) -> str:
    return WHOLE if gap.area == ALL else area_label(gap.area)


@dataclass(frozen=True)
class Chosen:
    """The rows that a reader asked for: as a table of one page, and the parts of the market behind it.

    ``size`` is what they typed; ``problem`` says why it could not be taken.
    """

    arranged: Arranged
    rows: list[Wanted]
    size: str
    problem: str
    number: int
    pages: int


def chosen(council: Council, asked: Mapping[str, str], every: bool = False) -> Chosen:
    """Filter, sort and page the rows by the words of an address; what is not understood is left aside and said.

    ``every`` row at once for a download.
    """
    table, known = wanted_table(council), wanted(council)
    asked = {**_usual(council), **asked}
    text = asked.get("size", "").strip()
    size, problem = _size(text)
    if size is not None:
        fitting = [at for at, one in enumerate(known) if one.gap.gap.limits()["upper_80"] >= size]
        table = replace(
            table, rows=tuple(table.rows[at] for at in fitting), records=tuple(table.records[at] for at in fitting)
        )
    marked = replace(table, rows=tuple(replace(row, anchor=f"row-{at}") for at, row in enumerate(table.rows)))
    index = [known[at] for at in (fitting if size is not None else range(len(known)))]
    arranged = arrange(marked, asked, FILTERS)
    pages = max(1, -(-len(arranged.table.rows) // PER_PAGE))
    number = min(max(_page(asked.get("page", "")), 1), pages)
    shown = arranged.table.rows if every else arranged.table.rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    rows = [index[int(row.anchor.removeprefix("row-"))] for row in shown]
    return Chosen(replace(arranged, table=replace(arranged.table, rows=shown)), rows, text, problem, number, pages)


def _usual(council: Council) -> dict[str, str]:
    """What is shown first: the whole area, by the year for which parts of the market are summed up."""
    found = cells(council)
    years = {one.on for one in found if council.ahead.in_years(one) == council.ahead.ahead}
    return {"area": WHOLE, **({"by": f"{min(years):%B} {min(years).year}"} if years else {})}


def _size(text: str) -> tuple[int | None, str]:
    if not text:
        return None, ""
    if text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0:
        return int(text), ""
    return None, "Write the size as a whole number, such as 12."


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
