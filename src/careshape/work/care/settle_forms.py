"""Forms by which the outcome of a tender is recorded."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms

from careshape.accounts.forms import Form
from careshape.accounts.models import Organisation
from careshape.policy import Principal
from careshape.providers.standing import TENDER
from careshape.source.lists.outcome import Placed
from careshape.source.models import Lot, Vehicle
from careshape.work.care.forms import amount_field, day_field, hundredths, options
from careshape.work.care.provider_forms import several

_ROLES = (("primary", "primary provider"), ("second", "first backup"), ("third", "second backup"))


class PlacesForm(Form):
    """Who is asked first in each lot, who follows, and who was not successful."""

    on = day_field("On which day was it decided?")

    def __init__(self, *args: Any, vehicle: Vehicle, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lots: list[Lot] = list(vehicle.lots.order_by("number"))
        reached = Organisation.objects.reached(principal, TENDER).select_related("council").order_by("name")
        self.organisations = {str(one.pk): one for one in reached}
        many = Counter(one.name.lower() for one in self.organisations.values())
        choices = [
            (key, one.name if many[one.name.lower()] == 1 else f"{one.name} ({one.reference or f'number {key}'})")
            for key, one in self.organisations.items()
        ]
        for lot in self.lots:
            for name, title in _ROLES:
                self.fields[f"{name}_{lot.pk}"] = options(f"{lot.title}: {title} (optional)", choices, required=False)
        self.fields["price"] = amount_field(
            "Price of the winners, in pounds a unit (optional)",
            "Leave it empty where the list has a price list. For prices that differ, bring a file.", required=False,
        )  # fmt: skip
        self.fields["lost"] = several("Who took part and was not successful anywhere?", choices)

    def rows(self) -> list[Placed]:
        """The outcome, as the act takes it."""
        given, found = self.cleaned_data, []
        price = hundredths(given.get("price")) or None
        for lot in self.lots:
            named = [(place, given.get(f"{name}_{lot.pk}")) for place, (name, _) in enumerate(_ROLES, 1)]
            found += [Placed(self.organisations[key], lot, place, price) for place, key in named if key]
        return found + [Placed(self.organisations[key]) for key in given["lost"]]


class OutcomeForm(Form):
    """The outcome as a file, or as pasted rows."""

    on = day_field("On which day was it decided?")
    file = forms.FileField(label="A CSV file (optional)", required=False)
    pasted = forms.CharField(
        label="Or paste its rows (optional)", required=False, widget=forms.Textarea, max_length=1_000_000
    )

    def clean(self) -> dict[str, Any]:
        """One of both."""
        given = super().clean() or self.cleaned_data
        file = given.get("file")
        if file is None and not given.get("pasted", "").strip():
            self.add_error("file", "Choose a file, or paste its rows")
        elif file is not None and file.size > 1_000_000:
            self.add_error("file", "The file is larger than any outcome. Choose another")
        return given

    def text(self) -> str:
        """The rows as text."""
        file = self.cleaned_data.get("file")
        if file is None:
            return str(self.cleaned_data["pasted"])
        return bytes(file.read()).decode("utf-8", "replace")


class ConfirmForm(Form):
    """That what follows was read, and is to be recorded."""

    on = day_field("On which day was it decided?")
    rows = forms.CharField(max_length=1_000_000, widget=forms.Textarea, strip=False)
    read = forms.CharField(max_length=100)
    sure = forms.MultipleChoiceField(
        label="Before it is recorded", choices=[("yes", "I have read what follows, and it is to be recorded")],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].error_messages["required"] = "Say that you have read what follows"
        self.order_fields(["sure", "on", "rows", "read"])
