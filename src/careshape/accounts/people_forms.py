"""Forms of those who administer a council's accounts."""

from __future__ import annotations

from typing import Any

from django import forms

from careshape.accounts.forms import Form
from careshape.accounts.models import Organisation, OrganisationLocation, Team
from careshape.policy import Principal, roles

READ = "accounts.read"
ROLES = tuple((role.id, role.title) for role in roles().values() if role.kind != "public")
HINTS = {role.id: role.does for role in roles().values()}


class RoleForm(Form):
    """A role, and the team or organisation that goes with it."""

    role = forms.ChoiceField(label="Role", choices=ROLES)
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label="Team",
        required=False,
        empty_label="No team",
        help_text="Of the council's own staff.",
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organisation", required=False, empty_label="No organisation",
        help_text="For a provider or a voluntary organisation: the one for which the person answers.",
    )  # fmt: skip
    locations = forms.ModelMultipleChoiceField(
        OrganisationLocation.objects.none(), label="Only for these locations", required=False,
        help_text="None chosen: all locations of the organisation.",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        principal: Principal,
        organisation: Organisation | None = None,
        act: str = READ,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.reached(principal, act).order_by("name")
        self.fields["organisation"].queryset = Organisation.objects.reached(principal, act).order_by("name")
        self.fields["locations"].queryset = (
            OrganisationLocation.objects.reached(principal, act).filter(organisation=organisation).order_by("name")
        )

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen beside the role."""
        names = ("team", "organisation", "locations")
        return {**{name: self.cleaned_data[name] for name in names}, "locations": list(self.cleaned_data["locations"])}


class InviteForm(RoleForm):
    """Whom to invite to which role."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={"invalid": "Enter an e-mail address in the right form, such as name@example.org"},
    )
    field_order = ("email", "role", "team", "organisation", "locations")


class NameForm(Form):
    """The name of a team."""

    name = forms.CharField(label="Name", max_length=200)

    def clean_name(self) -> str:
        """One space between words."""
        return " ".join(self.cleaned_data["name"].split())


class LocationForm(NameForm):
    """A location of an organisation."""

    reference = forms.CharField(
        label="Reference",
        max_length=100,
        required=False,
        help_text="As the council's records of care name it, if they do.",
    )


class OrganisationForm(LocationForm):
    """An organisation that works with the council."""

    kind = forms.ChoiceField(
        label="Kind", choices=(("provider", "Provider"), ("voluntary", "Voluntary organisation")), initial="provider"
    )
    field_order = ("kind", "name", "reference")
