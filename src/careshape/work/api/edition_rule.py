"""What programs may do about the rule by which figures are kept back: read it, and choose another."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError
from pydantic import ValidationError

from careshape.disclosure import Rule
from careshape.editions.choose import ACT, SEE, choose
from careshape.editions.chosen import last_choice, rule_in_force
from careshape.home import Home
from careshape.policy.fields import seen
from careshape.work.api.acts import doing
from careshape.work.api.edition_shapes import DisclosureRuleIn, DisclosureRuleOut
from careshape.work.api.given import as_things_stand, as_written
from careshape.work.api.people_shapes import DoneOut
from careshape.work.api.replay import once
from careshape.work.rule_words import in_short

router = Router(tags=["Editions"])


@router.get("/editions/rule", response=DisclosureRuleOut, **doing(SEE))
def disclosure_rule(request: HttpRequest) -> Any:
    """The rule in force. A choice holds from the next edition that is prepared."""
    council = request.principal.council
    with as_things_stand():
        rule, row = rule_in_force(Home(settings.CARESHAPE_DIR), council), last_choice(council)
    if row is None:
        return {"number": 0, "rule": rule.model_dump()}
    values = {
        "number": row.number, "rule": in_short(rule), "chosen": row.chosen_at, "why": row.why,
        "by": row.chosen_by.name if row.chosen_by else "",
    }  # fmt: skip
    return {**seen(request.principal, SEE, "disclosure_rule", values), "rule": rule.model_dump()}


@router.post("/editions/rule", response=DoneOut, **doing(ACT))
@once
def choose_disclosure_rule(request: HttpRequest, asked: DisclosureRuleIn) -> Any:
    """Choose the rule of the editions that are prepared from now on. What is prepared already stays as it is."""
    try:
        rule = Rule.model_validate(asked.rule.model_dump())
    except ValidationError as error:
        raise HttpError(422, " ".join(one["msg"].removeprefix("Value error, ") for one in error.errors())) from None
    with as_written():
        row = choose(request.principal, Home(settings.CARESHAPE_DIR), rule, asked.why, asked.instead_of)
    return 200, {"id": row.number, "done": "chosen"}
