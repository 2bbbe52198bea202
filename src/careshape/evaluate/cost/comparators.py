"""Which councils a figure is set beside: neighbours, region, kind of council, England, those printed, or a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from careshape.errors import CallError
from careshape.evaluate.cost.figures import Figure, Figures, HasCouncils
from careshape.evaluate.cost.neighbours import neighbours, read_list
from careshape.language import say

GROUPS = ("neighbours", "region", "type", "england", "published")
TYPES = {"E10": "counties", "E06": "unitary authorities", "E08": "metropolitan districts", "E09": "London boroughs"}


@dataclass(frozen=True)
class Group:
    """Councils to compare with, the council itself among them.

    Attributes:
        label: the group in words; members: their figures; missing: those named that published no figure here.
        how: how the group was chosen.
    """

    label: str
    members: tuple[Figure, ...]
    missing: tuple[str, ...]
    how: str


def choose(home: HasCouncils, authority: str, found: Figures, own: Figure, wanted: str | Path) -> Group:
    """The comparators of a kind named in ``GROUPS``, or those that a CSV file lists.

    Raises CallError where the group cannot be told from what is loaded, saying what to load.
    """
    councils = found.councils
    if not found.loaded or wanted == "published":
        if wanted not in ("published", "england"):
            raise CallError(
                f"Only the councils printed beside {own.name} are known for {found.year}, so no group can be chosen "
                "among them. Leave out --comparators, or load the official file: `careshape data add FILE`."
            )
        return Group("councils printed beside it", councils, (), "as the council's own statement printed them")
    if wanted == "england":
        return Group("councils of England", councils, (), "every council in the file")
    if wanted == "region":
        return _region(councils, own)
    if wanted == "type":
        kind = TYPES.get(own.code[:3], "councils of its kind")
        same = tuple(one for one in councils if one.code[:3] == own.code[:3])
        return Group(say("{kind} of England", kind=kind), same, (), "by the kind of council that its code says")
    if wanted == "neighbours":
        near = neighbours(home, authority)
        return _named([(one.code, one.name) for one in near.rows], councils, own, "nearest neighbours", near.method)
    listed = read_list(Path(wanted)) if Path(wanted).is_file() else None
    if listed is None:
        raise CallError(
            f"'{wanted}' is no group of comparators and no file. Choose {', '.join(GROUPS)}, or name a CSV file with a "
            "column area_code or area_name."
        )
    return _named(
        [(one.code, one.name) for one in listed.rows],
        councils,
        own,
        say("councils of {source}", source=listed.source),
        "a list",
    )


def _region(councils: Sequence[Figure], own: Figure) -> Group:
    if not own.region:
        raise CallError(
            "No loaded file says which councils are in a region. Load table T51 or T52 of the Adult Social Care "
            "Activity and Finance Report, which do: `careshape data add FILE`."
        )
    same = tuple(one for one in councils if one.region == own.region)
    return Group(say("councils of {region}", region=own.region), same, (), "by the region that the file says")


def _named(wanted: Sequence[tuple[str, str]], councils: Sequence[Figure], own: Figure, label: str, how: str) -> Group:
    """The councils that a list names, by code, or by name where boundaries and with them codes have changed."""
    by_code, by_name = {one.code: one for one in councils}, {one.name.casefold(): one for one in councils}
    members, missing = [own], []
    for code, name in wanted:
        found = by_code.get(code) if code else None
        found = found or by_name.get(name.casefold())
        if found is None:
            missing.append(name or code)
        elif found not in members:
            members.append(found)
    if len(members) < 2:
        raise CallError(f"None of the {len(wanted)} councils listed has a figure here: {', '.join(missing[:5])}.")
    return Group(label, tuple(members), tuple(missing), how)
