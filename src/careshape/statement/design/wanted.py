"""What is wanted here: each part of the market with its gap, the intentions in force, the price and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

from careshape.design import VERDICTS, Answer, Question, may_build
from careshape.design.may_build import Meant
from careshape.errors import CareshapeError
from careshape.evaluate.gap.directions import DIRECTIONS
from careshape.evaluate.gap.gap import Gap
from careshape.evaluate.gap.supply import ALL
from careshape.evaluate.measure import measures
from careshape.statement.arrange import Arranged, arrange
from careshape.statement.calls import Call
from careshape.statement.council import Council
from careshape.statement.design.market import Page, cells, choices, lacking, page_of
from careshape.statement.design.prices import PRICE, price_call
from careshape.statement.formatting import Value, Withheld, month, written
from careshape.statement.labels import in_sentence, label_of
from careshape.statement.outlook.market import area_label, group_label
from careshape.statement.outlook.words import interval_of, signed
from careshape.statement.tables import Cell, Column, Row, Table, valued

FILTERS: Final = ("segment", "client_group", "area", "by", "wanted")
PER_PAGE: Final = 20
FEW: Final = 15
"""Choices of a filter that a message names one and all."""
WHOLE: Final = "The whole area"
EVERYBODY: Final = "Everybody"

_IN_HEAD: Final = "client_group"
"""Said with the part of the market, in one heading, so that a row needs no column for it."""
_ONCE: Final = ("area", "by", "unit")
"""Columns that are said once above the table where all rows have the same."""

WHOLE_AREA: Final = Cell(None, "whole area only")
"""In place of a price that an edition tells for the whole area, and not for a district."""


@dataclass(frozen=True)
class Price:
    """What the council paid a week for a person, in words and as a number, and the page that tells how it is known."""

    value: Value
    unit: str
    text: str
    page: str
    item: str


@dataclass(frozen=True)
class Wanted:
    """One row: a part of the market in a place by a day, with all that a provider needs to know of it."""

    gap: Gap
    answer: Answer
    price: Price | None
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
            prices = _Prices(council)
            council.kept["wanted"] = kept = (len(found), [_row(council, one, prices) for one in found])
        rows: list[Wanted] = kept[1]
        return rows


class _Prices:
    """What was paid on the last day of the records, by part of the market and place: each is asked for once."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self._districts: dict[tuple[str, str], dict[str, Value]] = {}

    def of(self, one: Gap) -> Price | None:
        """The price of a row's own place; None where there is none, or the place is not known to have one."""
        if self.council.last_day is None:
            return None
        call = price_call(one.segment, one.client_group, self.council.last_day)
        if one.area == ALL:
            figure = self.council.book.figure(call)
            return Price(figure.value, figure.unit, figure.text, "figure", figure.key)
        key = (one.segment.id, one.client_group)
        if key not in self._districts:
            self._districts[key] = self._by_district(call)
        value, unit = self._districts[key].get(one.area), measures()[PRICE].unit
        return None if value is None else Price(value, unit, written(value, unit), "measure", PRICE)

    def _by_district(self, call: Call) -> dict[str, Value]:
        where = {name: value for name, value in call.options.items() if name != "period"}
        try:
            rows = self.council.book.result(PRICE, ("district",), where, str(call.options["period"])).rows
        except CareshapeError:
            return {}
        # An edition holds no prices by district: none is told, rather than said to be kept back.
        return {str(row["district"]): row["value"] for row in rows if not isinstance(row["value"], Withheld)}


def _row(council: Council, one: Gap, prices: _Prices) -> Wanted:
    area = "" if one.area == ALL else one.area
    group = one.client_group
    service = one.segment.services[0]
    made = may_build(Question(service, group, area, None, one.on), council.decided.intentions, lacking(one))
    return Wanted(one, made, prices.of(one), page_of(council, one.segment.service_ids(), one.segment.id))


def _columns(council: Council) -> tuple[Column, ...]:
    """The columns, first of all what a provider comes for; narrow pages show few of them at once."""
    paid = "Paid a week" if council.last_day is None else f"Paid a week, {month(council.last_day)}"
    return (
        Column("What is wanted", "wanted"),
        Column("May it be built?", "answer"),
        Column(paid, "price", numeric=True),
        Column("More needed", "gap", numeric=True),
        Column("80% interval", "interval"),
        Column("Counted in", "unit"),
        Column("For whom", "client_group"),
        Column("Where", "area"),
        Column("By", "by"),
    )


def wanted_table(council: Council) -> Table:
    """The rows as a table with records for downloads."""
    columns = _columns(council)
    rows, records = [], []
    for one in wanted(council):
        rows.append(_as_row(one, columns, bool(council.edition)))
        records.append(_record(one))
    return Table(
        "opportunities", "What is wanted here", ("Part of the market",), columns, tuple(rows), tuple(records),
        names="segment",
    )  # fmt: skip


def _as_row(one: Wanted, columns: tuple[Column, ...], edition: bool) -> Row:
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
        # That a price is not known would be wrong of a district: an edition holds them for the whole area alone.
        "price": WHOLE_AREA if edition and gap.area != ALL and one.price is None else _price(one.price),
    }
    return Row((part,), tuple(cells_[column.name] for column in columns))


