"""Forms by which a request is filled in and sent, and by which a provider answers it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django import forms

from careshape.accounts.forms import Form
from careshape.errors import CallError
from careshape.source.models.brokerage import Answer
from careshape.source.requests.asking import asking
from careshape.source.requests.needs import WEIGHTS, Need, about
from careshape.source.requests.offers import Said
from careshape.source.requests.request import Wanted
from careshape.source.requests.rooms import by_place
from careshape.source.requests.steps import VOIDS
from careshape.source.requests.visits import DAYS, LONGEST, MOST, MOST_CARERS, SHORTEST, Visit
from careshape.work.care.forms import amount_field, day_field, hundredths, options, radios, sentences

ROWS: Final = 6
_MORE: Final = 2
_LACKS: Final = {"days": "tick its days", "start": "enter when it begins", "minutes": "enter its minutes"}
_WHOLE: Final = {"invalid": "Enter a whole number"}


class VisitsForm(Form):
    """The visits of a week: a row for each, on as many days as are ticked."""

    def __init__(self, *args: Any, visits: Sequence[Visit], **kwargs: Any) -> None:
        first = {name: value for number, one in enumerate(visits, 1) for name, value in _initial(number, one)}
        super().__init__(*args, initial=first, **kwargs)
        given = [name for name in self.data if name.startswith("start-")] if self.is_bound else []
        self.rows = min(MOST, max(ROWS, len(visits) + _MORE, len(given)))
        for number in range(1, self.rows + 1):
            self._add(number)

    def _add(self, number: int) -> None:
        self.fields[f"days-{number}"] = forms.MultipleChoiceField(
            label="On which days", choices=[(one, words) for one, words in DAYS.items()], required=False
        )
        self.fields[f"start-{number}"] = forms.TimeField(
            label="From", required=False, input_formats=("%H:%M", "%H.%M", "%H%M"),
            error_messages={"invalid": f"Visit {number}: enter a time such as 08:00"},
        )  # fmt: skip
        self.fields[f"minutes-{number}"] = forms.IntegerField(
            label="Minutes", required=False, min_value=SHORTEST, max_value=LONGEST, error_messages=_WHOLE
        )
        self.fields[f"carers-{number}"] = forms.IntegerField(
            label="Carers", required=False, min_value=1, max_value=MOST_CARERS, initial=1, error_messages=_WHOLE
        )

    def groups(self) -> Iterator[tuple[int, tuple[Any, Any, Any, Any]]]:
        """The fields of each row."""
        for number in range(1, self.rows + 1):
            yield (
                number, (self[f"days-{number}"], self[f"start-{number}"], self[f"minutes-{number}"],
                         self[f"carers-{number}"]),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What was given; a row that was begun is whole."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(1, self.rows + 1):
            parts = {name: found.get(f"{name}-{number}") for name in ("days", "start", "minutes")}
            if any(parts.values()) and not any(f"{name}-{number}" in self.errors for name in parts):
                for name in (name for name, value in parts.items() if not value):
                    self.add_error(f"{name}-{number}", f"Visit {number}: {_LACKS[name]}")
        return found

    def visits(self) -> tuple[Visit, ...]:
        """The visits that were given. Raises CallError for one that cannot be."""
        given = self.cleaned_data
        return tuple(
            Visit(
                tuple(given[f"days-{number}"]), f"{given[f'start-{number}']:%H:%M}", given[f"minutes-{number}"],
                given.get(f"carers-{number}") or 1,
            )
            for number in range(1, self.rows + 1)
            if given.get(f"days-{number}")
        )  # fmt: skip


def _initial(number: int, one: Visit) -> list[tuple[str, Any]]:
    return [
        (f"days-{number}", list(one.days)), (f"start-{number}", one.start), (f"minutes-{number}", one.minutes),
        (f"carers-{number}", one.carers),
    ]  # fmt: skip


class NeedsForm(Form):
    """What must be and what would be good beyond the hours."""

    def __init__(self, *args: Any, service: str, needs: Sequence[Need], **kwargs: Any) -> None:
        first: dict[str, str] = {one.id: one.weight for one in needs}
        first |= {f"{one.id}-value": one.value for one in needs if one.value}
        super().__init__(*args, initial=first, **kwargs)
        self.kinds = about(service)
        for kind in self.kinds:
            self.fields[kind.id] = radios(kind.title, [("", "Does not matter"), *WEIGHTS.items()])
            self.fields[kind.id].required = False
            if kind.values:
                values = [(one, one) for one in kind.values]
                self.fields[f"{kind.id}-value"] = options(f"{kind.title}: which", values, required=False)

    def clean(self) -> dict[str, Any]:
        """What was given; who says that something matters says which, where there are several."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        for kind in self.kinds:
            if kind.values and found.get(kind.id) and not found.get(f"{kind.id}-value"):
                self.add_error(f"{kind.id}-value", f"{kind.title}: choose which")
        return found

    def needs(self) -> tuple[Need, ...]:
        """The needs that were given."""
        given = self.cleaned_data
        return tuple(
            Need(one.id, given[one.id], given.get(f"{one.id}-value", "") if one.values else "")
            for one in self.kinds
            if given.get(one.id)
        )


