"""Forms by which the register of providers is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from careshape.accounts.forms import Form
from careshape.accounts.models import Organisation
from careshape.catalogue import NOT_APPLICABLE, UNKNOWN
from careshape.policy import Principal
from careshape.providers.kinds import EvidenceKind, location_kinds, may_give
from careshape.providers.linking import Proposal
from careshape.providers.models import Location, Tender
from careshape.providers.register import MOST_BEDS, MOST_STAFF
from careshape.providers.standing import grades
from careshape.statement.labels import label_of
from careshape.work.care.forms import day_field, entries, options, radios, sentences

_CHOOSE = "Choose one"


def whole_field(label: str, hint: str, most: int) -> forms.IntegerField:
    """A whole number, nought or more, that may be left empty."""
    return forms.IntegerField(
        label=label, help_text=hint, required=False, min_value=0, max_value=most,
        error_messages={
            "invalid": "Enter a whole number, such as 40", "min_value": "Enter nought or more",
            "max_value": f"Enter at most {most:,}",
        },
    )  # fmt: skip


def several(label: str, choices: Iterable[tuple[str, str]], hint: str = "") -> forms.MultipleChoiceField:
    """Several of a few, as checkboxes."""
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), required=False, help_text=hint, widget=forms.CheckboxSelectMultiple
    )


class ProviderForm(Form):
    """What is kept of a provider."""

    name = forms.CharField(label="Name", max_length=200)
    reference = forms.CharField(
        label="Reference (optional)", max_length=100, required=False,
        help_text="By which the council's records of care name it. It has to be the same as there.",
    )  # fmt: skip
    staff = whole_field(
        "Staff (optional)", "How many people work for it. A micro-enterprise has nine or fewer.", MOST_STAFF
    )
    regulator_id = forms.CharField(
        label="Id with the Care Quality Commission (optional)", max_length=40, required=False,
        help_text="For example, 1-101639374. Its ratings and locations are looked up by it.",
    )  # fmt: skip
    brand = forms.CharField(
        label="Group (optional)", max_length=200, required=False,
        help_text="Where it belongs to one. Providers of one group would fail together.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"] = options("Type", entries("provider_type"))
        self.fields["type"].error_messages["required"] = f"{_CHOOSE}: Unknown where it is not known"
        self.order_fields(["name", "type", "staff", "reference", "regulator_id", "brand"])


class LocationForm(Form):
    """What is kept of a location."""

    name = forms.CharField(label="Name", max_length=200)
    outward = forms.CharField(
        label="Postcode (optional)", max_length=10, required=False,
        help_text="The first part is kept, such as WR1: travel is worked out from it.",
    )  # fmt: skip
    registered_beds = whole_field(
        "Registered beds (optional)", "As the regulator has them. Care homes alone.", MOST_BEDS
    )
    regulator_id = forms.CharField(
        label="Id with the Care Quality Commission (optional)", max_length=40, required=False,
        help_text="Of the location, for example, 1-101639374.",
    )  # fmt: skip
    opened_on = day_field("First day (optional)", required=False)
    closed_on = day_field("Last day (optional)", "Only where it closes or has closed.", required=False)

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = options("Kind", [(one.id, one.title) for one in location_kinds().values()])
        self.fields["kind"].error_messages["required"] = _CHOOSE
        self.fields["district"] = options(
            "District (optional)", entries("district", without=(UNKNOWN, NOT_APPLICABLE)), required=False,
            hint="None chosen: that of its home care zone, where the postcode lies in one.",
        )  # fmt: skip
        self.fields["services"] = several(
            "What it gives", [(one, label_of("service", one)) for one in may_give()], "Choose all that it gives."
        )
        self.fields["client_groups"] = several(
            "For whom (optional)", entries("client_group", without=(UNKNOWN, NOT_APPLICABLE)),
            "None chosen: not known.",
        )  # fmt: skip
        self.fields["landlord"] = forms.ModelChoiceField(
            Organisation.objects.reached(principal, "providers.keep").order_by("name"), label="Landlord (optional)",
            required=False, empty_label="Not known",
            help_text="Where people have tenancies: who lets the rooms. Add it to the register first.",
        )  # fmt: skip
        self.order_fields([
            "name", "kind", "outward", "district", "services", "client_groups", "registered_beds", "landlord",
            "regulator_id", "opened_on", "closed_on",
        ])  # fmt: skip


class EvidenceForm(Form):
    """Something that a provider shows."""

    begins_on = day_field("Its first day")
    last_on = day_field("Its last day (optional)", "Left empty: as long as this counts by itself.", required=False)
    reference = forms.CharField(
        label="Number (optional)", max_length=100, required=False, help_text="Of the policy or the certificate."
    )
    issuer = forms.CharField(
        label="Who issued it (optional)", max_length=200, required=False, help_text="An organisation, and no person."
    )

    def __init__(
        self, *args: Any, kinds: Iterable[EvidenceKind], locations: Iterable[Location], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["kind"] = options("What is it?", [(one.id, one.title) for one in kinds])
        self.fields["kind"].error_messages["required"] = _CHOOSE
        self.places = {str(one.pk): one for one in locations}
        self.fields["location"] = options(
            "Of which location?", [(key, one.name) for key, one in self.places.items()], required=False,
            hint="Only for what speaks of one location, such as its registration.",
        )  # fmt: skip
        self.order_fields(["kind", "location", "begins_on", "last_on", "reference", "issuer"])

    def clean_location(self) -> Location | None:
        """The location that was chosen."""
        return self.places.get(self.cleaned_data["location"])


class GradeForm(Form):
    """The council's grade of a provider."""

    on = day_field("From which day?")
    why = sentences("Why", "The provider reads it.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"] = radios("Grade", [(one, one.capitalize()) for one in grades()])
        self.fields["grade"].error_messages["required"] = _CHOOSE
        self.order_fields(["grade", "on", "why"])


