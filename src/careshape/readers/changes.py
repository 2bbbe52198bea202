"""What changed from one released edition to another, in words with the old and the new figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from careshape.readers.matched import matched
from careshape.readers.said import Said
from careshape.readers.stated import Stated, of_figures, of_table
from careshape.readers.worded import words_changed
from careshape.statement.formatting import title_of
from careshape.statement.labels import in_sentence, label_of, period_title

KINDS: Final = {
    "figure": "A figure moved",
    "shown": "Shown or kept back",
    "new": "A new figure",
    "gone": "A figure is no longer said",
    "words": "Words changed",
    "intention": "An intention",
    "section": "A section",
}
"""What a change may be, as a reader meets it."""
WHOLE: Final = "The whole statement"
_SAYS: Final = {
    "statement": "its words", "direction": "its direction", "target_value": "its target", "by_date": "its date",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One change.

    segment: the id of the segment in which it stands, empty for the whole; ``title`` is what a reader calls it.
    text: the change in words; ``was`` and ``now`` what stood and what stands, where there is a word for each.
    services, areas: the services and districts that it is about; without any it is about all.
    """

    segment: str
    title: str
    kind: str
    what: str
    text: str
    was: str = ""
    now: str = ""
    services: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    @property
    def kind_words(self) -> str:
        """The kind as a reader meets it."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class Changes:
    """All that changed from one edition to another."""

    council: str
    before: int
    after: int
    found: tuple[Change, ...]

    def of(self, segment: str) -> tuple[Change, ...]:
        """What changed in a segment."""
        return tuple(one for one in self.found if one.segment == segment)

    @property
    def by_segment(self) -> list[tuple[str, str, tuple[Change, ...]]]:
        """Segment, its title and what changed in it, in the order of the statement."""
        titles = {one.segment: one.title for one in self.found}
        return [(segment, title, self.of(segment)) for segment, title in titles.items()]


def changes(before: Said, after: Said) -> Changes:
    """What changed between two editions, from what each prints and from nothing else."""
    found: list[Change] = []
    for name, one in after.segments.items():
        if name not in before.segments:
            found.append(_section(one, "New section"))
            continue
        was = before.segments[name]
        made = [*_figures(was, one, before, after), *_words(was, one)]
        # A figure that stands in the text and in a table is told once.
        found += {change.text: change for change in made}.values()
    found += [_section(one, "Section gone") for name, one in before.segments.items() if name not in after.segments]
    found += _intentions(before, after)
    order = {name: number for number, name in enumerate(after.segments)}
    found.sort(key=lambda one: order.get(one.segment, len(order)))
    return Changes(after.council, before.number, after.number, tuple(found))


def _section(one: dict[str, Any], said: str) -> Change:
    text = f"{said}: {one['title']}."
    return Change(one["segment"], one["title"], "section", one["title"], text, services=tuple(one["services"]))


def _figures(was: dict[str, Any], now: dict[str, Any], before: Said, after: Said) -> Iterator[Change]:
    old, new = _stated(was, before), _stated(now, after)
    found = matched(new, old)
    taken = set(found.values())
    # What stood in the text and in a table, and stands in one of them still, is neither new nor gone.
    said, said_before = {one.label for one in new.values()}, {one.label for one in old.values()}
    for name, one in new.items():
        if name not in found and one.label not in said_before:
            yield _told(now, "new", one, f"{one.latest_words}. The edition before did not say it.", "", one.latest.text)
        elif name in found:
            yield from _moved(now, one, old[found[name]])
    for name, one in old.items():
        if name not in taken and one.label not in said:
            yield _told(now, "gone", one, f"{one.label}: no longer said.", one.latest.text)


def _stated(segment: dict[str, Any], said: Said) -> dict[str, Stated]:
    """The figures of a segment's text and of the tables in it, by their names."""
    found = dict(of_figures(segment["figures"]))
    for name in segment["tables"]:
        if name in said.tables:
            found |= {f"{name} {cell}": one for cell, one in of_table(said.tables[name]).items()}
    return found


def _moved(now: dict[str, Any], one: Stated, old: Stated) -> Iterator[Change]:
    """What changed of a figure that both editions say."""
    for this, that in one.pairs(old):
        if this.withheld != that.withheld:
            # What is made from figures kept back has no name of its own then.
            named = old if this.withheld else one
            yield _told(now, "shown", named, named.kept_back(this, that), that.text, this.text)
        elif not this.withheld and (alike := one.alike(this, that)) is not None:
            this, that = alike
            yield _told(now, "figure", one, one.sentence(this, that), that.text, this.text)


def _told(now: dict[str, Any], kind: str, one: Stated, text: str, was: str = "", is_: str = "") -> Change:
    services = one.services or tuple(now["services"])
    return Change(now["segment"], now["title"], kind, one.label, text, was, is_, services, one.areas)


def _words(was: dict[str, Any], now: dict[str, Any]) -> Iterator[Change]:
    slots = {slot["id"]: slot for slot in was["slots"]}
    for slot in now["slots"]:
        text = words_changed(slots.get(slot["id"], {"text": "", "wording": ""}), slot)
        if text is not None:
            yield Change(
                now["segment"], now["title"], "words", slot["title"], f"“{slot['title']}”: {text.sentence}",
                text.gone, text.new, tuple(now["services"]),
            )  # fmt: skip


def _intentions(before: Said, after: Said) -> Iterator[Change]:
    for name, one in after.intentions.items():
        was = before.intentions.get(name)
        if was is None:
            yield from _intended(after, one, f"New intention: {_named(one)}")
            continue
        if one.get("state") and one["state"] != was.get("state"):
            said = title_of(str(one["state"]))
            yield from _intended(after, one, f"{said}: {_named(one)}", str(was.get("state") or ""), said)
        moved = [words for field, words in _SAYS.items() if one.get(field) != was.get(field)]
        if moved:
            text = f"Changed in {_listed(moved)}: {_named(one)} It was: {_named(was)}"
            yield from _intended(after, one, text, _named(was), _named(one))
    for name, one in before.intentions.items():
        if name not in after.intentions:
            yield from _intended(before, one, f"Intention dropped: {_named(one)}")


def _intended(said: Said, one: dict[str, Any], text: str, was: str = "", now: str = "") -> Iterator[Change]:
    """A change of an intention, in each segment that is about its service; else in the whole statement."""
    service = str(one.get("service", ""))
    about = [each for each in said.segments.values() if service and service in each["services"]]
    area = str(one.get("area") or one.get("district") or "")
    for each in about or [{"segment": "", "title": WHOLE}]:
        yield Change(
            each["segment"], each["title"], "intention", str(one["id"]), text, was, now, (service,) if service else (),
            (area,) if area and area != "all" else (),
        )  # fmt: skip


def _named(one: dict[str, Any]) -> str:
    """An intention in words: what is intended, for whom and by when."""
    text = str(one.get("statement", one["id"])).strip()
    group, by = str(one.get("client_group") or "all"), str(one.get("by_date") or "")
    more = [] if group == "all" else [f"for {in_sentence('client_group', label_of('client_group', group))}"]
    more += [f"by {period_title(by)}"] if by else []
    return f"{text} ({', '.join(more)})." if more else text if text.endswith(".") else f"{text}."


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
