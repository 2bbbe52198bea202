"""The form of a return: a group of fields for each type of beds, zone or group of staff, filled in with what was last
said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from careshape.accounts.forms import Form
from careshape.catalogue import NOT_APPLICABLE, UNKNOWN, catalogue
from careshape.market.capacity.fields import PARTS, Figure, Kind, capacity
from careshape.market.capacity.lines import Line, Raw
from careshape.market.capacity.reading import line_of
from careshape.market.faults import TOLD, Fault
from careshape.providers.capacity.send import id_of
from careshape.providers.models import Location, Return, ReturnLine

MOST: Final = 40
"""Groups of fields of one form."""
TITLES: Final = {
    "bed_type": "Type of beds or places", "zone": "Home care zone", "time_band": "Part of the day",
    "staff_group": "Group of staff",
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """The fields of one line."""

    title: str
    fields: tuple[Any, ...]


class ReturnForm(Form):
    """A return of one kind, of one location."""

    read_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    groups = forms.CharField(required=False, max_length=4, widget=forms.HiddenInput)
    day = forms.CharField(label="Day on which the figures are true", max_length=20, help_text="For example, 27/03/2027")

    def __init__(self, *args: Any, location: Location, kind: Kind, last: Return | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.location_id, self.name, self.kind = id_of(location), location.place.name, kind
        lines = list(last.lines.order_by("pk")) if last is not None else []
        asked = str(self.data.get("groups", "")) if self.is_bound else ""
        many = int(asked) if asked.isascii() and asked.isdigit() else len(lines) + (0 if lines else 1)
        if self.is_bound and "add" in self.data:
            many += 1
        self.many = min(max(1, many), MOST)
        for number in range(self.many):
            self._add_group(number, lines[number] if number < len(lines) else None)

    def _add_group(self, number: int, line: ReturnLine | None) -> None:
        said = [line.part, line.band] if line is not None else ["", ""]
        for place, column in enumerate(PARTS[self.kind]):
            self.fields[f"{number}-{column}"] = forms.ChoiceField(
                label=TITLES[column], choices=[("", "Choose"), *choices(column)], required=False, initial=said[place]
            )
        for figure in capacity().of_kind(self.kind):
            value = line.figures.get(figure.id) if line is not None else None
            self.fields[f"{number}-{figure.id}"] = forms.CharField(
                label=figure.label if figure.need else f"{figure.label} (optional)", required=False, max_length=12,
                initial=written(figure, value),
            )  # fmt: skip
        if self.kind == "beds":
            self.fields[f"{number}-closed_reason"] = forms.ChoiceField(
                label="Why beds are closed (only where some are)", required=False,
                choices=[("", "None is closed"), *choices("closed_reason")],
                initial=line.closed_reason if line is not None else "",
            )  # fmt: skip

    @property
    def first_id(self) -> str:
        """The first field that is seen."""
        found: str = self["day"].id_for_label
        return found

    @property
    def shown(self) -> list[Group]:
        """The groups as a page shows them."""
        made = []
        for number in range(self.many):
            fields = tuple(self[name] for name in self.fields if name.startswith(f"{number}-"))
            chosen = [dict(one.field.choices).get(one.value() or "", "") for one in fields[: len(PARTS[self.kind])]]
            named = ", ".join(str(one) for one in chosen if one and one != "Choose")
            made.append(Group(named or f"Line {number + 1}", fields))
        return made

    def read(self) -> tuple[Line, ...]:
        """The lines, read as those of a file are; what is wrong stands in the form. Blank groups are left out."""
        faults: list[Fault] = []
        lines: list[Line] = []
        for number in range(self.many):
            before = f"{number}-"
            cells = {
                name.removeprefix(before): str(self.cleaned_data.get(name) or "").strip()
                for name in self.fields if name.startswith(before)
            }  # fmt: skip
            if not any(cells[one.id] for one in capacity().of_kind(self.kind)):
                continue
            named = {name: f"{before}{name}" for name in cells} | {"day": "day", "location_id": "day"}
            raw = Raw(number + 1, {"location_id": self.location_id, "day": self.cleaned_data["day"], **cells}, named)
            line = line_of("", self.kind, raw, faults)
            lines += [line] if line is not None else []
        self.tell(faults)
        return tuple(lines)

    def tell(self, faults: Sequence[Fault]) -> None:
        """Put what is wrong beside the fields that it is about."""
        for one in faults:
            if one.outcome == TOLD:
                continue
            field = one.column if one.column in self.fields else None
            said = one.message.replace(f"which {self.location_id} is", f"which {self.name} is")
            if said not in self.errors.get(field or "__all__", []):
                self.add_error(field, said)


def choices(column: str) -> list[tuple[str, str]]:
    """What can be chosen of a coded column of a return."""
    if column == "zone":
        entries: Any = catalogue().lists["zone"].entries
        return [(one.id, one.label) for one in entries if one.id not in (UNKNOWN, NOT_APPLICABLE)]
    return [(one.id, one.label) for one in getattr(capacity(), column)]


def label(column: str, name: str) -> str:
    """A coded value of a return in words."""
    return dict(choices(column)).get(name, name)


def written(figure: Figure, value: int | None) -> str:
    """A figure as it is kept, written as a person fills it in; empty where it was left blank."""
    if value is None:
        return ""
    return f"{value / 100:g}" if figure.unit == "hours" else str(value)
