"""Forms by which a week of requests is placed together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from careshape.accounts.forms import Form
from careshape.ledger.posting import uk_day
from careshape.source.together.weeks import week_of_day


class WeekForm(Form):
    """A week."""

    week = forms.CharField(
        label="Week", max_length=8, help_text="The year, W, and the number of the week. For example, 2027-W05",
        error_messages={"required": "Enter a week", "max_length": "Enter a week such as 2027-W05"},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        coming = uk_day(timezone.now()) + timedelta(days=7)
        super().__init__(*args, initial={"week": week_of_day(coming)}, **kwargs)


class ReadForm(Form):
    """The keys of what a reader saw, and nothing that they write."""

    def keys(self) -> set[int]:
        """The keys that were sent back; what is none is left aside."""
        given = str(self.data.get("only", "")).split(",")
        return {int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 19}
