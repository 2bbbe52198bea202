"""The evidence for the regulator: what of a gated statement answers each heading of its assessment, with every card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from careshape.declared import declared, read_toml
from careshape.exchange.form import codes
from careshape.exchange.written import archived, as_json
from careshape.spreadsheets import as_csv

FILE: Final = "evidence.toml"
COLUMNS: Final = (
    "area", "kind", "segment", "label", "value", "unit", "period", "status", "reason", "interval", "source", "method",
    "card", "text",
)  # fmt: skip
CARD: Final = {
    "what": "What it measures", "source": "Source", "formula": "How it is worked out", "method": "Method",
    "updated": "Updated", "limitations": "What to bear in mind", "owner": "Who keeps it",
}  # fmt: skip
"""Fields of a card, with their titles."""
Entry = dict[str, Any]


class Area(BaseModel):
    """A heading of the assessment, and what of a statement answers it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    asks: str
    topics: tuple[str, ...]
    slots: tuple[str, ...]
    measures: tuple[str, ...]
    directions: tuple[str, ...]


class Theme(BaseModel):
    """A theme of the assessment with its quality statements."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    statements: tuple[str, ...]


class Source(BaseModel):
    """Where something of the assessment was read, and what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    address: str
    says: str


class Framework(BaseModel):
    """The assessment: whose it is, which theme and quality statement, what that asks, and the headings of the pack.

    ``commitment``, ``expects`` and ``subtopics`` are the regulator's words; ``headings`` says whose the headings are.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    framework: str
    theme: str
    statement: str
    address: str
    commitment: str
    expects: tuple[str, ...]
    subtopics: tuple[str, ...]
    headings: str
    theme_list: tuple[Theme, ...]
    source: tuple[Source, ...]
    area: tuple[Area, ...]


@dataclass(frozen=True)
class Answered:
    """A heading with what answers it: words, figures, intentions."""

    area: Area
    slots: tuple[Entry, ...]
    figures: tuple[Entry, ...]
    intentions: tuple[Entry, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing of the statement answers it."""
        return not (self.slots or self.figures or self.intentions)

    @property
    def kept_back(self) -> int:
        """How many of its figures are kept back."""
        return sum(one["status"] == "suppressed" for one in self.figures)


@cache
def framework() -> Framework:
    """The assessment as the data file states it."""
    text = files("careshape.reuse").joinpath("data").joinpath(FILE).read_text("utf-8")
    return declared(Framework, read_toml(text, FILE), FILE, "framework")


def answered(statement: Mapping[str, Any]) -> list[Answered]:
    """What of a statement in the open form answers each heading."""
    titles = {one["id"]: one["title"] for one in statement.get("segments", ())}
    units = codes()["unit"] | {one["code"]: one["label"] for one in statement.get("codes", ()) if one["list"] == "unit"}
    return [
        Answered(
            area,
            tuple(
                {**one, "title": titles[one["segment"]], "part": codes()["slot"][one["slot"]]}
                for one in statement.get("slots", ()) if one["slot"] in area.slots
            ),
            tuple(_figure(one, titles, units) for one in statement.get("figures", ()) if _answers(one, area)),
            tuple(one for one in statement.get("intentions", ()) if one["direction"] in area.directions),
        )
        for area in framework().area
    ]  # fmt: skip


def _answers(one: Mapping[str, Any], area: Area) -> bool:
    return one.get("topic") in area.topics or ("topic" not in one and one.get("measure") in area.measures)


def _figure(one: Mapping[str, Any], titles: Mapping[str, str], units: Mapping[str, str]) -> Entry:
    shown = one.get("text") or str(one.get("value", "")) if one["status"] == "value" else one["status"]
    interval = one.get("interval")
    said = f"{interval['level']:g}%: {interval['low']:,g} to {interval['high']:,g}" if interval else ""
    return {
        **one, "shown": shown, "in": titles.get(one.get("segment", ""), ""), "said": said,
        "unit_label": units.get(one["unit"], one["unit"]), "card": one.get("card") or f"figure-{one['id']}",
    }  # fmt: skip


def cards(found: list[Answered], statement: Mapping[str, Any]) -> list[Entry]:
    """The cards of the figures that answer, each once; a figure that was worked out from others has one of its own."""
    used = {one["card"]: one for each in found for one in each.figures}
    kept = [one for one in statement.get("cards", ()) if one["id"] in used]
    known = {one["id"] for one in kept}
    return kept + [_own_card(name, one) for name, one in used.items() if name not in known]


def _own_card(name: str, one: Entry) -> Entry:
    """The card of a figure that no card of the statement stands behind: what it says of itself."""
    return {
        "id": name, "label": one["label"], "what": one["label"], "source": one["source"],
        "method": one.get("method", ""),
    }  # fmt: skip


