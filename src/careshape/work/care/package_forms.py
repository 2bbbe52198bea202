"""Forms by which something is told of a package: each makes of what was written what ``paying`` reads, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms

from careshape.accounts.forms import Form
from careshape.paying.terms import Terms
from careshape.paying.words import hundredths as two_places
from careshape.source.packages.components import CORE, components
from careshape.work.care.forms import amount_field, day_field, hundredths, in_words, options, radios, sentences

OTHER: Final = "other"


def percent_field(label: str, hint: str = "") -> forms.DecimalField:
    """A part of a hundred, with at most two decimals."""
    return forms.DecimalField(
        label=label, help_text=hint, required=False, min_value=Decimal(0), max_value=Decimal(100), max_digits=5,
        decimal_places=2,
        error_messages={
            "invalid": "Enter a number, such as 12.5", "min_value": "Enter a number from 0 to 100",
            "max_value": "Enter a number from 0 to 100", "max_decimal_places": "Enter at most two decimals",
        },
    )  # fmt: skip


class TellForm(Form):
    """Something told of a package."""

    kind: ClassVar[str] = ""
    needs_why: ClassVar[bool] = False
    why = sentences(
        "Why", "For whoever looks at this later. Nothing that need not be kept of the person.", required=False
    )

    def __init__(self, *args: Any, lines: Sequence[tuple[str, str]], terms: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.needs_why:
            self.fields["why"].required = True
            self.fields["why"].error_messages["required"] = "Say why"
        self.set_up(lines, terms)

    def set_up(self, lines: Sequence[tuple[str, str]], terms: Terms) -> None:
        """Add the fields that depend on the package: ``lines`` by name and title, and the terms of its contract."""

    def raw(self) -> dict[str, Any]:
        """What was written, as a file of a package holds it; nothing where a telling has no more than its kind."""
        return {}

    @classmethod
    def written(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        """What is told, as it was written."""
        names = {"from": "first", "to": "last", "units_per_week": "amount"}
        found = {names.get(name, name): value for name, value in raw.items() if name != "funding"}
        funding = raw.get("funding") or {}
        return found | {name: funding.get(name) for name in ("nhs", "person") if funding.get(name)}

    def _day(self, name: str) -> str | None:
        value = self.cleaned_data.get(name)
        return value.isoformat() if value else None

    def _two(self, name: str) -> str | None:
        value = self.cleaned_data.get(name)
        return two_places(hundredths(value)) if value is not None else None

    def _funding(self) -> dict[str, str] | None:
        parts = {name: self.cleaned_data.get(name) for name in ("nhs", "person")}
        if all(value is None for value in parts.values()):
            return None
        given = {name: value or Decimal(0) for name, value in parts.items()}
        return {name: str(value) for name, value in {"council": 100 - sum(given.values()), **given}.items()}

    def clean(self) -> dict[str, Any]:
        """Refuse parts of who pays that come to more than all of it."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if (found.get("nhs") or 0) + (found.get("person") or 0) > 100:
            self.add_error("nhs", "The NHS and the person together pay at most 100 percent. The council pays the rest.")
        return found


class _Line(TellForm):
    def set_up(self, lines: Sequence[tuple[str, str]], terms: Terms) -> None:
        """Which part it is about comes first."""
        self.fields["line"] = radios("Which part?", lines)
        self.fields["line"].error_messages["required"] = "Choose one"
        if len(lines) == 1:
            self.fields["line"].initial = lines[0][0]


def _paid_by(form: TellForm) -> None:
    form.fields["nhs"] = percent_field(
        "Percent that the NHS pays (optional)", "The council pays what the others do not."
    )
    form.fields["person"] = percent_field("Percent that the person pays (optional)")


