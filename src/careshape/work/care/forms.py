"""Forms by which care is asked for, offered, awarded and changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeVar

from django import forms
from django.http import HttpRequest

from careshape.accounts.forms import Form
from careshape.catalogue import NOT_APPLICABLE, UNKNOWN, catalogue
from careshape.errors import CareshapeError
from careshape.rules.facts import Fact
from careshape.source.requests.asking import asking

Done = TypeVar("Done")
DAYS: Final = ("%d/%m/%Y", "%Y-%m-%d")
YES_NO: Final = (("yes", "Yes"), ("no", "No"))


def done(request: HttpRequest, form: Form, act: Callable[[dict[str, Any]], Done]) -> Done | None:
    """Do what a form asks for, where it was sent and is whole; what stops it stands in the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except CareshapeError as error:
        form.add_error(None, str(error))
        return None


def entries(list_name: str, *, without: Iterable[str] = (NOT_APPLICABLE,)) -> list[tuple[str, str]]:
    """The entries of a list of the catalogue, to choose from."""
    return [(one.id, one.label) for one in catalogue().lists[list_name].entries if one.id not in without]


def day_field(label: str, hint: str = "For example, 27/03/2027", *, required: bool = True) -> forms.DateField:
    """A day, written as people here write it."""
    return forms.DateField(
        label=label, help_text=hint, required=required, input_formats=DAYS,
        error_messages={"invalid": "Enter a day such as 27/03/2027"},
    )  # fmt: skip


def amount_field(label: str, hint: str = "", *, required: bool = True) -> forms.DecimalField:
    """An amount with at most two decimals, above nought."""
    return forms.DecimalField(
        label=label, help_text=hint, required=required, min_value=Decimal("0.01"), max_digits=9, decimal_places=2,
        error_messages={
            "invalid": "Enter a number, such as 12.5",
            "min_value": "Enter a number above nought",
            "max_decimal_places": "Enter at most two decimals",
        },
    )  # fmt: skip


def hundredths(value: Decimal | None) -> int:
    """An amount in hundredths; nought where none was given."""
    return int(value * 100) if value else 0


def radios(label: str, choices: Iterable[tuple[str, str]], hint: str = "") -> forms.ChoiceField:
    """One of a few, as radios. The template draws them with an id each, which Django's own widget does not give."""
    field = forms.ChoiceField(label=label, choices=list(choices), help_text=hint)
    field.as_radios = True
    return field


def options(label: str, choices: Iterable[tuple[str, str]], *, required: bool = True, hint: str = "") -> forms.Field:
    """One of many, as a list."""
    return forms.ChoiceField(label=label, choices=[("", "Choose"), *choices], required=required, help_text=hint)


def sentences(label: str, hint: str = "", *, required: bool = True) -> forms.CharField:
    """Some sentences."""
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=500, widget=forms.Textarea,
        error_messages={"max_length": "Write at most 500 characters"},
    )  # fmt: skip


def in_words(value: str) -> str:
    """A value of a fact as a person reads it: Would not help."""
    return value.replace("-", " ").capitalize()


class PersonForm(Form):
    """Somebody who is supported, or may come to be."""

    reference = forms.CharField(
        label="Reference", max_length=60, help_text="By which the council's records of care name the person."
    )
    name = forms.CharField(label="Name", max_length=200)
    born_on = day_field("Date of birth", "For example, 27/03/1948")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("gender", "Gender"), ("client_group", "Client group"), ("support_reason", "Main reason for support"),
            ("district", "District"),
        ):  # fmt: skip
            self.fields[name] = options(label, entries(name))
            self.fields[name].error_messages["required"] = "Choose one"
        self.fields["outward"] = forms.CharField(
            label="First half of the postcode (optional)", help_text="For example, WR11. Leave the rest out.",
            max_length=8, required=False,
        )  # fmt: skip

    def clean_outward(self) -> str:
        """As postcodes are written."""
        return str(self.cleaned_data["outward"]).strip().upper()


