"""A figure as editions state it: what it is, and what is said of it for each time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from careshape.evaluate.measure import measures
from careshape.statement.formatting import NOT_KNOWN, SUPPRESSED, decimals, plain, title_of, written
from careshape.statement.labels import TIME, in_sentence, label_of, period_title
from careshape.statement.series import moment

_PRINTED: Final = re.compile(r"(?P<minus>−?)(?P<before>£?)(?P<number>[\d,]+(?:\.\d+)?)(?P<after>\D*)")
"""A number as it is printed: £7.6 million, 51%, 412."""
_COUNTED: Final = ("persons", "places", "homes", "providers", "settings")
_NO_DIMENSION: Final = ("measure", "unit", "value", "row", "column", "authority", "records")


@dataclass(frozen=True)
class Value:
    """What is said of a figure for one time: in words, and as a number where it is one.

    texts: how it is printed, by the format that was asked for; a figure may be said exactly and as "about".
    """

    when: str
    number: Fraction | None
    withheld: bool
    texts: Mapping[str, str]

    @property
    def text(self) -> str:
        """How it is printed first."""
        return next(iter(self.texts.values()))

    @property
    def told(self) -> str:
        """It with its time: 412 in March 2021."""
        return f"{self.text} ({period_title(self.when)})" if self.when else self.text


@dataclass
class Stated:
    """A figure under the name that it has at any time."""

    label: str
    unit: str
    areas: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    values: dict[str, Value] = field(default_factory=dict)
    """Time -> what is said for it."""
    shape: str = ""
    """What it asks apart from any time; empty where nothing else is known of it than its label."""

    @property
    def latest(self) -> Value:
        """What is said for the latest time."""
        return self.values[max(self.values, key=moment)]

    @property
    def latest_words(self) -> str:
        """The figure with what is said for its latest time."""
        return f"{self.label}: {self.latest.told}"

    def pairs(self, old: Stated) -> Iterator[tuple[Value, Value]]:
        """What is said now beside what was said: for the same time, and for the latest where time has gone on."""
        for when, value in self.values.items():
            if when in old.values:
                yield value, old.values[when]
        if moment(self.latest.when) > moment(old.latest.when):
            yield self.latest, old.latest

    def alike(self, now: Value, was: Value) -> tuple[Value, Value] | None:
        """Two values as they are printed in one format, so that they can be laid side by side; None where they agree.

        A number that is only printed in another format agrees with itself. Where no format is shared, each is written
        as its unit is.
        """
        if now.number is None or was.number is None:
            return None if now.text == was.text else (now, was)
        if now.number == was.number:
            return None
        shared = [style for style in now.texts if style in was.texts]
        if not shared:
            texts = {"": written(now.number, self.unit)}, {"": written(was.number, self.unit)}
        else:
            style = next((one for one in shared if now.texts[one] != was.texts[one]), shared[0])
            texts = {style: now.texts[style]}, {style: was.texts[style]}
        if [*texts[0].values()] == [*texts[1].values()]:
            return None
        return replace(now, texts=texts[0]), replace(was, texts=texts[1])

    def sentence(self, now: Value, was: Value) -> str:
        """What moved, with the old and the new figure."""
        same = now.when == was.when
        beside = self._by(now, was)
        if same:
            return f"{self.label}{self._when(now)}: {now.text}, was {was.text}{f' ({beside})' if beside else ''}"
        return f"{self.label}: {now.told}, was {was.told}{f': {beside}' if beside else ''}"

    def kept_back(self, now: Value, was: Value) -> str:
        """That a figure is shown now or before only: no size of a change is told."""
        when = self._when(now)
        if now.withheld:
            return f"{self.label}{when}: {SUPPRESSED} now, and shown before. What changed cannot be told"
        return f"{self.label}{when}: {now.text}. It was {SUPPRESSED} before, so what changed cannot be told"

    def _by(self, now: Value, was: Value) -> str:
        """By how much what is printed differs from what was: never finer than either is printed."""
        this, that = _PRINTED.fullmatch(now.text), _PRINTED.fullmatch(was.text)
        if this is None or that is None or (this["before"], this["after"]) != (that["before"], that["after"]):
            return ""
        size = _signed(this) - _signed(that)
        word = "more" if size > 0 else "fewer" if self.unit in _COUNTED else "less"
        places = max(decimals(now.text), decimals(was.text))
        if this["after"] == "%":
            points = plain(abs(size), places)
            return f"{points} percentage {'point' if points == '1' else 'points'} {word}"
        return f"{this['before']}{plain(abs(size), places)}{this['after']} {word}"

    def _when(self, value: Value) -> str:
        """The time of a value, where the label does not say it."""
        said = period_title(value.when) if value.when else ""
        return "" if not said or said in self.label else f", {said}"


def of_figures(figures: Iterable[Mapping[str, Any]]) -> dict[str, Stated]:
    """The figures of a text by their names apart from time."""
    found: dict[str, Stated] = {}
    for one in figures:
        where = one["where"]
        stated = found.setdefault(
            one["apart_from_time"],
            Stated(
                one["label"], one["unit"], tuple(where.get("district", ())), tuple(where.get("service", ())),
                shape=one.get("apart_from_times", ""),
            ),
        )  # fmt: skip
        number = _number(one["value"])
        # A number that the text writes as a word is compared as a number: 9, was 5.
        spelt = number is not None and not any(sign.isdigit() for sign in one["text"])
        text = written(number, one["unit"]) if spelt else one["text"]
        before = stated.values[one["period"]].texts if one["period"] in stated.values else {}
        texts = {**before, "" if spelt else one.get("style", ""): text}
        stated.values[one["period"]] = Value(one["period"], number, one["withheld"], texts)
    return found


def of_table(table: Mapping[str, Any]) -> dict[str, Stated]:
    """The cells of a table by their names apart from time."""
    found: dict[str, Stated] = {}
    for row in table["rows"]:
        dims = {name: str(value) for name, value in row.items() if name not in (*_NO_DIMENSION, *TIME) and value}
        when = next((str(row[name]) for name in TIME if row.get(name)), "")
        name = repr((sorted(dims.items()), row.get("measure"), row.get("row"), row.get("column")))
        stated = found.setdefault(
            name, Stated(_label(table, row, dims), row["unit"], _ids(dims, "district"), _ids(dims, "service"))
        )
        withheld, number = row["value"] == SUPPRESSED, _number(row["value"])
        text = written(number, row["unit"]) if number is not None else str(row["value"] or NOT_KNOWN)
        stated.values[when] = Value(when, number, withheld, {"": text})
    return found


def _label(table: Mapping[str, Any], row: Mapping[str, Any], dims: Mapping[str, str]) -> str:
    if "row" in row:
        return f"{table['title']}, {row['row']}, {row['column']}"
    measure = str(row.get("measure", ""))
    label = measures()[measure].label if measure in measures() else title_of(measure)
    named = [in_sentence(name, label_of(name, value)) for name, value in dims.items() if value != "all"]
    return ", ".join([label, *named])


def _ids(dims: Mapping[str, str], name: str) -> tuple[str, ...]:
    value = dims.get(name, "all")
    return () if value == "all" else (value.lower().replace(" ", "-"),)


def _number(value: object) -> Fraction | None:
    """A value as a number; None for words and for what is not known."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return Fraction(value) if isinstance(value, int) else Fraction(Decimal(str(value)))
    except (ArithmeticError, ValueError):
        try:
            return Fraction(str(value))
        except (ArithmeticError, ValueError):
            return None


def _signed(printed: re.Match[str]) -> Fraction:
    number = Fraction(printed["number"].replace(",", ""))
    return -number if printed["minus"] else number


__all__: Sequence[str] = ["Stated", "Value", "of_figures", "of_table"]