class TenderForm(Form):
    """A tender of the council."""

    title = forms.CharField(label="Name", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"] = options("Service", entries("service", without=(UNKNOWN, NOT_APPLICABLE)))
        self.fields["service"].error_messages["required"] = _CHOOSE


class DecideForm(Form):
    """How a tender was decided."""

    on = day_field("On which day was it decided?")

    def __init__(self, *args: Any, tender: Tender, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reached = Organisation.objects.reached(principal, "providers.tender").order_by("name")
        self.organisations = {str(one.pk): one for one in reached.select_related("council")}
        choices = [(key, one.name) for key, one in self.organisations.items()]
        self.fields["won"] = several("Who was successful?", choices)
        self.fields["lost"] = several("Who took part and was not?", choices, "Who is in neither list took no part.")

    def clean(self) -> dict[str, Any]:
        """Nobody both was and was not."""
        given = super().clean() or self.cleaned_data
        if both := set(given.get("won", ())) & set(given.get("lost", ())):
            name = self.organisations[min(both)].name
            self.add_error("lost", f"{name} is in both lists. Take it out of one.")
        return given

    @property
    def outcome(self) -> dict[Organisation, bool]:
        """By organisation whether it was successful."""
        lost = {self.organisations[key]: False for key in self.cleaned_data["lost"]}
        return lost | {self.organisations[key]: True for key in self.cleaned_data["won"]}


class IdentifyForm(Form):
    """By which id the regulator knows a provider."""

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regulator_id"] = radios("Which of these is it?", choices, "By names that come near.")
        self.fields["regulator_id"].error_messages["required"] = "Choose which it is, or go back where it is none"


class LinkForm(Form):
    """Which of the regulator's locations are to be recorded."""

    def __init__(self, *args: Any, proposed: Iterable[Proposal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ids"] = several("Locations of the regulator's files", [(one.id, _words(one)) for one in proposed])
        self.fields["ids"].required = True
        self.fields["ids"].error_messages["required"] = "Choose at least one location, or go back"


def _words(one: Proposal) -> str:
    where = one.where
    said = [f"{where.name} ({one.id})", location_kinds()[where.kind].title, where.outward]
    said += [f"{where.registered_beds} beds"] if where.registered_beds else []
    said += [one.rating] if one.rating else []
    if one.goes_on_from is not None:
        said.append(f"goes on from {one.goes_on_from.name} of the register")
    return ", ".join(part for part in said if part)
