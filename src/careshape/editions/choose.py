"""Choose the rule of disclosure control of a council, with its reason."""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from careshape.accounts.models import Council
from careshape.audit.change import change
from careshape.disclosure import Rule
from careshape.disclosure.choice import as_toml, below_floor
from careshape.editions.begin import account_of
from careshape.editions.chosen import last_choice, rule_in_force
from careshape.editions.models import DisclosureRule
from careshape.errors import CallError, InputError
from careshape.home import Home
from careshape.policy import Principal

SEE: Final = "editions.rule"
ACT: Final = "editions.choose_rule"
SAY_WHY: Final = "Say why you change the rule: the log keeps it, and colleagues read it beside the rule."
MOST_WHY: Final = 500


def choose(principal: Principal, home: Home, rule: Rule, why: str, instead_of: int) -> DisclosureRule:
    """Choose the rule of the editions that are prepared from now on.

    ``instead_of`` is the number of the choice that was in force when this one was thought over; 0 where none was made.
    Raises InputError where the rule is below the floor, and without a reason; CallError where it changes nothing, and
    where somebody else chose meanwhile.
    """
    why = why.strip()
    if faults := below_floor(rule):
        raise InputError(" ".join(f"{name}: {said}" for name, said in faults.items()))
    if not why:
        raise InputError(SAY_WHY)
    if len(why) > MOST_WHY:
        raise InputError(f"Say why in {MOST_WHY} characters or fewer: these are {len(why)}.")
    council = Council.objects.get(slug=principal.council)
    with change(principal, ACT, lock=[council], chain=council.slug) as told:
        last = last_choice(council.slug)
        number = last.number if last is not None else 0
        if number != instead_of:
            raise CallError("The rule was changed since you opened this page. Read it as it is now, and choose again.")
        was = rule_in_force(home, council.slug)
        changed = [name for name, value in rule.model_dump().items() if getattr(was, name) != value]
        if not changed:
            raise CallError("That is the rule already: nothing would change.")
        row = DisclosureRule.objects.create(
            council=council.slug, number=number + 1, content=as_toml(rule), why=why, chosen_at=timezone.now(),
            chosen_by=account_of(principal),
        )  # fmt: skip
        told(
            row, number=row.number, was={name: getattr(was, name) for name in changed},
            now={name: getattr(rule, name) for name in changed},
        )  # fmt: skip
    return row
