"""Forms of acts that the rules judge."""

from __future__ import annotations

from typing import Any

from careshape.accounts.forms import Form
from careshape.catalogue import UNKNOWN
from careshape.rules.facts import Fact
from careshape.work.care.forms import YES_NO, as_asked, as_told, day_field, entries, options, radios, sentences


class DecideForm(Form):
    """How a need is met."""

    words = sentences("How is it met?", "As it stands in the care and support plan.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"] = options(
            "Which care meets it? (optional)", entries("service", without=(UNKNOWN, "not-applicable")), required=False,
            hint="None chosen: it is met without care that the council arranges.",
        )  # fmt: skip
        self.fields["long_term"] = radios("Is it meant to last?", YES_NO, "No for a short stay or a few weeks.")
        self.fields["long_term"].error_messages["required"] = "Choose one"
        self.order_fields(["service", "long_term", "words"])


class AdmissionForm(Form):
    """The day on which somebody was admitted."""

    on = day_field("When were they admitted?")


class CouncilFactForm(Form):
    """A fact of the council as a whole."""

    on = day_field("Since when is it known?", "For example, 27/03/2027. It counts from this day.")
    why = sentences("Where is it laid down?", "A decision, a report or a page, for whoever reads it later.")

    def __init__(self, *args: Any, fact: Fact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fact = fact
        self.fields["value"] = as_asked(fact)
        self.fields["value"].required = fact.kind != "day"
        self.fields["value"].error_messages["required"] = "Say what is known"
        if fact.kind == "day":
            self.fields["value"].help_text = "Leave it empty where it has not come."
        self.order_fields(["value", "on", "why"])

    def value(self) -> Any:
        """What is known, as the rules take it; a day that has not come is false."""
        told = as_told(self.cleaned_data["value"])
        return False if told in (None, "") else told
