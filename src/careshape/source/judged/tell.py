"""Tell what the rules ask of the council as a whole, once for every act."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

from careshape.accounts.models import Council
from careshape.audit.change import change
from careshape.errors import CallError
from careshape.policy import Principal
from careshape.rules.facts import Fact
from careshape.rules.facts import facts as vocabulary
from careshape.source.judged.judging import today
from careshape.source.models import CouncilFact

ACT: Final = "source.told"


def asked_of_council() -> dict[str, Fact]:
    """The facts that are told once for the whole council, by id; not those that a measure tells."""
    return {name: one for name, one in vocabulary().items() if one.about == "council" and one.told_by != "measure"}


def tell_of_council(principal: Principal, fact: str, value: object, on: date, why: str) -> CouncilFact:
    """Tell a fact of the council, as it was known on a day. A later one stands beside it, and counts.

    Raises CallError for a fact that is not told so, a value that it cannot have, a day to come, and without its ground.
    """
    known, why = asked_of_council().get(fact), why.strip()
    if known is None:
        raise CallError(f"Nothing of the name '{fact}' is told here. Choose from {', '.join(asked_of_council())}.")
    known.read(value)
    if on > today():
        raise CallError("This day is to come. Tell what is known today.")
    if not why:
        raise CallError("Say where it is laid down, for whoever reads it later.")
    council = Council.objects.get(slug=principal.council)
    with change(principal, ACT, lock=[council]) as told:
        row = CouncilFact.objects.create(
            council=principal.council, fact=fact, value=json.dumps(_plain(value)), on=on, why=why,
            by_id=principal.account,
        )  # fmt: skip
        told(row, fact=fact)
    return row


def last_told(council: str) -> dict[str, CouncilFact]:
    """What a council told last, by fact, too old or not."""
    found = CouncilFact.objects.filter(council=council).select_related("by").order_by("on", "pk")
    return {one.fact: one for one in found}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