def _price(price: Price | None) -> Cell:
    if price is None or price.value is None:
        return valued(None)
    return replace(valued(price.value, price.unit), page=price.page, item=price.item)


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
    return EVERYBODY if gap.client_group == ALL else label_of("client_group", gap.client_group)


def _area(gap: Gap) -> str:
    return WHOLE if gap.area == ALL else area_label(gap.area)


@dataclass(frozen=True)
class Chosen:
    """The rows that a reader asked for: as a table of one page, and the parts of the market behind it.

    ``size`` is what they typed; ``problems`` say, by field, why something could not be taken. ``once`` is what all rows
    have in common, by its heading.
    """

    arranged: Arranged
    rows: list[Wanted]
    size: str
    problems: dict[str, str]
    number: int
    pages: int
    once: tuple[tuple[str, str], ...] = ()


def chosen(council: Council, asked: Mapping[str, str], every: bool = False) -> Chosen:
    """Filter, sort and page the rows by the words of an address; what is not understood is left aside, and it is said.

    ``every`` row at once for a download.
    """
    table, known, given_area = wanted_table(council), wanted(council), asked.get("area", "")
    asked, problems = _understood(table, {**_usual(council), **asked})
    problems |= _in_one_place(council, given_area, problems)
    text = asked.get("size", "").strip()
    size, problem = _size(text)
    problems |= {"size": problem} if problem else {}
    marked = replace(table, rows=tuple(replace(row, anchor=f"row-{at}") for at, row in enumerate(table.rows)))
    made = arrange(marked, asked, FILTERS)
    found = [at for row in made.table.rows if _fits(known[at := int(row.anchor.removeprefix("row-"))], size)]
    rows = tuple(marked.rows[at] for at in found)
    records = tuple(table.records[at] for at in found)
    once, arranged = _once(replace(made, table=replace(table, rows=rows, records=records), shown=len(rows)))
    pages = max(1, -(-len(rows) // PER_PAGE))
    number = min(max(_page(asked.get("page", "")), 1), pages)
    here = slice(None) if every else slice((number - 1) * PER_PAGE, number * PER_PAGE)
    shown = replace(arranged, table=replace(arranged.table, rows=arranged.table.rows[here]))
    return Chosen(shown, [known[at] for at in found[here]], text, problems, number, pages, once)


def _fits(one: Wanted, size: int | None) -> bool:
    """Whether as many are expected to be lacking as somebody would like to offer."""
    return size is None or one.gap.gap.mean >= size


def _understood(table: Table, asked: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What was asked with each filter as the table writes it, and what is none of its choices, with those near it."""
    found, problems = dict(asked), {}
    choices = {one.name: one for one in arrange(table, {}, FILTERS).filters}
    for name in FILTERS:
        typed = asked.get(name, "").strip()
        known = {_plain(one): one for one in choices[name].choices}
        found[name] = known.get(_plain(typed), "")
        if typed and not found[name]:
            title = choices[name].title
            close = get_close_matches(_plain(typed), known, n=3, cutoff=0.5)
            meant = f" Did you mean {' or '.join(known[one] for one in close)}?" if close else ""
            meant = meant or (f" There are {', '.join(known.values())}." if len(known) <= FEW else "")
            problems[name] = f"“{typed[:60]}” is no choice of “{title}”, so that it was left aside.{meant}"
    return found, problems


def _in_one_place(council: Council, typed: str, problems: Mapping[str, str]) -> dict[str, str]:
    """Why an edition says nothing of a place that the council has, and what does."""
    place = next((label for id_, label in choices(council)[2] if _plain(typed) in (_plain(id_), _plain(label))), "")
    if "area" not in problems or not council.edition or not place:
        return {}
    by_place = any(one.area != ALL for one in cells(council))
    why = "it could tell of a few people" if by_place else "it looks ahead for the whole area only"
    return {
        "area": f"This edition tells nothing of what is expected in {place}, since {why}. What the council means to do "
        f"in {place} is answered under “May I build this here?”."
    }


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").split())


def _once(arranged: Arranged) -> tuple[tuple[tuple[str, str], ...], Arranged]:
    """What all rows have in common, by its heading; and the table without it, the client group in the row's heading."""
    table = arranged.table
    at = {column.name: number for number, column in enumerate(table.columns)}
    said = {name: {row.cells[at[name]].text for row in table.rows} for name in _ONCE}
    alike = {name: texts.pop() for name, texts in said.items() if len(texts) == 1}
    kept = [number for name, number in at.items() if name not in alike and name != _IN_HEAD]
    rows = tuple(
        replace(row, heads=(_head(row, at[_IN_HEAD]),), cells=tuple(row.cells[number] for number in kept))
        for row in table.rows
    )
    heads = len(table.heads)
    headings = (*arranged.headings[:heads], *(arranged.headings[heads + number] for number in kept))
    columns = tuple(table.columns[number] for number in kept)
    once = tuple((table.columns[at[name]].title, text) for name, text in alike.items())
    return once, replace(arranged, table=replace(table, columns=columns, rows=rows), headings=headings)


def _head(row: Row, group: int) -> str:
    whom = row.cells[group].text
    return row.heads[0] if whom == EVERYBODY else f"{row.heads[0]}, {in_sentence('client_group', whom)}"


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
