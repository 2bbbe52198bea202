"""Homes followed through new registrations: the same home under another location id is one home with a history.

A home that changes hands, or its provider's legal form, ends in the regulator's register and begins again. What cannot
be told is not decided: it is ``perhaps``, with its reasons, until a person decides it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from careshape.errors import InputError
from careshape.market.alike import Pair, Verdict, compare, possible, rule
from careshape.market.registrations import Registration, Registrations, spaced

TOO_SOON: Final = "it ended too shortly before the day of the files to tell"
CLOSED: Final = "no registration goes on from it"
DECIDED: Final = "decided by a person"
COLUMNS: Final = ("ended", "name", "postcode", "end", "beds", "verdict", "goes_on_as", "reasons")

Decisions = Mapping[tuple[str, str], Verdict]
"""(id that ended, id that began) -> ``same`` or ``no``; the second id is blank where no other goes on from it."""


@dataclass(frozen=True)
class Followed:
    """What became of a registration that ended.

    Attributes:
        verdict: ``same`` (it goes on), ``perhaps`` (a person must say) or ``no`` (it closed).
        pairs: the one registration that goes on from it, or those that may.
        reason: why, in words.
    """

    ended: Registration
    verdict: Verdict
    pairs: tuple[Pair, ...]
    reason: str

    def as_row(self) -> dict[str, Any]:
        """As a row for a table or a download."""
        one = self.ended
        return {
            "ended": one.id,
            "name": one.name,
            "postcode": spaced(one.postcode),
            "end": None if one.end is None else one.end.isoformat(),
            "beds": one.beds,
            "verdict": self.verdict,
            "goes_on_as": "; ".join(pair.began.id for pair in self.pairs),
            "reasons": self.reason,
        }


def follow(known: Registrations, decisions: Decisions | None = None) -> tuple[Followed, ...]:
    """What became of every registration that ended, the earliest first.

    Of several registrations that may go on from one, or several that one may go on from, the pair stands for which
    strictly the most speaks; where two are equal, both are ``perhaps``.

    Raises:
        InputError: a decision names a registration that is not in the files, or two of them clash.
    """
    given = dict(decisions or {})
    _check(known, given)
    pairs = _decided(_pairs(known), known, given)
    standing = _stand([one for one in pairs if one.verdict == "same"])
    begun = {one.began.id for one in standing}
    found = {one.ended.id: one for one in standing}
    open_: dict[str, list[Pair]] = defaultdict(list)
    for one in pairs:
        if one.verdict != "no" and one.ended.id not in found and one.began.id not in begun:
            open_[one.ended.id].append(one)
    return tuple(_outcome(one, found.get(one.id), open_[one.id], known.as_of, given) for one in known.ended)


def histories(followed: Iterable[Followed], known: Registrations) -> list[tuple[Registration, ...]]:
    """Every home as its registrations, the first of each first; a home that was never registered anew has one."""
    after = {one.ended.id: one.pairs[0].began.id for one in followed if one.verdict == "same"}
    by_id = {one.id: one for one in known.homes}
    homes = []
    for first in sorted(set(by_id) - set(after.values())):
        chain = [first]
        while chain[-1] in after:
            chain.append(after[chain[-1]])
        homes.append(tuple(by_id[one] for one in chain))
    return homes


def _pairs(known: Registrations) -> list[Pair]:
    """Every two registrations of one postcode sector of which one may go on from the other."""
    near: dict[str, list[Registration]] = defaultdict(list)
    for one in known.homes:
        near[one.postcode[:-2]].append(one)
    found = []
    for ended in known.ended:
        for began in near[ended.postcode[:-2]] if ended.postcode else ():
            if began.id != ended.id and possible(ended, began):
                found.append(compare(ended, began))
    return [one for one in found if one.verdict != "no"]


def _check(known: Registrations, decisions: Decisions) -> None:
    ids, ended = {one.id for one in known.homes}, {one.id: one.end for one in known.ended}
    seen: dict[str, str] = {}
    for (old, new), verdict in decisions.items():
        if old not in ended:
            raise InputError(f"A decision is about {old}, which is no care home that ended in these files.")
        if new and new not in ids:
            raise InputError(f"A decision says what follows {old}: {new} is no care home of these files.")
        if verdict == "same":
            if new in ended and (ended[new] or date.max) <= (ended[old] or date.min):
                raise InputError(f"A decision says that {old} goes on as {new}, which had ended by then.")
            for one in (f"end of {old}", f"beginning of {new}"):
                if one in seen and seen[one] != f"{old} {new}":
                    raise InputError(f"Two decisions are about the {one}: a home goes on as one other, from one other.")
                seen[one] = f"{old} {new}"


def _decided(pairs: list[Pair], known: Registrations, decisions: Decisions) -> list[Pair]:
    """Pairs with what people decided: their yes stands above all, and their no takes a pair away."""
    by_id = {one.id: one for one in known.homes}
    there = {(one.ended.id, one.began.id): one for one in pairs}
    for (old, new), verdict in decisions.items():
        if not new:
            for key in [key for key in there if key[0] == old]:
                del there[key]
        elif verdict == "no":
            there.pop((old, new), None)
        else:
            pair = there.get((old, new)) or compare(by_id[old], by_id[new])
            told = replace(pair, verdict="same", decided=True, reasons=(DECIDED, *pair.reasons))
            rivals = [key for key in there if (key[0] == old) != (key[1] == new)]
            for key in rivals:
                del there[key]
            there[old, new] = told
    return [there[key] for key in sorted(there)]


def _stand(pairs: list[Pair]) -> list[Pair]:
    """The pairs that are strictly the strongest of both their ends, taken one after the other."""
    standing: list[Pair] = []
    rest = pairs
    while rest:
        best: dict[tuple[str, str], list[int]] = defaultdict(list)
        for one in rest:
            best["ended", one.ended.id].append(one.strength)
            best["began", one.began.id].append(one.strength)
        taken = [
            one
            for one in rest
            if all(
                one.strength == max(best[key]) and best[key].count(one.strength) == 1
                for key in (("ended", one.ended.id), ("began", one.began.id))
            )
        ]
        if not taken:
            break
        standing += taken
        old, new = {one.ended.id for one in standing}, {one.began.id for one in standing}
        rest = [one for one in rest if one.ended.id not in old and one.began.id not in new]
    return standing


def _outcome(
    ended: Registration, stands: Pair | None, perhaps: list[Pair], as_of: date | None, decisions: Decisions
) -> Followed:
    if stands is not None:
        return Followed(ended, "same", (stands,), "; ".join(stands.reasons))
    if (ended.id, "") in decisions:
        return Followed(ended, "no", (), DECIDED)
    if perhaps:
        said = [f"{one.began.id}: {', '.join(one.reasons)}" for one in perhaps]
        return Followed(ended, "perhaps", tuple(perhaps), "; ".join(said))
    if as_of is not None and ended.end is not None and ended.end + timedelta(days=rule().joins_after) > as_of:
        return Followed(ended, "perhaps", (), TOO_SOON)
    return Followed(ended, "no", (), CLOSED)
