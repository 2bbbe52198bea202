"""What must hold of a return: its figures against each other, against the register, and against the calendar.

Every fault is a sentence to the provider who sent the line. What contradicts itself is refused and not mended: which of
two figures is wrong only the sender knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from careshape.market.capacity.fields import capacity
from careshape.market.capacity.lines import Line, Return
from careshape.market.faults import TOLD, Fault
from careshape.market.files import RegulatorFile


@dataclass(frozen=True)
class Register:
    """What the regulator's directory says of locations.

    Attributes:
        beds: location -> registered beds; None where the directory does not say.
        ended: location -> the day on which its registration ended.
    """

    beds: Mapping[str, int | None]
    ended: Mapping[str, date] = field(default_factory=dict)


def register_of(files: Iterable[RegulatorFile]) -> Register:
    """The register of a directory and, where it is given, of a file of de-activated locations."""
    beds: dict[str, int | None] = {}
    ended: dict[str, date] = {}
    for one in files:
        for row in one.rows:
            if one.source == "cqc-deactivated":
                ended[row["location_id"]] = row["end"]
            else:
                beds[row["location_id"]] = row.get("beds")
    return Register(beds, {name: day for name, day in ended.items() if name not in beds})


def check(given: Return, on: date, register: Register | None = None) -> Return:
    """The same return with only the lines that can be counted, and every fault.

    Args:
        on: the day on which it is read: nothing can be reported of a later one.
        register: what the regulator says; without it, locations and registered beds are not checked.
    """
    faults = list(given.faults)
    lines = []
    for line in given.lines:
        before = len(faults)
        _calendar(given.file, line, on, faults)
        if register is not None:
            _registered(given.file, line, register, faults)
        if line.kind == "beds":
            _beds(given.file, line, faults)
        if all(one.outcome == TOLD for one in faults[before:]):
            lines.append(line)
    lines = _once(given.file, lines, faults)
    if register is not None:
        lines = _within_register(given.file, lines, register, faults)
    return Return(given.file, tuple(lines), tuple(sorted(faults)), given.unread)


def _fault(file: str, line: Line, column: str, message: str, outcome: str = "refused") -> Fault:
    value = line.get(column)
    said = line.location if column == "location_id" else f"{line.day:%d/%m/%Y}" if column == "day" else ""
    return Fault(
        file, line.row, line.named.get(column, column), said if value is None else str(value), message, outcome
    )


def _calendar(file: str, line: Line, on: date, faults: list[Fault]) -> None:
    days = (on - line.day).days
    if days < 0:
        faults.append(
            _fault(file, line, "day", f"{line.day:%d/%m/%Y} has not come yet on {on:%d/%m/%Y}. Mend the day.")
        )
    elif days > capacity().gone_after:
        message = (
            f"{line.day:%d/%m/%Y} is {days} days ago. Figures older than {capacity().gone_after} days are not counted: "
            "send today's."
        )
        faults.append(_fault(file, line, "day", message))


def _registered(file: str, line: Line, register: Register, faults: list[Fault]) -> None:
    if line.location in register.beds:
        return
    ended = register.ended.get(line.location)
    message = (
        f"The register has no active location {line.location}. Give the id under which the location is registered."
    )
    if ended is not None:
        message = f"The registration of {line.location} ended on {ended:%d/%m/%Y}. Give the id under which it goes on."
    faults.append(_fault(file, line, "location_id", message))


def _beds(file: str, line: Line, faults: list[Fault]) -> None:
    """Beds of one type against each other."""
    whole, used = int(line.figures["maximum"]), int(line.figures["in_use"])
    free = {name: int(line.figures.get(name, 0)) for name in ("reserved", "closed", "admittable")}
    if used > whole:
        message = f"{used} beds in use are more than the {whole} that can be used. Mend one of the two."
        faults.append(_fault(file, line, "in_use", message))
    elif used + sum(free.values()) > whole:
        parts = [f"{used} in use", *(f"{number} {name}" for name, number in free.items() if number)]
        message = (
            f"{', '.join(parts)} make {used + sum(free.values())} beds of {whole}. No bed can stand twice: mend one."
        )
        faults.append(_fault(file, line, "admittable", message))
    if free["closed"] and not line.closed_reason:
        message = f"{free['closed']} beds are closed to admission without a reason. Give the reason."
        faults.append(_fault(file, line, "closed_reason", message))
    if line.closed_reason and not free["closed"]:
        message = "A reason is given, and no bed is closed to admission. Say how many are, or leave the reason out."
        faults.append(_fault(file, line, "closed_reason", message, TOLD))
    registered = line.get("registered")
    if registered is not None and whole > registered:
        message = f"{whole} beds that can be used are more than the {registered} registered. Mend one of the two."
        faults.append(_fault(file, line, "maximum", message))
    commissioned = line.get("commissioned")
    if commissioned is not None and commissioned > whole:
        message = f"The council holds {commissioned} beds by contract, and only {whole} can be used. Is that so?"
        faults.append(_fault(file, line, "commissioned", message, TOLD))


def _once(file: str, lines: Iterable[Line], faults: list[Fault]) -> list[Line]:
    """Lines of one location, day and part: the same twice counts once, and two that differ are both refused."""
    same: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines:
        same[line.kind, line.location, line.day, line.part].append(line)
    kept = []
    for first, *others in same.values():
        apart = [one for one in others if (one.figures, one.closed_reason) != (first.figures, first.closed_reason)]
        for one in others if not apart else ():
            message = f"It says what row {first.row} says, and is counted once."
            faults.append(_fault(file, one, "location_id", message, TOLD))
        for one in (first, *others) if apart else ():
            message = (
                f"Two rows are about {one.location}, {', '.join(one.part)}, on {one.day:%d/%m/%Y} and differ (row "
                f"{apart[0].row if one is first else first.row}). Neither is counted: send the one that is true."
            )
            faults.append(_fault(file, one, "location_id", message))
        if not apart:
            kept.append(first)
    return kept


def _within_register(file: str, lines: Iterable[Line], register: Register, faults: list[Fault]) -> list[Line]:
    """Refuse the beds of a location that reports more of them, over all types, than are registered."""
    given = list(lines)
    whole: dict[tuple[str, date], int] = defaultdict(int)
    for line in given:
        if line.kind == "beds":
            whole[line.location, line.day] += int(line.figures["maximum"])
    above = {}
    for key, number in whole.items():
        registered = register.beds.get(key[0])
        if registered is not None and number > registered:
            above[key] = number, registered
    for line in given:
        if line.kind == "beds" and (line.location, line.day) in above:
            number, registered = above[line.location, line.day]
            message = (
                f"{number} beds over all types are more than the {registered} for which {line.location} is registered. "
                "Mend the figures, or tell the regulator first."
            )
            faults.append(_fault(file, line, "maximum", message))
    return [line for line in given if line.kind != "beds" or (line.location, line.day) not in above]
