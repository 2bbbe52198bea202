"""The pages on which who administers accounts sees the tokens of the council's people, and revokes one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.times import moment
from careshape.audit.change import reading, tell
from careshape.policy import policy
from careshape.policy.fields import seen
from careshape.policy.listing import Column, Listing, arrange, download, listed
from careshape.policy.views import does
from careshape.work.desk import desk_of
from careshape.work.models import Token
from careshape.work.pages import notify, page
from careshape.work.tokens import GOOD, INACTIVE, OTHERS, revoke, state_of

PEOPLE, HOME = "/work/people/", "/work/people/tokens/"


def listing(request: HttpRequest) -> Listing:
    """The tokens of the council's people, the latest first."""
    principal = desk_of(request).principal
    found = Token.objects.reached(principal, OTHERS).select_related("membership__account").order_by("-pk")
    titles = {act.id: act.title for act in policy().acts.values()}
    rows = [
        {
            "name": one.name, "who": one.membership.account.name, "state": state_of(one),
            "acts": "; ".join(titles.get(act, act) for act in one.acts), "used": one.used_at, "until": one.expires_at,
            "href": f"{HOME}{one.pk}/revoke/" if state_of(one) in (GOOD, INACTIVE) else "",
        }
        for one in found
    ]  # fmt: skip
    columns = (
        Column("name", "What it is for", link="href"),
        Column("who", "Whose", filtered=True),
        Column("state", "State", filtered=True),
        Column("acts", "May", wide=True),
        Column("used", "Last used", text=moment),
        Column("until", "Good until", text=moment),
    )
    return listed(
        principal, OTHERS, "token", columns, rows, id="tokens", title="Tokens of the council's people",
        empty="Nobody has a token.",
    )  # fmt: skip


@does(OTHERS)
@reading
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of the council's people."""
    arranged = arrange(listing(request), request.GET.dict())
    tell(request.principal, OTHERS, "tokens", rows=len(arranged.cells))
    crumbs = (("People", PEOPLE), ("Tokens", ""))
    return page(request, "other_tokens.html", here=PEOPLE, crumbs=crumbs, arranged=arranged)


@does(OTHERS)
@reading
def tokens_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is filtered, as a file."""
    arranged = arrange(listing(request), request.GET.dict())
    answer = download(arranged, kind, f"{request.principal.council}-tokens")
    tell(request.principal, OTHERS, "tokens", rows=len(arranged.rows), file=kind)
    return answer


@does(OTHERS, POST=OTHERS)
@reading
def revoke_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke the token of somebody, after asking whether that is meant."""
    token = Token.objects.select_related("membership__account").reach(request.principal, OTHERS, pk=pk)
    values = {"name": token.name, "who": token.membership.account.name}
    shown = seen(request.principal, OTHERS, "token", values)
    if request.method == "POST":
        revoke(request.principal, token, OTHERS)
        notify(request, f"The token “{shown.get('name', pk)}” is revoked.")
        return HttpResponseRedirect(HOME)
    tell(request.principal, OTHERS, token)
    crumbs = (("People", PEOPLE), ("Tokens", HOME), ("Revoke", ""))
    return page(request, "other_token_revoke.html", here=PEOPLE, crumbs=crumbs, shown=shown)
