"""Small tables, and readers who try every table there could be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

from careshape.disclosure import Cell, Figure, Published, Ratio, Rule, Sum, Tables, tables_of
from careshape.disclosure.published import exact, hidden

SUPPRESS = Rule(method="suppress")
ROUND = Rule(method="round")


def grid(*rows: Sequence[int], name: str = "t") -> Tables:
    """A table in two ways with its margins."""
    dimensions = {"row": [f"r{at}" for at in range(len(rows))], "column": [f"c{at}" for at in range(len(rows[0]))]}
    counts = [
        ({"row": f"r{i}", "column": f"c{j}"}, value, value) for i, row in enumerate(rows) for j, value in enumerate(row)
    ]
    return tables_of(counts, dimensions, name=name)


def at(row: str, column: str, name: str = "t") -> str:
    """The id of a cell of a grid."""
    return f"{name}[row={row}, column={column}]"


def printed(tables: Tables, without: Sequence[str] = (), number: int = 1, rule: Rule = SUPPRESS) -> Published:
    """An edition that prints everything exactly but what is named."""
    figures = tuple(hidden(cell) if cell.id in without or not cell.printed else exact(cell) for cell in tables.cells)
    return Published(number, rule, figures, tables.sums, limits=tables.limits)


def starred(tables: Tables) -> Published:
    """An edition under the naive rule: a star stands for 1 to 4."""
    figures = tuple(Figure(c.id, None, 1, 4) if SUPPRESS.sensitive(c) else exact(c) for c in tables.cells)
    return Published(1, SUPPRESS, figures, tables.sums)


def every_table(published: Published, most: int) -> Iterator[dict[str, int]]:
    """Every table of whole numbers up to ``most`` that fits what is printed: the slow and certain way."""
    totals = {one.total for one in published.sums}
    inner = [figure for figure in published.figures if figure.id not in totals]
    sums = _inner_first(published.sums)
    ranges = [range(one.least, min(most, most if one.greatest is None else one.greatest) + 1) for one in inner]
    for values in product(*ranges):
        table = {figure.id: value for figure, value in zip(inner, values, strict=True)}
        if _filled(table, sums) and _fits(table, published):
            yield table


def _inner_first(sums: Sequence[Sum]) -> list[Sum]:
    left, done, order = list(sums), {part for one in sums for part in one.parts} - {one.total for one in sums}, []
    while left:
        ready = [one for one in left if done.issuperset(one.parts)]
        order += ready
        done |= {one.total for one in ready}
        left = [one for one in left if one not in ready]
    return order


def _filled(table: dict[str, int], sums: Sequence[Sum]) -> bool:
    for one in sums:
        total = sum(table[part] for part in one.parts)
        if table.setdefault(one.total, total) != total:
            return False
    return True


def _fits(table: Mapping[str, int], published: Published) -> bool:
    for figure in published.figures:
        if table[figure.id] < figure.least or (figure.greatest is not None and table[figure.id] > figure.greatest):
            return False
    if any(table[limit.part] > sum(table[whole] for whole in limit.whole) for limit in published.limits):
        return False
    for one in published.ratios:
        told = one.shown is not None and one.of_counts
        if told and one.ratio.printed(table[one.ratio.numerator], table[one.ratio.denominator]) != one.shown:
            return False
    return True


def ranges(published: Published, most: int) -> dict[str, tuple[int, int]]:
    """The least and greatest value of each cell over every table that fits."""
    found: dict[str, tuple[int, int]] = {}
    for table in every_table(published, most):
        for id_, value in table.items():
            low, high = found.get(id_, (value, value))
            found[id_] = (min(low, value), max(high, value))
    return found


def fewest(tables: Tables, rule: Rule, most: int) -> int:
    """The least number of cells beyond the protected ones that any pattern hides: by trying all of them."""
    needs = rule.protected(tables)
    others = [cell.id for cell in tables.cells if cell.id not in needs and not cell.known]
    for count in range(len(others) + 1):
        for more in combinations(others, count):
            seen = ranges(printed(tables, [*needs, *more], rule=rule), most)
            if all(seen[id_][1] - seen[id_][0] >= need.width for id_, need in needs.items()):
                return count
    raise AssertionError("hiding everything protects nothing")


__all__ = [
    "ROUND", "SUPPRESS", "Cell", "Ratio", "Sum", "Tables", "at", "every_table", "fewest", "grid", "printed", "ranges",
    "starred",
]  # fmt: skip