class SendForm(Form):
    """How providers are asked."""

    few = forms.IntegerField(
        label="How many at a time", required=False, min_value=1, max_value=50, error_messages=_WHOLE,
        help_text="Only of the best few.", initial=3,
    )  # fmt: skip

    def __init__(self, *args: Any, service: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [one for one in asking().way if one.id != VOIDS or not service or by_place(service)]
        self.fields["way"] = radios("How should they be asked?", [(one.id, one.title) for one in ways])
        self.fields["way"].required = False
        self.fields["way"].initial = ways[0].id
        self.hints = {one.id: one.about for one in ways}
        self.order_fields(["way", "few"])


class AnswerForm(Form):
    """A provider's answer to a request."""

    can_start_on = day_field("From which day could it begin?", required=False)
    reason = sentences("Why not, in words", "Only if you say no.", required=False)

    def __init__(
        self, *args: Any, listed: str, unit: str, amount: str, wishes: Sequence[Need], parted: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"] = radios(
            "Can you take it?",
            (
                (Answer.YES.value, f"Yes, at {listed}"),
                (Answer.COUNTER.value, "Yes, at another price or for a part"),
                (Answer.NO.value, "No"),
            ),
        )
        self.fields["answer"].error_messages["required"] = "Choose your answer"
        self.fields["price"] = amount_field(
            f"Your price for one {unit}, in pounds", "Only where it is another than that of the list.", required=False
        )
        self.fields["part"] = amount_field(
            f"How many {unit}s a week, if not all", f"Only for a part. {amount} are asked for.", required=False
        )
        self.fields["meets"] = forms.MultipleChoiceField(
            label="Which of the wishes could you meet?", required=False,
            choices=[(one.id, one.words) for one in wishes],
        )  # fmt: skip
        self.fields["meets"].as_boxes = True
        if not wishes:
            del self.fields["meets"]
        if not parted:
            del self.fields["part"]
            self.fields["answer"].choices[1] = (Answer.COUNTER.value, "Yes, at another price")
        self.fields["code"] = options(
            "Why not", [(one.id, one.title) for one in asking().no], required=False,
            hint="Only if you say no. The council learns from it what is missing.",
        )  # fmt: skip
        self.order_fields(["answer", "price", "part", "can_start_on", "meets", "code", "reason"])


def said_in(given: Mapping[str, Any]) -> Said:
    """What a provider said, of the form. Raises CallError where it is none of the answers."""
    if given["answer"] not in [one.value for one in Answer]:
        raise CallError("Choose your answer.")
    return Said(
        Answer(given["answer"]), hundredths(given.get("price")) or None, given.get("can_start_on"),
        hundredths(given.get("part")) or None, tuple(given.get("meets") or ()), given.get("code", ""),
        given.get("reason", ""),
    )  # fmt: skip


def wanted_in(given: Mapping[str, Any]) -> Wanted:
    """The care that is asked for, of the form of a request. Raises CallError for what cannot be asked for."""
    return Wanted(
        given["service"], hundredths(given["amount"]), given["starts_on"], given["district"],
        given["long_term"] == "yes", given["words"], given["ends_on"], outward=given["outward"],
        urgency=given["urgency"] or "routine",
    )  # fmt: skip
