"""Forms by which a week of requests is placed together, and a provider is said to fail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from careshape.accounts.forms import Form
from careshape.accounts.models import Organisation
from careshape.ledger.posting import uk_day
from careshape.policy import Principal
from careshape.source.together.weeks import week_of_day
from careshape.work.care.forms import day_field, sentences


class WeekForm(Form):
    """A week."""

    week = forms.CharField(
        label="Week", max_length=8, help_text="The year, W, and the number of the week. For example, 2027-W05",
        error_messages={"required": "Enter a week", "max_length": "Enter a week such as 2027-W05"},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        coming = week_of_day(uk_day(timezone.now()) + timedelta(days=7))
        super().__init__(*args, initial={"week": coming, **kwargs.pop("initial", {})}, **kwargs)


class WhoForm(Form):
    """A provider of the council."""

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Organisation.objects.reached(principal, "source.failures").filter(kind="provider").order_by("name")
        self.fields["organisation"] = forms.ModelChoiceField(
            found, label="Provider", empty_label="Choose", error_messages={"required": "Choose a provider"}
        )


class FailForm(Form):
    """When a provider stops, and why."""

    last_day = day_field("The last day on which it gives care")
    because = sentences("Why it stops", "Two or three sentences, with no word of anybody whom it supports.")


class ReadForm(Form):
    """The keys of what a reader saw, and nothing that they write."""

    def keys(self) -> set[int]:
        """The keys that were sent back; what is none is left aside."""
        given = str(self.data.get("only", "")).split(",")
        return {int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 19}
