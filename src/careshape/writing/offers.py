"""What may stand in the fields of a table's form, to be chosen from lists: codes with their words.

What is chosen is added to what stands in the field: by the script at once, without it when the form is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from careshape.catalogue import catalogue
from careshape.evaluate.measure import measures
from careshape.evaluate.measure.dimensions import DIMENSIONS, LISTS, TIME
from careshape.statement.council import Council
from careshape.statement.formatting import title_of
from careshape.statement.labels import dimension_title, label_of, period_title

Options = list[tuple[str, str]]
"""What is written, each with its words."""
Groups = list[tuple[str, Options]]
"""Options under their headings; one without a heading stands alone."""
ADD: Final = "add-"
"""Beginning of the name under which an option is sent, before that of its field."""
MOST: Final = 60
"""Entries of a catalogue list that are offered as filters; of a longer one the value is written."""
_YEARS: Final = 4


def offers_of(council: Council) -> dict[str, Groups]:
    """The options of each field of a table."""
    with council.lock:
        if "offers" not in council.kept:
            by_dimension = [(name, dimension_title(name)) for name in DIMENSIONS]
            council.kept["offers"] = {
                "measures": [
                    ("", sorted(((one.id, one.label) for one in measures().values()), key=lambda one: one[1]))
                ],
                "observation": [("", list(_tables(council)))],
                "rows": [("", by_dimension)],
                "columns": [("", [("period", "Period"), ("measure", "Measure"), *by_dimension])],
                "periods": [("", list(_periods(council.last_day)))],
                "where": list(_filters(council)),
            }
        found: dict[str, Groups] = council.kept["offers"]
        return found


def taken(sent: Mapping[str, str]) -> dict[str, str]:
    """What was sent with what was chosen in its field, and each once."""
    made = {name: text for name, text in sent.items() if not name.startswith(ADD)}
    for name, chosen in sent.items():
        field = f"field-{name.removeprefix(ADD)}"
        if name.startswith(ADD) and chosen and field in made:
            made[field] = added(made[field], chosen)
    return made


def added(text: str, chosen: str) -> str:
    """A field with one more line; a second value of a filter joins the first on its line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    name, sign, value = (piece.strip() for piece in chosen.partition("="))
    for number, line in enumerate(lines):
        known, _, values = (piece.strip() for piece in line.partition("="))
        if sign and known == name:
            several = [one.strip() for one in values.split(";") if one.strip()]
            lines[number] = f"{name} = {'; '.join(dict.fromkeys((*several, value)))}"
            return "\n".join(lines)
    return "\n".join(dict.fromkeys((*lines, chosen)))


def _tables(council: Council) -> Iterator[tuple[str, str]]:
    """The published tables that the council has, by their titles where its document gives them."""
    known = {name: one.title for name, one in council.dataset.tables.items()} if council.dataset is not None else {}
    for name in council.sources.observations.values("table"):
        yield name, known.get(name) or title_of(name)


def _periods(last: date | None) -> Iterator[tuple[str, str]]:
    """The last day of the records, their last month, and the financial years that they reach; none without records."""
    if last is None:
        return
    yield from ((text, period_title(text)) for text in (last.isoformat(), f"{last:%Y-%m}"))
    first = last.year - (last < date(last.year, 3, 31))  # the year in which the last whole financial year ended
    for year in range(first, first - _YEARS, -1):
        text = f"{year - 1}/{year % 100:02d}"
        yield text, period_title(text)


def _filters(council: Council) -> Iterator[tuple[str, Options]]:
    for name in DIMENSIONS:
        if name in TIME or name not in LISTS:
            continue
        entries = [
            one for one in catalogue().lists[LISTS[name]].entries
            if getattr(one, "authority", None) in (None, council.slug)
        ]  # fmt: skip
        if 0 < len(entries) <= MOST:
            said = [(f"{name} = {one.id}", label_of(name, one.id)) for one in entries]
            yield dimension_title(name), sorted(said, key=lambda one: one[1].casefold())