def lines(found: list[Answered]) -> list[Entry]:
    """Everything that answers, a line each."""
    rows: list[Entry] = []
    for each in found:
        for one in each.figures:
            value = one["value"] if one["status"] == "value" else one["status"]
            kept = {
                name: one.get(name, "")
                for name in ("label", "unit", "period", "status", "reason", "source", "method", "card")
            }
            rows.append(
                {
                    "area": each.area.title,
                    "kind": "figure",
                    "segment": one["in"],
                    **kept,
                    "value": value,
                    "interval": one["said"],
                }
            )
        rows += [
            {
                "area": each.area.title,
                "kind": "words",
                "segment": one["title"],
                "label": one["part"],
                "text": one["text"],
            }
            for one in each.slots
        ]
        rows += [
            {
                "area": each.area.title, "kind": "intention", "segment": one.get("section", ""), "label": one["id"],
                "text": one["statement"], "value": one.get("target_value"), "unit": one.get("unit", ""),
                "period": one.get("by_date", ""), "status": one["direction"],
            }
            for one in each.intentions
        ]  # fmt: skip
    return rows


def as_data(statement: Mapping[str, Any]) -> Entry:
    """The pack as JSON has it."""
    found, known = answered(statement), framework()
    return {
        "framework": known.framework, "theme": known.theme, "statement": known.statement,
        "commitment": known.commitment, "expects": list(known.expects), "subtopics": list(known.subtopics),
        "headings": known.headings, "sources": [one.model_dump() for one in known.source],
        "council": statement["council"], "edition": statement["edition"], "known_on": statement["known_on"],
        "synthetic": bool(statement.get("synthetic")), "licence": statement["licence"],
        "areas": [
            {
                "id": one.area.id, "title": one.area.title, "asks": one.area.asks, "figures": list(one.figures),
                "words": list(one.slots), "intentions": list(one.intentions),
            }
            for one in found
        ],
        "cards": cards(found, statement),
    }  # fmt: skip


def pack(statement: Mapping[str, Any]) -> bytes:
    """The pack as a ZIP: JSON, CSV, the cards, and a page that opens without a network."""
    found = answered(statement)
    card_names = ("id", "label", "what", "source", "formula", "method", "updated", "limitations", "owner")
    return archived({
        "evidence.json": as_json(as_data(statement)), "evidence.csv": as_csv(COLUMNS, lines(found)).encode(),
        "cards.csv": as_csv(card_names, cards(found, statement)).encode(), "evidence.html": _html(statement, found),
    })  # fmt: skip


def _html(statement: Mapping[str, Any], found: list[Answered]) -> bytes:
    """The pack as one plain page."""
    known = framework()
    title = f"{statement['council']['name']}: {known.statement}"
    parts = [
        f"<h1>{escape(title)}</h1><p>{escape(known.framework)}. {escape(known.theme)}.</p>",
        f"<blockquote><p>{escape(known.commitment)}</p></blockquote><p>{escape(known.headings)}</p>",
        f"<p>{escape(statement['edition'])}, as known on {escape(statement['known_on'])}.</p>",
        "<p><strong>Synthetic: these records of care are made up for show.</strong></p>"
        if statement.get("synthetic")
        else "",
    ]
    for one in found:
        parts.append(f"<h2>{escape(one.area.title)}</h2><p><em>{escape(one.area.asks)}</em></p>")
        parts.append(_table(one) if one.figures else "")
        parts += [
            f"<h3>{escape(each['title'])}: {escape(each['part'])}</h3>{_paragraphs(each['text'])}" for each in one.slots
        ]
        items = "".join(f"<li>{escape(each['id'])}: {escape(each['statement'])}</li>" for each in one.intentions)
        parts.append(f"<h3>What the council intends</h3><ul>{items}</ul>" if items else "")
        parts.append("<p>Nothing in the statement answers this yet.</p>" if one.empty else "")
    parts.append("<h2>What stands behind the figures</h2>")
    parts += [_card(one) for one in cards(found, statement)]
    body = "\n".join(part for part in parts if part)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    whole = f'<!DOCTYPE html>\n<html lang="en-GB"><head>{head}</head><body>\n{body}\n</body></html>\n'
    return whole.encode()


def _table(one: Answered) -> str:
    heads = ("Figure", "Value", "Unit", "Period", "Interval", "Why there is none", "Card")
    rows = [
        (
            each["label"],
            each["shown"],
            each["unit_label"],
            each["period"],
            each["said"],
            each.get("reason", ""),
            each["card"],
        )
        for each in one.figures
    ]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(str(cell))}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    caption = f"<caption>{escape(one.area.title)}: figures</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _card(one: Entry) -> str:
    told = "".join(f"<dt>{title}</dt><dd>{escape(one[name])}</dd>" for name, title in CARD.items() if one.get(name))
    return f"<h3>{escape(one['id'])}: {escape(one['label'])}</h3><dl>{told}</dl>"


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part.strip())}</p>" for part in text.split("\n\n") if part.strip())


__all__ = ["CARD", "COLUMNS", "Answered", "Area", "answered", "as_data", "cards", "framework", "lines", "pack"]
