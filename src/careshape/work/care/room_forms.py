"""Forms by which places to live are told of, and matched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from careshape.accounts.forms import Form
from careshape.catalogue import NOT_APPLICABLE, UNKNOWN
from careshape.providers.models import Location
from careshape.providers.rooms.keep import LONGEST
from careshape.providers.rooms.words import features, parts, traits
from careshape.work.care.forms import amount_field, day_field, entries, options
from careshape.work.care.provider_forms import several, whole_field

_CHOOSE = "Choose one"


class RoomForm(Form):
    """What is told of a place to live."""

    name = forms.CharField(
        label="Name", max_length=60, help_text="As those who work there call it, such as Room 2. No name of a person."
    )
    begins_on = day_field("From which day can it be had?")
    closed_on = day_field("Last day (optional)", "Only where it is given up.", required=False)

    def __init__(self, *args: Any, locations: Iterable[Location] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one in locations}
        self.fields["part"] = options("What is it?", parts().items())
        self.fields["has"] = several("What it has", _begun(features()))
        self.fields["client_groups"] = several(
            "For whom", entries("client_group", without=(UNKNOWN, NOT_APPLICABLE)), "None chosen: for any group."
        )
        self.fields["only"] = several("Only for", _begun(traits()), "What whoever comes must be. None: for anybody.")
        self.fields["not_for"] = several("Not for", _begun(traits()))
        self.fields["wishes"] = several(
            "What those who live there would like", _begun(traits()), "Of whoever comes: a wish, and no limit."
        )
        self.fields["lives"] = several(
            "Who lives there", _begun(traits()),
            "Of all of them together, and of nobody by themselves: some people cannot live with some others.",
        )  # fmt: skip
        for name in ("part",):
            self.fields[name].error_messages["required"] = _CHOOSE
        order = ["name", "part", "begins_on", "has", "client_groups", "only", "not_for", "lives", "wishes", "closed_on"]
        if self.places:
            self.fields["location"] = options("Where is it?", [
                (key, f"{one.name}, {one.organisation.name}") for key, one in self.places.items()
            ])  # fmt: skip
            self.fields["location"].error_messages["required"] = _CHOOSE
            order = ["location", *order]
        self.order_fields(order)

    def clean_location(self) -> Location:
        """The location that was chosen."""
        return self.places[self.cleaned_data["location"]]


def _begun(known: dict[str, str]) -> list[tuple[str, str]]:
    return [(one, title[:1].upper() + title[1:]) for one, title in known.items()]


class VoidForm(Form):
    """What the council pays for a place while it stands empty."""

    rent = amount_field("Core rent a week, in pounds", "Left empty: nothing.", required=False)
    support = amount_field("Support a week, in pounds", "Left empty: nothing.", required=False)
    paid_after = whole_field(
        "After how many days of a void does it begin to pay?", "Left empty: from the first day.", LONGEST
    )


class MoveInForm(Form):
    """That somebody moves in."""

    on = day_field("On which day?")
    leaves_on = day_field("On which day do they leave? (optional)", "Left empty: it is not known.", required=False)


class MoveOutForm(Form):
    """That somebody leaves."""

    on = day_field("On which day do they leave?")
