"""Search over a council's pages, and the list of all of them from A to Z."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from careshape.evaluate.measure import measures
from careshape.statement.addresses import address
from careshape.statement.council import Council
from careshape.statement.outlook.ahead import NotWorkedOutError
from careshape.statement.outlook.expected import expected, heading
from careshape.statement.outlook.reports import KINDS
from careshape.statement.phrases import phrase
from careshape.statement.subject_views import shown
from careshape.statement.text import plain_text

MOST = 50
"""Pages that a page of results shows."""
_SPAN = 90


@dataclass(frozen=True)
class Entry:
    """A page that can be found: its title, address, what kind of page it is, and the words that it is found by."""

    title: str
    href: str
    kind: str
    words: str


@dataclass(frozen=True)
class Hit:
    """A page that was found, with the words around the first match."""

    entry: Entry
    excerpt: str


def entries(council: Council) -> list[Entry]:
    """Every page of a council that a reader may look for."""
    with council.lock:
        if "entries" not in council.kept:
            council.kept["entries"] = _entries(council)
        found: list[Entry] = council.kept["entries"]
        return found


def search(council: Council, asked: str) -> list[Hit]:
    """The pages that hold every word asked for, those with it in their title first."""
    return found_in(entries(council), asked)


def found_in(known: Iterable[Entry], asked: str) -> list[Hit]:
    """The same among any pages."""
    words = _words(asked)
    if not words:
        return []
    hits = []
    for entry in known:
        title, text = entry.title.casefold(), f"{entry.title} {entry.words}".casefold()
        if all(word in text for word in words):
            weight = sum(10 for word in words if word in title) + min(5, sum(text.count(word) for word in words) // 3)
            # What a reader names is mostly a page of the statement, and mostly by the beginning of its title.
            begins = 8 if re.match(rf"{re.escape(words[0])}\b", title) else 2 * title.startswith(words[0])
            weight += begins + 4 * (entry.kind == "Statement")
            hits.append((-weight, entry.title, Hit(entry, _excerpt(entry.words, words))))
    return [hit for _, _, hit in sorted(hits, key=lambda one: one[:2])]


def suggestion(council: Council, asked: str) -> str:
    """What a reader may have meant: the words asked for with those that stand nowhere put near; empty if none is."""
    with council.lock:
        if "vocabulary" not in council.kept:
            text = " ".join(f"{entry.title} {entry.words}" for entry in entries(council)).casefold()
            council.kept["vocabulary"] = Counter(word for word in re.findall(r"[^\W\d_]{4,}", text))
        known: Counter[str] = council.kept["vocabulary"]
    words = _words(asked)
    said = [word if any(word in one for one in known) or len(word) < 4 else _nearest(word, known) for word in words]
    return "" if said == words or not all(said) else " ".join(said)


def _nearest(word: str, known: Counter[str]) -> str:
    near = get_close_matches(word, known, n=3, cutoff=0.75)
    return max(near, key=lambda one: (SequenceMatcher(None, word, one).ratio(), known[one])) if near else ""


def _words(asked: str) -> list[str]:
    return re.findall(r"\w+", asked.casefold())


def a_to_z(council: Council) -> dict[str, list[Entry]]:
    """Every page by the first letter of its title."""
    letters: dict[str, list[Entry]] = {}
    for entry in sorted(entries(council), key=lambda one: one.title.casefold()):
        letter = entry.title[:1].upper()
        letters.setdefault(letter if letter.isalpha() else "0 to 9", []).append(entry)
    return letters


def _entries(council: Council) -> list[Entry]:
    slug, found = council.slug, []
    if council.statement:
        for segment in council.statement.segments.values():
            href = address(slug, "segment", segment.id)
            found.append(Entry(segment.title, href, "Statement", plain_text(council, segment)))
        for spec in council.statement.tables.values():
            words = " ".join(str(phrase(council.book, text)) for field, text in spec.texts() if field != "title")
            found.append(Entry(spec.title, address(slug, "table", spec.id), "Table", words))
    for measure in measures().values():
        words = f"{measure.card.what} {measure.card.formula} {measure.card.limitations}"
        found.append(Entry(measure.label, address(slug, "measure", measure.id), "Measure", words))
    for intention in council.sources.intentions:
        title = f"Intention {intention.id}"
        href = address(slug, "intention", intention.id)
        found.append(Entry(title, href, "Intention", intention.statement))
    found += _ahead(council)
    if council.dataset:
        for entry in council.dataset.tables.values():
            if entry.observations:
                href = address(slug, "observations", entry.name)
                found.append(Entry(f"{entry.title} ({entry.number})", href, "Published figures", entry.note))
    for title, page in (
        ("Discrepancies in the published statement", "discrepancies"),
        ("Published against computed", "check"),
        ("What the council means to do", "intentions"),
        ("What is wanted here: opportunities for providers", "opportunities"),
        ("May I build this here?", "may-i-build"),
        ("Where care is to be: goals and their evidence", "end-states"),
        ("What is written and what is due", "slots"),
        ("About these figures", "about"),
    ):
        found.append(Entry(title, address(slug, page), "Page", ""))
    for subject in council.statement.subjects if council.statement else ():
        one = shown(council, subject)
        found.append(Entry(one.title, address(slug, "subject", one.id), "Statement", one.about))
    if council.decided.reviewed:
        found.append(Entry("Did we do what we said? The review of drivers", address(slug, "review"), "Page", ""))
    if council.decided.messages or council.decided.events:
        found.append(Entry("What people told the council", address(slug, "views"), "Page", ""))
    return found


def _ahead(council: Council) -> list[Entry]:
    """The pages of what is to come; a segment is found by what it says, where it can be forecast."""
    slug = council.slug
    found = [
        Entry("What the market will have to supply", address(slug, "outlook"), "Outlook", "gap demand supply forecast")
    ]
    found += [Entry(one.title, address(slug, one.id), "Outlook", one.what) for one in KINDS.values()]
    try:
        outlook = council.ahead
    except NotWorkedOutError:
        return found
    for one in outlook.segments.values():
        words = " ".join(expected(outlook, one, group).said for group in outlook.groups_of(one.id))
        found.append(
            Entry(f"{heading(one)}: what is to come", address(slug, "outlook-segment", one.id), "Outlook", words)
        )
    return found


def _excerpt(text: str, words: list[str]) -> str:
    """Whole words around the first match, a beginning of the text where the title alone matches."""
    places = [at for word in words if (at := text.casefold().find(word)) >= 0]
    at = min(places, default=0)
    start, end = max(0, at - _SPAN), min(len(text), at + 2 * _SPAN)
    if start:
        start = text.find(" ", start, at) + 1 or start
    if end < len(text):
        end = text.rfind(" ", at + 1, end) if " " in text[at + 1 : end] else end
    return ("… " if start else "") + text[start:end].strip(" ,;:") + (" …" if end < len(text) else "")
