"""Forms by which lists are begun, filled and priced."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from careshape.accounts.forms import Form
from careshape.accounts.models import Organisation
from careshape.catalogue import NOT_APPLICABLE, UNKNOWN, catalogue
from careshape.policy import Principal
from careshape.source.lists.courses import EVIDENCE, Move
from careshape.source.lists.kinds import kinds
from careshape.source.lists.price_list import zones_of
from careshape.source.models import Lot, Member, Vehicle
from careshape.source.models.vehicles import ZONES
from careshape.work.care.forms import YES_NO, amount_field, day_field, entries, options, radios, sentences

NONE = (UNKNOWN, NOT_APPLICABLE)


class ListForm(Form):
    """A list by which the council buys."""

    title = forms.CharField(label="Name", max_length=200)
    kind = radios("Kind", [(one.id, one.title) for one in kinds().values()])
    begins_on = day_field("First day")
    ends_on = day_field(
        "Last day (optional)", "Needed for frameworks, block contracts and lists of old. For example, 27/03/2027",
        required=False,
    )  # fmt: skip
    priced_by = options("Prices (optional)", [one for one in ZONES.items() if one[0]], required=False,
                        hint="None chosen: one price everywhere.")  # fmt: skip
    complex_needs = radios("Is it the council’s framework for complex needs?", YES_NO, "The rules ask for its members.")

    def __init__(self, *args: Any, contracts: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["complex_needs"].required = False
        self.fields["contract"] = options(
            "Contract (optional)", contracts, required=False,
            hint="How days are counted and paid for packages from it. None chosen: the one usual for the service.",
        )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What was written, as the act takes it."""
        return {**self.cleaned_data, "complex_needs": self.cleaned_data["complex_needs"] == "yes"}


class PartForm(Form):
    """For what and where: a lot."""

    title = forms.CharField(label="Name of the lot", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= part_fields()
        self.fields["service"].error_messages["required"] = "Choose one"


def part_fields() -> dict[str, forms.Field]:
    """Service, client group, zone and district."""
    groups = [*entries("client_group", without=NONE)]
    groups += [(name, one.label) for name, one in catalogue().lists["client_group"].groups.items()]
    return {
        "service": options("Service", entries("service", without=NONE)),
        "client_group": options("For whom (optional)", groups, required=False, hint="None chosen: for everybody."),
        "zone": options("Home care zone (optional)", entries("zone", without=NONE), required=False),
        "district": options(
            "District (optional)", entries("district", without=NONE), required=False,
            hint="Neither zone nor district chosen: everywhere in the council’s area.",
        ),
    }  # fmt: skip


class AdmitForm(Form):
    """Bring a provider onto a list."""

    price = amount_field(
        "Price, in pounds", "For one of the service’s unit: an hour of home care, a week in a care home.",
        required=False,
    )  # fmt: skip
    places = forms.IntegerField(
        label="Places bought in advance", min_value=1, max_value=100_000, required=False,
        error_messages={"invalid": "Enter a whole number", "min_value": "Enter a number above nought"},
    )  # fmt: skip
    reason = sentences("Why (optional)", "The provider reads it.", required=False)

    def __init__(self, *args: Any, principal: Principal, vehicle: Vehicle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vehicle = vehicle
        self.fields["organisation"] = forms.ModelChoiceField(
            Organisation.objects.reached(principal, "source.vehicles").order_by("name"), label="Provider",
            empty_label="Choose",
        )  # fmt: skip
        lots = list(vehicle.lots.order_by("number"))
        if lots:
            self.fields["lot"] = options("Lot", [(str(one.pk), f"{one.number}. {one.title}") for one in lots])
        else:
            self.fields |= part_fields()
        moves = [(one.id, one.title) for one in vehicle.is_of.course.begins()]
        if len(moves) > 1:
            self.fields["by"] = radios("What should be done?", moves)
            self.fields["by"].required = False
        if not vehicle.is_of.places:
            del self.fields["places"]
        if not any(one.reason for one in vehicle.is_of.course.begins()):
            del self.fields["reason"]
        for field in ("organisation", "service", "lot"):
            if field in self.fields:
                self.fields[field].error_messages["required"] = "Choose one"
        self.order_fields(
            ["organisation", "lot", "service", "client_group", "zone", "district", "price", "places", "by"]
        )

    def lot(self) -> Lot | None:
        """The lot that was chosen."""
        chosen = self.cleaned_data.get("lot")
        return self.vehicle.lots.get(pk=int(chosen)) if chosen else None


class MoveForm(Form):
    """What is to be done to a provider on a list: the moves that lead on from how it stands, for who asks."""

    reason = sentences("Why", "The provider reads it. Not needed to take it back.", required=False)

    def __init__(self, *args: Any, member: Member, role: str, now: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moves = [one for one in member.vehicle.is_of.course.leads(member.state, role) if one.by != (EVIDENCE,)]
        moves = [one for one in moves if one.id != "hold" or member.by_evidence]
        self.fields["move"] = radios(
            f"It is {now.lower()}. What should be done?", [(one.id, one.title) for one in moves]
        )
        self.fields["move"].error_messages["required"] = "Choose one"
        self.hints = {one.id: one.follows for one in moves}
        self.order_fields(["move", "reason"])


class RankForm(Form):
    """A place in the order of a ranked list."""

    place = forms.IntegerField(
        label="Place in the order", min_value=1, max_value=100_000, help_text="1 is the primary provider.",
        error_messages={"invalid": "Enter a whole number", "min_value": "Enter 1 or more"},
    )  # fmt: skip


class SwitchForm(Form):
    """From when a standard is to be asked, and why."""

    begins_on = day_field("From which day?", "Today, or a day to come. For example, 27/03/2027")
    why = sentences("Why", "Who agrees reads it, and it stays with the list.")


class SwitchMoveForm(Form):
    """What is to be done with a switch: the moves that lead on from how it stands, for who asks."""

    why = sentences("Why", "It stays with the list. Not needed to agree.", required=False)

    def __init__(self, *args: Any, moves: Iterable[Move], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(moves)
        self.fields["move"] = radios("What should be done?", [(one.id, one.title) for one in found])
        self.fields["move"].error_messages["required"] = "Choose one"
        self.hints = {one.id: one.follows for one in found}
        self.order_fields(["move", "why"])


class DayForm(Form):
    """A day, and nothing else."""

    on = day_field("Which day?")


class PriceForm(Form):
    """One price of a list."""

    tier = forms.CharField(
        label="Tier (optional)", max_length=40, required=False, help_text="A level of need, such as tier-1."
    )
    price = amount_field(
        "Price, in pounds", "For one of the service’s unit: an hour of home care, a week in a care home."
    )
    unit = options("For one", [(one, one.capitalize()) for one in ("hour", "day", "night", "week")])
    first_day = day_field("From which day?", "It ends the price before it. For example, 27/03/2027")
    last_day = day_field("Last day (optional)", required=False)
    source = forms.CharField(
        label="Where it was decided (optional)", max_length=200, required=False, help_text="A report or a decision."
    )

    def __init__(self, *args: Any, vehicle: Vehicle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"] = options("Service", entries("service", without=NONE))
        self.fields["service"].error_messages["required"] = "Choose one"
        if vehicle.priced_by:
            zones = [(one.id, one.label) for one in zones_of(vehicle)]
            self.fields["zone"] = options("Where (optional)", zones, required=False, hint="None chosen: everywhere.")
        self.order_fields(["service", "zone", "tier", "price", "unit", "first_day", "last_day", "source"])
