"""Forms by which a provider applies to a list, and by which the council considers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from careshape.accounts.forms import Form
from careshape.source.lists.applying import Wanted
from careshape.source.lists.courses import Move
from careshape.source.models import ApplicationPart, Lot, Vehicle
from careshape.work.care import words as care_words
from careshape.work.care.forms import amount_field, hundredths, radios, sentences
from careshape.work.care.list_forms import part_fields
from careshape.work.care.provider_forms import several

_PRICE = "Leave it empty where the price list of the list says it."


class ApplyForm(Form):
    """What a provider applies for: lots, or a service somewhere; at which price; and what it has shown for it."""

    def __init__(
        self, *args: Any, vehicle: Vehicle, evidence: Iterable[tuple[str, str]],
        parts: Sequence[ApplicationPart] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, initial={**_initial(parts), **kwargs.pop("initial", {})}, **kwargs)
        self.lots: list[Lot] = list(vehicle.lots.order_by("number"))
        if self.lots:
            named = [
                (str(one.pk), f"{one.number}. {one.title}: {care_words.service(one.service)}") for one in self.lots
            ]
            self.fields["lots"] = several("Lots", named, "Choose all for which you apply.")
            for one in self.lots:
                self.fields[f"price_{one.pk}"] = amount_field(
                    f"Price for lot {one.number}, in pounds a unit (optional)", _PRICE, required=False
                )
        else:
            self.fields |= part_fields()
            self.fields["service"].required = False
            self.fields["price"] = amount_field("Price, in pounds a unit (optional)", _PRICE, required=False)
        if shown := list(evidence):
            self.fields["evidence"] = several(
                "Evidence", shown, "Attach what the list asks for. What is not here yet you record under Evidence."
            )
        self.fields["words"] = sentences("What do you say for yourself? (optional)", required=False)

    def wanted(self) -> list[Wanted]:
        """What it applies for, as the act takes it."""
        given = self.cleaned_data
        if self.lots:
            chosen = set(given["lots"])
            return [
                Wanted(lot=one, price=hundredths(given.get(f"price_{one.pk}")) or None)
                for one in self.lots if str(one.pk) in chosen
            ]  # fmt: skip
        if not given["service"]:
            return []
        service, group, zone, district = (
            given.get(one) or "" for one in ("service", "client_group", "zone", "district")
        )
        return [Wanted(None, service, group, zone, district, hundredths(given.get("price")) or None)]


def _initial(parts: Sequence[ApplicationPart]) -> dict[str, Any]:
    """What was kept before."""
    found: dict[str, Any] = {"lots": [str(one.lot_id) for one in parts if one.lot_id]}
    for one in parts:
        price = None if one.price is None else f"{one.price / 100:.2f}"
        if one.lot_id:
            found[f"price_{one.lot_id}"] = price
        else:
            names = ("service", "client_group", "zone", "district")
            found |= {name: getattr(one, name) for name in names} | {"price": price}
    return found


class ComeForm(Form):
    """That a provider wants to come onto a list."""

    words = sentences(
        "What could you give? (optional)", "For example, which service, where, and from when.", required=False
    )


class ConsiderForm(Form):
    """What the council does with an application."""

    def __init__(
        self, *args: Any, moves: Iterable[Move], parts: Mapping[int, str], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        found = list(moves)
        self.fields["move"] = radios("What should be done?", [(one.id, one.title) for one in found])
        self.fields["move"].error_messages["required"] = "Choose one"
        self.hints = {one.id: one.follows for one in found}
        chosen = [(str(key), title) for key, title in parts.items()]
        self.fields["parts"] = several("What is it admitted for?", chosen, "Only where it is admitted.")
        self.fields["parts"].initial = [key for key, _ in chosen]
        self.fields["words"] = sentences(
            "What you ask for, or why", "The provider reads it. Not needed to admit it for everything.", required=False
        )
