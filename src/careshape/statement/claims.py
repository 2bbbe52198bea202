"""Words that claim a direction or a first place, held against the figures beside them: a text must not say "rose" of a
figure that fell.

What is read is what stands beside a live figure: "rose by", "a fall of", "fewer", "above" at a change or difference;
"rose from ... to ..." with a figure in each place; "has the most" of a part that a figure names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from careshape.catalogue.periods import parse_period
from careshape.errors import CallError, CareshapeError
from careshape.statement.calls import Call, Found
from careshape.statement.figures import Figure, FigureBook
from careshape.statement.functions import read
from careshape.statement.functions.arguments import number_of
from careshape.statement.labels import label_of

UP: Final = (
    r"rose|risen|rises?|rising|grew|grown|grows?|growing|growth|increase[sd]?|increasing|climbed|gained|gains?|"
    r"(?:went|gone|goes) up"
)
DOWN: Final = (
    r"fell|fallen|falls?|falling|dropped|drops?|decrease[sd]?|decreasing|declined?|declines|declining|reduced|"
    r"reductions?|shrank|shrunk|lost|loss|(?:went|gone|goes) down"
)
MORE: Final = r"more|higher|larger|greater|longer|above|up"
FEWER: Final = r"fewer|less|lower|smaller|shorter|below|down"
MOST: Final = r"the most|(?:the )?(?:largest|highest|greatest|biggest)"
LEAST: Final = r"the least|(?:the )?(?:fewest|smallest|lowest)"
NEGATED: Final = re.compile(r"\b(?:not|no|never|nor|neither|without|nobody|whether|if)\b|n't\b", re.IGNORECASE)
CLAUSE: Final = re.compile(r"[.;:!?](?=\s|$)|\n\s*\n|\n\s*[-*] |\n#+ |[()]")
_SENTENCE: Final = re.compile(r"[.!?](?=\s|$)|\n\s*\n|\n\s*[-*] |\n#+ ")
IS: Final = r"(?:has|have|had|is|are|was|were|sees|saw|shows|showed|with|gets|got)"
_BEFORE: Final = re.compile(rf"\b(?:(?P<up>{UP})|(?P<down>{DOWN}))\b(?P<rest>(?:\W+\w+){{0,3}})\W*$", re.IGNORECASE)
_AFTER: Final = re.compile(rf"^\s*(?:\w+\s+){{0,2}}?(?:(?P<up>{MORE})|(?P<down>{FEWER}))\b", re.IGNORECASE)
_FROM: Final = re.compile(rf"\b(?:(?P<up>{UP})|(?P<down>{DOWN}))\b(?:\s+\w+){{0,3}}?\s+from\s*$", re.IGNORECASE)
_FIRST: Final = re.compile(rf"^\s*(?:\w+\s+){{0,3}}?{IS}\s+(?:(?P<up>{MOST})|(?P<down>{LEAST}))\b", re.IGNORECASE)


@dataclass(frozen=True)
class Claim:
    """A claim that its figure does not bear out: where it begins in the text, and what is wrong."""

    start: int
    message: str


def contradictions(text: str, found: Sequence[Found], book: FigureBook) -> Iterator[Claim]:
    """The claims of a text that the figures beside them contradict; a figure that is not known contradicts nothing."""
    inline = [one for one in found if not one.call.block]
    for number, one in enumerate(inline):
        earlier = inline[number - 1] if number else None
        later = inline[number + 1] if number + 1 < len(inline) else None
        before = _after_last(CLAUSE, text[earlier.end if earlier else 0 : one.start])
        after = _to_first(CLAUSE, text[one.end : later.start if later else len(text)])
        if one.call.name in ("growth", "difference") or _observed_change(one.call, book):
            yield from _change(one, before, after, book)
        elif one.call.name in ("largest", "smallest"):
            yield from _extreme(one, after)
        else:
            if later and text[one.end : later.start].strip() == "to":
                yield from _course(one, later, before, book)
            yield from _place(one, text, book)


def _change(one: Found, before: str, after: str, book: FigureBook) -> Iterator[Claim]:
    """ "Rose by", "a fall of" before a change, and "fewer", "above" after it."""
    match = _BEFORE.search(before)
    if match is None or re.search(r"\bfrom\b", match["rest"]):
        match = _AFTER.search(after) if not re.search(r"\bor\b", after[:6]) else None
    value, way = number_of(book.figure(one.call)), _way(one.call)
    if value is None or match is None or NEGATED.search(before):
        return
    fits = way == 0 or (value * way > 0) is bool(match["up"])
    # "-4 fewer" says the opposite of what it means.
    if value == 0 or not fits or (one.call.name == "difference" and value < 0):
        yield _told(one, match["up"] or match["down"], book.figure(one.call))


def _way(call: Call) -> int:
    """1 where a figure above zero means more, -1 where it means fewer, 0 where the call does not tell.

    A change is always from the first to the second. A difference may be turned round, so that "4 fewer" prints no
    minus: it tells only where its figures are of two periods.
    """
    if call.name in ("growth", "observation"):
        return 1
    starts = [_start(one) for one in call.args if isinstance(one, Call)]
    known = [one for one in starts if one is not None]
    if len(known) < 2 or known[0] == known[1]:
        return 0
    return 1 if known[0] < known[1] else -1


def _observed_change(call: Call, book: FigureBook) -> bool:
    """Whether a call quotes a change that somebody else worked out."""
    return call.name == "observation" and bool(re.search(r"\bchange\b", book.figure(call).what, re.IGNORECASE))


def _start(call: Call) -> date | None:
    """The first day of the period that a call asks for."""
    try:
        return parse_period(str(call.options["period"])).start
    except (KeyError, CallError):
        return None


def _course(one: Found, later: Found, before: str, book: FigureBook) -> Iterator[Claim]:
    """ "Rose from A to B": B must be more than A."""
    match = _FROM.search(before)
    first, second = number_of(book.figure(one.call)), number_of(book.figure(later.call))
    if match is None or first is None or second is None or NEGATED.search(before):
        return
    if first == second or (second > first) is not bool(match["up"]):
        said = f"'{match['up'] or match['down']}'"
        figures = f"{book.figure(one.call).text} to {book.figure(later.call).text}"
        yield Claim(one.start, f"The text says {said}, and the figures go from {figures}. {_REMEDY}")


def _extreme(one: Found, after: str) -> Iterator[Claim]:
    """The largest part does not have the fewest."""
    match = _FIRST.search(after)
    if match and bool(match["up"]) is not (one.call.name == "largest"):
        said = f"The text says '{match['up'] or match['down']}' of {{{{ {one.call} }}}}."
        yield Claim(one.start, f"{said} Ask for the other end, or change the word.")


def _place(one: Found, text: str, book: FigureBook) -> Iterator[Claim]:
    """ "Wychavon has the most", beside a figure of Wychavon: it must be the first, or the last, of all parts."""
    if one.call.name not in ("measure", "observation") or not one.call.named:
        return
    # The end of a sentence is looked for behind the figure: its arguments may hold a full stop.
    sentence = _after_last(_SENTENCE, text[: one.start]) + " " + _to_first(_SENTENCE, text[one.end :])
    sentence = " ".join(re.sub(r"\{\{.*?\}\}", " ", sentence, flags=re.DOTALL).split())
    for name, value in one.call.named:
        if name == "period" or not isinstance(value, str):
            continue
        label = re.escape(label_of(name, value))
        claim = re.search(rf"\b{label}\b[^.]{{0,60}}?\b{IS} (?:(?P<up>{MOST})|(?P<down>{LEAST}))\b", sentence, re.I)
        if claim and not NEGATED.search(claim[0]):
            yield from _held(one, name, value, claim, book)


def _held(one: Found, name: str, value: str, claim: re.Match[str], book: FigureBook) -> Iterator[Claim]:
    end = "largest" if claim["up"] else "smallest"
    others = tuple((key, given) for key, given in one.call.named if key != name)
    try:
        first = read(book, Call(end, one.call.args, (*others, ("by", name)))).value
    except CareshapeError:
        return  # where the parts cannot be compared, or no ledger is at hand, nothing is contradicted
    if first != label_of(name, value):
        said = claim["up"] or claim["down"]
        yield Claim(one.start, f"The text says '{said}' of {label_of(name, value)}, and it is {first}. {_REMEDY}")


_REMEDY: Final = "Put the word right, or let {{ moved(...) }} or {{ largest(...) }} choose it."


def _told(one: Found, said: str, figure: Figure) -> Claim:
    return Claim(one.start, f"The text says '{said}', and {{{{ {one.call} }}}} is {figure.text}. {_REMEDY}")


def _after_last(edge: re.Pattern[str], text: str) -> str:
    found = list(edge.finditer(text))
    return text[found[-1].end() :] if found else text


def _to_first(edge: re.Pattern[str], text: str) -> str:
    match = edge.search(text)
    return text[: match.start()] if match else text