class AssessForm(Form):
    """What was found when something was looked at for a person."""

    on = day_field("When", "For example, 27/03/2027")
    why = sentences("What was found", "Two or three sentences.", required=False)

    def __init__(self, *args: Any, fact: Fact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"] = radios("The result", [(one, in_words(one)) for one in fact.values])
        self.fields["result"].error_messages["required"] = "Choose the result"
        if fact.reasons:
            self.fields["why"].required = True
            self.fields["why"].error_messages["required"] = "Say why: this is asked for each time"
        self.order_fields(["on", "result", "why"])


class RequestForm(Form):
    """Care that is asked for."""

    amount = amount_field(
        "How much a week", "Hours for home care; 1 for a place. You can say the visits of a week on the next page."
    )
    outward = forms.CharField(
        label="First half of the postcode (optional)", max_length=4, required=False,
        help_text="For example, WR10: travel is worked out from it. No more of it is kept.",
    )  # fmt: skip
    starts_on = day_field("When should it begin?")
    ends_on = day_field("Its last day", "Only where it is not meant to last. For example, 27/03/2027", required=False)
    words = sentences(
        "What should it bring about?",
        "Providers read this before care is agreed: write nothing by which the person is known.", required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"] = options("Service", entries("service", without=(UNKNOWN, NOT_APPLICABLE)))
        self.fields["district"] = options("Where", entries("district", without=(UNKNOWN, NOT_APPLICABLE)))
        self.fields["long_term"] = radios("Is it meant to last?", YES_NO, "No for a short stay or a few weeks.")
        self.fields["urgency"] = radios(
            "How urgent is it?",
            [(one.id, f"{one.title} ({one.hours} hours to answer)") for one in asking().urgency],
        )
        self.fields["urgency"].required = False
        self.fields["urgency"].initial = "routine"
        for field in ("service", "district", "long_term"):
            self.fields[field].error_messages["required"] = "Choose one"
        self.order_fields(
            ["service", "amount", "starts_on", "district", "outward", "urgency", "long_term", "ends_on", "words"]
        )


class SayForm(Form):
    """What the rules ask for: a field for each fact that its maker can say."""

    def __init__(self, *args: Any, facts: Iterable[Fact], said: Mapping[str, Any], **kwargs: Any) -> None:
        shown = {True: "yes", False: "no"}
        written = {name: shown.get(one, one) if isinstance(one, bool) else one for name, one in said.items()}
        super().__init__(*args, initial=written, **kwargs)
        for one in facts:
            self.fields[one.id] = as_asked(one)

    def said(self) -> dict[str, Any]:
        """The facts that were said, as the rules take them."""
        return {name: as_told(value) for name, value in self.cleaned_data.items() if value not in (None, "")}


def as_told(value: Any) -> Any:
    """What a field of a fact says, as the rules take it."""
    if isinstance(value, str):
        return {"yes": True, "no": False}.get(value, value)
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def as_asked(one: Fact) -> forms.Field:
    """The field by which a fact is told; what is left empty is not known."""
    if one.kind == "number":
        return forms.DecimalField(label=one.ask, required=False, min_value=Decimal(0), max_digits=9, decimal_places=2)
    if one.kind == "day":
        return day_field(one.ask, required=False)
    if one.kind == "id":
        return options(one.ask, entries(one.list), required=False)
    values = YES_NO if one.kind == "yes-no" else [(value, in_words(value)) for value in one.values]
    field = radios(one.ask, values)
    field.required = False
    return field


class ReasonForm(Form):
    """A reason, and nothing else."""

    reason = sentences("Why")


class BarredForm(ReasonForm):
    """Which rule is set aside for which provider, and why."""

    def __init__(self, *args: Any, barred: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["which"] = radios("Which rule, for which provider?", barred)
        self.fields["which"].error_messages["required"] = "Choose the rule and the provider"
        self.order_fields(["which", "reason"])


class AwardForm(Form):
    """Award a request to an offer."""

    why = sentences(
        "Why this one", "Needed where others stand before it; the providers that answered read it.", required=False
    )

    def __init__(
        self, *args: Any, rooms: Iterable[tuple[str, str]] = (), contracts: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        if len(bought := list(contracts)) > 1:
            self.fields["member"] = radios("Under which contract is it bought?", bought)
            self.fields["member"].required, self.fields["member"].initial = False, bought[0][0]
            self.order_fields(["member", "why"])
        if choices := list(rooms):
            other = ("", "None of these: another place of the provider")
            self.fields["room"] = radios("Which empty place does it take?", [*choices, other])
            self.fields["room"].required, self.fields["room"].initial = False, choices[0][0]
            self.order_fields(["member", "room", "why"])

    @property
    def member(self) -> int | None:
        """Key of where the provider stands on the list of the contract that was chosen."""
        return int(self.cleaned_data.get("member") or 0) or None

    @property
    def room(self) -> int | None:
        """Key of the empty place that was chosen."""
        return int(self.cleaned_data.get("room") or 0) or None
