"""The page on which a whole posting is withdrawn, after it was said what that takes away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.errors import CallError
from careshape.policy.views import does
from careshape.statement.in_browser import in_browser
from careshape.work.desk import desk_of
from careshape.work.pages import page
from careshape.work.posting_views import HOME, posting_of
from careshape.work.reversing import REVERSE, begin, foreseen

SEEN = "said"
"""Field of the form that carries what was said to who asks: what changed since is said again before it is done."""


@does(REVERSE, POST=REVERSE)
def withdraw_page(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw a posting, after saying in counts what that takes away and asking whether it is meant."""
    posting = posting_of(desk_of(request), number)
    problem, said = "", []
    try:
        said = foreseen(request.principal, number).said
        if request.method == "POST" and request.POST.get(SEEN) == " ".join(said):
            return HttpResponseRedirect(f"/work/jobs/{begin(request.principal, number).pk}/")
    except CallError as error:
        problem = in_browser(str(error))
    posted = request.method == "POST"
    if posted and not problem:
        problem = "What it takes away has changed meanwhile. Read it again before you withdraw it."
    crumbs = (("Postings", HOME), (f"Posting {number}", f"{HOME}{number}/"), ("Withdraw", ""))
    return page(
        request, "reversal.html", here=HOME, crumbs=crumbs, posting=posting, said=said, seen=" ".join(said),
        errors={"said": problem} if problem else {}, status=409 if posted else 200,
    )  # fmt: skip
