"""Forms by which entries of a person's record are written and put right."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms

from careshape.accounts.forms import Form
from careshape.accounts.models import Organisation
from careshape.catalogue import NOT_APPLICABLE, UNKNOWN
from careshape.people.areas import areas, relations
from careshape.people.kinds import MOST, PROMPTS, Row
from careshape.people.models import Carer, Noted, Person
from careshape.policy import Principal
from careshape.rules.facts import Fact
from careshape.rules.facts import facts as vocabulary
from careshape.work.care.forms import (
    YES_NO,
    as_asked,
    as_told,
    day_field,
    entries,
    in_words,
    options,
    radios,
    sentences,
)

NUMBERS: Final = (("1", "The first"), ("2", "The second"), ("3", "The third"))
SPOKEN: Final = {
    "community": "what the community and their own networks offer", "technology": "technology",
    "direct_payment": "a direct payment",
}  # fmt: skip
"""What a conversation is prompted to speak of, in words."""
assert set(SPOKEN) == set(PROMPTS)


class EntryForm(Form):
    """An entry of a kind; its fields follow from the kind, and stand as they are where one is put right."""

    def __init__(self, *args: Any, kind: str, principal: Principal, person: Person, row: Row | None, **kw: Any) -> None:
        super().__init__(*args, initial=_initial(row) if row is not None else {}, **kw)
        self.fields["on"] = day_field("When was it?")
        self.fields |= _FIELDS[kind](principal, person)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["required"] = "Choose one"
        if row is not None:
            self.fields["correction"] = sentences("Why is it put right?", "What stood there stays to be read.")

    def given(self) -> dict[str, Any]:
        """The fields as the record takes them."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "correction"}
        return {name: _READ.get(name, _as_it_is)(value) for name, value in told.items()}


class NotedForm(Form):
    """A fact that the rules ask of a person's record."""

    on = day_field("Since when is it known?")

    def __init__(self, *args: Any, fact: Fact, row: Noted | None = None, **kw: Any) -> None:
        started: dict[str, Any] = {}
        if row is not None:
            shown = {True: "yes", False: "no"}
            value = json.loads(row.value)
            started = {"on": row.on, "value": shown.get(value, value) if isinstance(value, bool) else value,
                       "why": row.why}  # fmt: skip
        super().__init__(*args, initial=started, **kw)
        self.fact = fact
        self.fields["value"] = as_asked(fact)
        if fact.kind != "day":
            self.fields["value"].required = True
        self.fields["value"].error_messages["required"] = "Say what is known"
        if fact.kind == "day":
            self.fields["value"].help_text = "Leave it empty where it has not come."
        self.fields["why"] = sentences("How is it known?", required=False)
        if row is not None:
            self.fields["correction"] = sentences("Why is it put right?", "What stood there stays to be read.")
        self.order_fields(["value", "on", "why", "correction"])

    def given(self) -> dict[str, Any]:
        """The fields as the record takes them; a day that has not come is told as false."""
        value = as_told(self.cleaned_data["value"])
        told = False if value in (None, "") else value
        return {
            "fact": self.fact.id, "value": json.dumps(told), "on": self.cleaned_data["on"],
            "why": self.cleaned_data["why"],
        }  # fmt: skip


def _initial(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in row._meta.concrete_fields:
        value = getattr(row, one.attname)
        name = one.name
        found[name] = ("yes" if value else "no") if isinstance(value, bool) else value
    return found


def _conversation(_: Principal, __: Person) -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {
        "number": radios("Which conversation was it?", NUMBERS),
        "words": sentences("What was spoken of?"),
    }
    for name, what in SPOKEN.items():
        made[name] = radios(f"Was {what} spoken of?", YES_NO)
        made[f"{name}_words"] = sentences(f"What was said of {what}?", "Needed where it was spoken of.", required=False)
    return made


def _outcome(_: Principal, __: Person) -> dict[str, forms.Field]:
    return {"words": sentences("What do they want to come about?", "In their own words.")}


def _carer(_: Principal, __: Person) -> dict[str, forms.Field]:
    by = vocabulary()["carer-assessed-by"].values
    return {
        "name": forms.CharField(label="Name", max_length=200),
        "relation": options("Who is it to the person?", [(one.id, one.label) for one in relations().values()]),
        "assessed_by": options(
            "Who assessed what the carer needs? (optional)", [(one, in_words(one)) for one in by], required=False,
            hint="None chosen: nobody did yet.",
        ),
    }  # fmt: skip


def _need(_: Principal, person: Person) -> dict[str, forms.Field]:
    carers = Carer.objects.filter(person=person, withdrawn_at__isnull=True).order_by("pk")
    whose = forms.ModelChoiceField(
        carers, label="Whose need is it?", empty_label="The person’s own", required=False
    )  # fmt: skip
    whose.label_from_instance = lambda one: one.name
    return {
        "carer": whose,
        "area": options(
            "What is it about?", [(one.id, _area(one.label, one.of)) for one in areas().values()],
        ),
        "eligible": radios("Is the need eligible?", YES_NO),
        "words": sentences("What is the need?"),
    }  # fmt: skip


def _area(label: str, whose: tuple[str, ...]) -> str:
    return f"{label} (of a carer)" if whose == ("carer",) else label


def _choice(principal: Principal, _: Person) -> dict[str, forms.Field]:
    who = forms.ModelChoiceField(
        Organisation.objects.reached(principal, "people.record").order_by("name"), required=False,
        label="By whom? (optional)", empty_label="They named nobody",
    )  # fmt: skip
    return {
        "service": options("Where, or with which care?", entries("service", without=(UNKNOWN, NOT_APPLICABLE))),
        "organisation": who,
        "place": forms.IntegerField(
            label="Which of their wishes is it?", help_text="1 for what they want most.", min_value=1, max_value=MOST,
            initial=1,
        ),
        "words": sentences("What did they say?", "In their own words."),
    }  # fmt: skip


_FIELDS: Final[Mapping[str, Callable[[Principal, Person], dict[str, forms.Field]]]] = {
    "conversation": _conversation, "outcome": _outcome, "carer": _carer, "need": _need, "choice": _choice,
}  # fmt: skip
WRITTEN: Final = tuple(_FIELDS)
"""The kinds that are written by a form of their own; the others are facts, with a page each."""


def _yes(value: str) -> bool:
    return value == "yes"


def _as_it_is(value: Any) -> Any:
    return value


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "number": int, "community": _yes, "technology": _yes, "direct_payment": _yes, "eligible": _yes,
}  # fmt: skip
