"""The page on which one keeps one's own tokens."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.pages import confirmed
from careshape.accounts.times import moment
from careshape.errors import CallError
from careshape.policy import policy
from careshape.policy.views import does
from careshape.work.desk import desk_of
from careshape.work.models import Token
from careshape.work.pages import notify, page
from careshape.work.tokens import DAYS, grouped, make, revoke, wrong

HOME = "/account/tokens/"


@does("work.tokens", POST="work.tokens")
@confirmed
def tokens(request: HttpRequest) -> HttpResponse:
    """See one's tokens, and make one: its text is shown this once."""
    errors: dict[str, str] = {}
    made = ""
    asked = {"name": request.POST.get("name", ""), "days": request.POST.get("days", str(DAYS[1]))}
    chosen = request.POST.getlist("acts")
    if request.method == "POST":
        days = int(asked["days"]) if asked["days"] in {str(one) for one in DAYS} else 0
        errors = wrong(request.principal, asked["name"], chosen, days)
        try:
            if not errors:
                _, made = make(request.principal, asked["name"], chosen, days)
                asked, chosen = {"name": "", "days": str(DAYS[1])}, []
        except CallError as error:
            errors["name"] = str(error)
    found = Token.objects.reached(desk_of(request).principal, "work.tokens").order_by("-pk")
    titles = {act.id: act.title for act in policy().acts.values()}
    return page(
        request, "tokens.html", crumbs=(("Your account", "/account/"), ("Tokens", "")), tokens=found, made=made,
        errors=errors, asked=asked, chosen=chosen, groups=grouped(request.principal), days=DAYS, moment=moment,
        titles=titles, status=400 if errors else 200,
    )  # fmt: skip


@does("work.tokens", POST="work.tokens")
def revoke_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a token, after asking whether that is meant."""
    token = Token.objects.reach(request.principal, "work.tokens", pk=pk)
    if request.method != "POST":
        crumbs = (("Your account", "/account/"), ("Tokens", HOME), ("Revoke", ""))
        return page(request, "token_revoke.html", crumbs=crumbs, token=token)
    revoke(request.principal, token)
    notify(request, f"The token “{token.name}” is revoked.")
    return HttpResponseRedirect(HOME)
