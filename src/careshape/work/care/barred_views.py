"""The page on which a rule is set aside for one provider of a request."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.audit.change import reading, tell
from careshape.policy.views import does
from careshape.source.judged.judging import ACT
from careshape.source.models import Request
from careshape.source.requests.aside import barred_by_rules, set_aside
from careshape.work.care.forms import BarredForm, done
from careshape.work.care.judged import may_set_aside
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

HOME: Final = "/work/requests/"
_NONE: Final = "No rule that you may set aside keeps a provider from this request."


@does(ACT, POST=ACT)
@reading
def barred_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a provider be asked for a request, or be awarded it, against a rule."""
    row = Request.objects.select_related("person", "made_by").reach(request.principal, ACT, pk=pk)
    back, desk = f"{HOME}{pk}/", desk_of(request)
    found = {
        one.key: one for one in barred_by_rules(row) if may_set_aside(desk, one.finding, row.made_by_id)
    }  # fmt: skip
    choices = [(key, f"{one.member.organisation.name}: {one.finding.said}") for key, one in found.items()]
    form = BarredForm(request.POST or None, barred=choices)

    def act(given: dict[str, Any]) -> str:
        one = found[given["which"]]
        set_aside(request.principal, row, one.member.organisation_id, one.finding.rule, given["reason"])
        return one.member.organisation.name

    if found and (name := done(request, form, act)) is not None:
        notify(request, f"The rule is set aside for {name} at this request.")
        return HttpResponseRedirect(back)
    tell(request.principal, ACT, row)
    if not found:
        notify(request, _NONE)
        return HttpResponseRedirect(back)
    return page(
        request, "care_form.html", here=HOME, form=form, back=back, status=422 if form.errors else 200,
        crumbs=(("Requests for care", HOME), (f"Request {pk}", back), ("Set a rule aside for a provider", "")),
        warning=True, title="Set a rule aside for a provider", button="Set it aside",
        intro=("It counts as not kept where the request is awarded to this provider, with your name and your reason. "
               "The target is none.",),
    )  # fmt: skip