class ChangeForm(_Line):
    """Another amount, price, or who pays, from a day."""

    kind = "change"
    first = day_field("From which day?")
    amount = amount_field("How much a week (optional)", "Leave empty to keep what is.", required=False)
    price = amount_field("Price, in pounds (optional)", "Leave empty to keep what is.", required=False)

    def set_up(self, lines: Sequence[tuple[str, str]], terms: Terms) -> None:
        """Who pays stands after the price."""
        super().set_up(lines, terms)
        _paid_by(self)
        self.order_fields(["line", "first", "amount", "price", "nhs", "person", "why"])

    def raw(self) -> dict[str, Any]:
        """A change."""
        return {
            "line": self.cleaned_data["line"], "from": self._day("first"), "units_per_week": self._two("amount"),
            "price": self._two("price"), "funding": self._funding(),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse a change of nothing."""
        found = super().clean()
        if not self.errors and not any(found.get(name) is not None for name in ("amount", "price", "nhs", "person")):
            self.add_error("amount", "Enter what is to be different: how much, the price, or who pays")
        return found


class ExtraForm(TellForm):
    """One more part of the package."""

    kind = "line"
    first = day_field("From which day?")
    last = day_field("Its last day (optional)", "Leave empty where no end is known.", required=False)
    amount = amount_field("How much a week", "Hours for one-to-one support, visits and a second worker.")
    price = amount_field("Price, in pounds", "For one hour; for the core service, for its own unit.")

    def set_up(self, lines: Sequence[tuple[str, str]], terms: Terms) -> None:
        """Parts to choose from, and who pays."""
        self.taken = [name for name, _ in lines]
        self.fields["component"] = radios("What is added?", [(one.id, one.title) for one in components().values()])
        self.fields["component"].error_messages["required"] = "Choose what is added"
        _paid_by(self)
        self.order_fields(["component", "first", "last", "amount", "price", "nhs", "person", "why"])

    def raw(self) -> dict[str, Any]:
        """A line, under a name that no other has."""
        component = self.cleaned_data["component"]
        number, name = 2, component
        while name in self.taken:
            name, number = f"{component}-{number}", number + 1
        return {
            "line": name, "component": component, "from": self._day("first"), "to": self._day("last"),
            "units_per_week": self._two("amount"), "price": self._two("price"), "funding": self._funding(),
        }  # fmt: skip


class LineForm(ExtraForm):
    """A correction of a part: it keeps its name."""

    def raw(self) -> dict[str, Any]:
        """The same line, otherwise."""
        return super().raw() | {"line": self.cleaned_data["line"]}

    def set_up(self, lines: Sequence[tuple[str, str]], terms: Terms) -> None:
        """With the name of the line, which is not asked."""
        super().set_up(lines, terms)
        self.fields["line"] = forms.CharField(widget=forms.HiddenInput, initial=CORE)
        self.taken = []


class AwayForm(TellForm):
    """The person is away: in hospital, or elsewhere."""

    kind = "absence"
    first = day_field("On which day did they leave?")
    last = day_field("On which day were they back? (optional)", "Leave empty while they are away.", required=False)

    def set_up(self, lines: Sequence[tuple[str, str]], terms: Terms) -> None:
        """Reasons for which the contract pays something, and any other."""
        named = [(one.reason, in_words(one.reason)) for one in terms.retainers]
        self.fields["reason"] = radios(
            "Why?", [*named, (OTHER, "Another reason")], "For a reason that the contract does not name nothing is paid."
        )
        self.fields["reason"].error_messages["required"] = "Choose why"
        self.order_fields(["reason", "first", "last", "why"])

    def raw(self) -> dict[str, Any]:
        """An absence."""
        return {"from": self._day("first"), "to": self._day("last"), "reason": self.cleaned_data["reason"]}

    def clean(self) -> dict[str, Any]:
        """Refuse a return before the leaving."""
        found = super().clean()
        if found.get("first") and found.get("last") and found["last"] < found["first"]:
            self.add_error("last", "They were back on a day before they left: look at the two days")
        return found


class BackForm(TellForm):
    """The person is back."""

    kind = "absence"
    last = day_field("On which day were they back?")

    def set_up(self, lines: Sequence[tuple[str, str]], terms: Terms) -> None:
        """What stood before is laid below by who makes the form."""
        self.before: Mapping[str, Any] = {}
        self.order_fields(["last", "why"])

    def raw(self) -> dict[str, Any]:
        """The absence that was told, with its end."""
        return {**self.before, "to": self._day("last")}


class UpliftForm(TellForm):
    """A higher price, from a day."""

    kind = "uplift"
    first = day_field("From which day?")
    percent = forms.DecimalField(
        label="By how many percent?", help_text="For example, 4.5. Below nought it lowers the price.", max_digits=6,
        decimal_places=2, min_value=Decimal(-100), max_value=Decimal(1000),
        error_messages={"invalid": "Enter a number, such as 4.5", "max_decimal_places": "Enter at most two decimals"},
    )  # fmt: skip

    def set_up(self, lines: Sequence[tuple[str, str]], terms: Terms) -> None:
        """Why stands last."""
        self.order_fields(["first", "percent", "why"])

    def raw(self) -> dict[str, Any]:
        """An uplift of all that runs."""
        percent = self.cleaned_data["percent"]
        sign = "-" if percent < 0 else ""
        return {"from": self._day("first"), "percent": f"{sign}{two_places(hundredths(abs(percent)))}"}


class EndForm(TellForm):
    """An end."""

    kind = "ending"
    needs_why = True
    on = day_field("Its last day")
    given = day_field(
        "On which day did the council give notice? (optional)",
        "Where notice was given, care is paid until it is over, if that is later.", required=False,
    )  # fmt: skip

    def set_up(self, lines: Sequence[tuple[str, str]], terms: Terms) -> None:
        """Why stands last."""
        self.order_fields(["on", "given", "why"])

    def raw(self) -> dict[str, Any]:
        """An ending of all lines."""
        return {"on": self._day("on"), "given": self._day("given")}


class HandBackForm(TellForm):
    """The provider gives the package back."""

    kind = "hand-back"
    needs_why = True
    given = day_field("On which day did the provider say so?")
    on = day_field(
        "Its last day (optional)", "Leave empty where it gives care until its notice is over.", required=False
    )

    def set_up(self, lines: Sequence[tuple[str, str]], terms: Terms) -> None:
        """Why stands last."""
        self.order_fields(["given", "on", "why"])

    def raw(self) -> dict[str, Any]:
        """A hand-back of all lines."""
        return {"given": self._day("given"), "on": self._day("on")}


class DeathForm(TellForm):
    """The person died."""

    kind = "death"
    on = day_field("On which day did the person die?")

    def set_up(self, lines: Sequence[tuple[str, str]], terms: Terms) -> None:
        """Why is not asked."""
        del self.fields["why"]

    def raw(self) -> dict[str, Any]:
        """A death."""
        return {"on": self._day("on")}


class WithdrawForm(TellForm):
    """What was told was not so."""

    kind = "withdrawal"
    needs_why = True

    def raw(self) -> dict[str, Any]:
        """Nothing: what it withdraws is named by its number."""
        return {}


class MassUpliftForm(Form):
    """A higher price of all packages of a provider or of a list."""

    first = UpliftForm.base_fields["first"]
    percent = UpliftForm.base_fields["percent"]
    why = sentences("Why", "For example, the decision and its date.")

    def __init__(self, *args: Any, groups: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whose"] = options("Of which packages?", groups)
        self.fields["whose"].error_messages["required"] = "Choose a provider or a list"
        self.order_fields(["whose", "first", "percent", "why"])


ACTS: Final[dict[str, tuple[type[TellForm], str, str, str]]] = {
    "change": (ChangeForm, "Change the package", "Change it", "It is changed from that day."),
    "extra": (ExtraForm, "Add a part", "Add it", "It is added."),
    "away": (AwayForm, "Suspend it while the person is away", "Suspend it", "It is suspended."),
    "back": (BackForm, "The person is back", "They are back", "That they are back is recorded."),
    "uplift": (UpliftForm, "Raise the price", "Raise it", "The price is raised from that day."),
    "end": (EndForm, "End the package", "End it", "Its end is recorded."),
    "hand-back": (HandBackForm, "The provider gives it back", "Record it", "That it is given back is recorded."),
    "died": (DeathForm, "The person died", "Record it", "All care of the person is ended."),
}
"""What can be told of a package: its form, title, button, and what is said when it was done."""
CORRECTED: Final[dict[str, type[TellForm]]] = {
    "line": LineForm, "change": ChangeForm, "absence": AwayForm, "uplift": UpliftForm, "ending": EndForm,
    "hand-back": HandBackForm, "death": DeathForm,
}  # fmt: skip
"""Kind of telling -> the form that corrects it."""
