"""What the rules say of an act: met, broken, not known, or not about it; and what would clear it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from careshape.errors import CallError
from careshape.rules.clauses import Clause
from careshape.rules.entries import ACTS, Rule, rules
from careshape.rules.facts import Fact, Facts, facts, told

State = Literal["met", "broken", "not-known", "not-applicable"]
STATES: Final[dict[State, str]] = {
    "met": "Met",
    "broken": "Not met",
    "not-known": "Not known",
    "not-applicable": "Not about this",
}


@dataclass(frozen=True)
class Finding:
    """What one rule says of one act.

    Attributes:
        said: the sentence to the person who acts.
        clears: what would clear it, a sentence each; empty where there is nothing to do.
        missing: the facts that are not known and could decide it; they are asked for, never guessed.
        override_by: the roles that may let the act go ahead against it; empty where nobody may, or not while facts are
            missing.
        another_person: whether that must be somebody else than the person who acts.
        unknown_bars: whether what is not known of a provider bars it where a request is offered or awarded.
        overridden: whether an authorised person let it go ahead (see ``override.overridden``).
    """

    rule: str
    number: int
    title: str
    kind: str
    act: str
    on: date
    state: State
    said: str
    sources: tuple[str, ...]
    clears: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    override_by: tuple[str, ...] = ()
    another_person: bool = True
    overridden: bool = False
    unknown_bars: bool = False

    @property
    def stops(self) -> bool:
        """Whether the act must wait: a gate that is not met or not known, or a prompt that has no answer."""
        stopping = {"gate": ("broken", "not-known"), "prompt": ("not-known",)}
        return self.state in stopping.get(self.kind, ()) and not self.overridden


def judge(
    act: str, given: Mapping[str, object], authority: str, on: date, folder: Path | None = None
) -> tuple[Finding, ...]:
    """What every rule that binds a council on a day says of an act.

    Args:
        act: one of ``ACTS``.
        given: the facts that are known, by name; None, or no entry, where one is not known.
        authority: the council's slug.
        on: the day of the act.
        folder: the council's folder, for its own rules.

    Raises:
        CallError: an act, a fact or a value that there is not.
    """
    known = told(given)
    return tuple(find(rule, act, known, on) for rule in standing(act, authority, on, folder))


def needed(act: str, authority: str, on: date, folder: Path | None = None) -> tuple[Fact, ...]:
    """The facts that an act may need, in the order of the vocabulary. The arguments are those of ``judge``."""
    names = {name for rule in standing(act, authority, on, folder) for name in rule.facts()}
    return tuple(fact for fact in facts().values() if fact.id in names)


def standing(act: str, authority: str, on: date, folder: Path | None = None) -> tuple[Rule, ...]:
    """The rules that bind a council on a day and stand at an act. Raises CallError for an act that there is not."""
    if act not in ACTS:
        near = difflib.get_close_matches(act, ACTS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise CallError(f"There is no act '{act}'.{hint} Acts are {', '.join(ACTS)}.")
    return tuple(one for one in rules(authority, folder).values() if act in one.acts and one.binds(authority, on))


def find(rule: Rule, act: str, known: Facts, on: date) -> Finding:
    """What one rule says of one act, whoever it binds. ``known`` is as ``facts.told`` gives it."""
    about = rule.applies.judge(known, on) if rule.applies else None
    if about is not None and about.holds is False:
        return _finding(rule, act, on, "not-applicable", f"This is not about what you do: {rule.title}.")
    kept = rule.requires.judge(known, on)
    if kept.holds is True:
        return _finding(rule, act, on, "met", f"{rule.title[:1].upper()}{rule.title[1:]}.")
    # Whether it is about this comes first: what it then asks for may never be needed.
    open_ = about.missing if about is not None and about.holds is None else kept.missing
    questions = tuple(facts()[name].ask for name in open_)
    if kept.holds is False and (about is None or about.holds):
        todo = (*_todo(rule.requires, {id(leaf) for leaf in kept.short}), *questions)
        return _finding(rule, act, on, "broken", rule.broken, todo, open_)
    # Nobody is asked how a figure is counted: that is worked out, or told once for the whole council.
    ask = "" if rule.kind == "counting" else " Say what is asked; nothing is guessed."
    said = f"It is not known whether this is met: {rule.title}.{ask}"
    return _finding(rule, act, on, "not-known", said, questions, open_)


def _finding(
    rule: Rule, act: str, on: date, state: State, said: str, clears: tuple[str, ...] = (), missing: tuple[str, ...] = ()
) -> Finding:
    # What is not known is asked for first: an override stands against what is known not to be met.
    allowed = rule.override if state == "broken" and not missing else None
    return Finding(
        rule.id, rule.number, rule.title, rule.kind, act, on, state, said, rule.sources, clears, missing,
        allowed.by if allowed else (), allowed.another_person if allowed else True, unknown_bars=rule.unknown_bars,
    )  # fmt: skip


def _todo(clause: Clause, short: set[int]) -> tuple[str, ...]:
    """What would make a clause hold: a sentence for each test that falls short, one for a choice among several."""
    if clause.any is None:
        parts = clause.all or ((clause.not_,) if clause.not_ else ())
        own = (clause.clear,) if clause.fact and id(clause) in short else ()
        return (*own, *(text for part in parts for text in _todo(part, short)))
    options = [" ".join(_todo(part, short)) for part in clause.any]
    options = [text for text in options if text]
    return (f"One of these is enough. {' Or: '.join(options)}",) if len(options) > 1 else tuple(options)
