"""What the files of a Data Package and their columns are called, so that each can be told from every other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

RESOURCES: Final[Mapping[str, tuple[str, str]]] = {
    "statement.json": ("The whole statement", "Everything in one file, in the open form."),
    "statement.csv": (
        "Whose statement it is, and which edition",
        "What stands once: council, title, period, edition, licence and contact, a field a line.",
    ),
    "segments.csv": ("Parts of the market", "One line a part of the market, such as home care."),
    "slots.csv": (
        "What is said of each part of the market",
        "One line a part of the market and what is said of it: need, supply, gap, quality, price and so on, in words.",
    ),
    "figures.csv": (
        "Figures of the words and of the comparison",
        "One line a figure, with its unit, period, source, method and card. Those with a topic are what councils are "
        "laid side by side by.",
    ),
    "tables.csv": ("List of tables", "One line a table, with the file that holds its rows."),
    "intentions.csv": ("What the council means to do", "One line an intention, with its direction, target and date."),
    "opportunities.csv": ("What is open to providers", "One line an opportunity."),
    "cards.csv": ("What stands behind the figures", "One line a card: what a figure measures, its source and limits."),
    "codes.csv": ("Codes of the council's own", "One line a code that the open lists do not have, with its label."),
}  # fmt: skip
"""File -> its title and what it holds."""
ONE: Final[Mapping[str, str]] = {
    "segments": "Part of the market", "slots": "What is said", "figures": "Figure", "tables": "Table",
    "intentions": "Intention", "opportunities": "Opportunity", "cards": "Card", "codes": "Code",
}  # fmt: skip
"""List -> what one entry of it is."""
_FIELDS: Final[Mapping[tuple[str, str], str]] = {
    ("segments", "id"): "Names the part of the market within the statement.",
    ("segments", "title"): "What it is called.",
    ("slots", "segment"): "The part of the market, by its id in segments.csv.",
    ("figures", "interval.low"): "The lower limit of the interval, in the unit of the figure.",
    ("figures", "interval.high"): "The upper limit of the interval, in the unit of the figure.",
    ("tables", "id"): "Names the table within the statement.",
    ("tables", "title"): "What the table shows.",
    ("tables", "segment"): "The part of the market that it stands in, by its id in segments.csv.",
    ("tables", "note"): "What to bear in mind when reading it.",
    ("tables", "source"): "Where its figures come from.",
    ("tables", "card"): "The card that explains it, by its id in cards.csv.",
    ("tables", "file"): "The file of its rows.",
    ("intentions", "id"): "Names the intention within the statement.",
    ("intentions", "section"): "The section of the document that it stands in.",
    ("intentions", "segment"): "The part of the market that it is of, by its id in segments.csv.",
    ("intentions", "service"): "The service that it is of, by the list service; left out: all.",
    ("intentions", "client_group"): "The client group that it is of, by the list client_group; left out: all.",
    ("intentions", "area"): "The place that it is of; left out: the whole of the council's area.",
    ("intentions", "statement"): "What the council means to do, in its own words.",
    ("intentions", "target_measure"): "The measure by which it is seen whether it comes about.",
    ("intentions", "target_value"): "The number that is aimed at, in the unit beside it.",
    ("intentions", "unit"): "The unit of the number that is aimed at, by the list unit.",
    ("intentions", "evidence"): "What it rests on.",
    ("intentions", "exceptions"): "Where it does not hold.",
    ("opportunities", "id"): "Names the opportunity within the statement.",
    ("opportunities", "title"): "What is open.",
    ("opportunities", "segment"): "The part of the market that it is in, by its id in segments.csv.",
    ("opportunities", "text"): "What is open, in words.",
    ("opportunities", "size"): "How much is wanted, in the unit beside it.",
    ("opportunities", "interval.low"): "The lower limit of the interval of the size.",
    ("opportunities", "interval.high"): "The upper limit of the interval of the size.",
    ("opportunities", "unit"): "The unit of what is wanted, by the list unit.",
    ("opportunities", "opens"): "The first day on which one can take part.",
    ("opportunities", "closes"): "The last day on which one can take part.",
    ("opportunities", "address"): "Where more of it is told.",
    ("cards", "id"): "Names the card within the statement.",
    ("cards", "label"): "What the figures with this card are called.",
    ("cards", "source"): "Where they come from.",
    ("cards", "updated"): "How often they are made anew.",
    ("cards", "limitations"): "What to bear in mind when reading them.",
    ("cards", "method"): "How they were made.",
    ("cards", "owner"): "The post that answers for them.",
    ("codes", "list"): "The list that the code belongs to.",
    ("codes", "code"): "The code as the other files have it.",
    ("codes", "label"): "What it is called.",
}
"""List and column -> what it holds, where the form's schema does not say it."""


def field_of(part: str, name: str, described: Mapping[str, Any]) -> dict[str, Any]:
    """A column of a list: its name, type, title and what it holds."""
    types = described.get("type", "string")
    numeric = "number" in ([types] if isinstance(types, str) else types)
    said = described.get("description") or _FIELDS.get((part, name), "")
    return {
        "name": name, "type": "number" if numeric else "string",
        "title": f"{ONE[part]}: {name.replace('_', ' ').replace('.', ', ')}",
        **({"description": said} if said else {}),
    }  # fmt: skip
