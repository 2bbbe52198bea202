"""What readers said of an edition, as everybody may read it, and the page on which the mails stop."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from careshape.editions.released import released
from careshape.policy import Principal
from careshape.policy.fields import seen
from careshape.policy.views import does
from careshape.readers.comment import kind_of
from careshape.readers.follow import followed_by, named, stop_all, take_back
from careshape.readers.models import Comment
from careshape.readers.released import EDITIONS, what_it_says
from careshape.statement.formatting import day
from careshape.statement.pages import page
from careshape.statement.slots import SLOTS

READ = "readers.published"


@does(READ)
def comments_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What was published of comments on an edition, section by section, with the council's answers."""
    row = next((one for one in released(request.principal, EDITIONS, slug) if one.number == number), None)
    if row is None:
        raise Http404("There is no such edition.")
    said, slots = what_it_says(row), ["", *SLOTS]
    here = [one for one in published(request.principal, slug) if one["edition"] == number]
    here.sort(key=lambda one: slots.index(one["slot"]) if one["slot"] in slots else len(slots))
    sections = [
        (name, one["title"], [(slot, list(mine)) for slot, mine in groupby(_of(here, name), key=itemgetter("slot"))])
        for name, one in said.segments.items()
    ]
    return page(
        request, "readers/comments.html", None, slug=slug, row=row, parts=[one for one in sections if one[2]],
        may_comment=request.principal.council in ("", slug),
    )  # fmt: skip


def _of(found: list[dict[str, Any]], segment: str) -> list[dict[str, Any]]:
    return [one for one in found if one["segment"] == segment]


def published(principal: Principal, council: str) -> list[dict[str, Any]]:
    """The published comments of a council, the latest first: with the kind of who wrote them, and never a name."""
    rows = Comment.objects.reached(principal, READ).filter(council=council)
    return [
        seen(
            principal, READ, "comment",
            {
                "kind": kind_of(one.role), "text": one.text, "answer": one.answer, "edition": one.edition,
                "answered": day(timezone.localtime(one.answered_at).date()), "section": SLOTS.get(one.slot, ""),
            },
        ) | {"slot": one.slot, "segment": one.segment}
        for one in rows.order_by("-answered_at")
    ]  # fmt: skip


@does("readers.stop", POST="readers.stop")
def stop_page(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of a mail leads: what is followed, and a button that stops it, which can be taken back."""
    rows = followed_by(token)
    if not rows:
        return page(request, "readers/stop.html", None, rows=[], status=410)
    back, resumed = "", False
    if request.method == "POST" and "back" in request.POST:
        resumed = bool(take_back(request.principal, rows, request.POST["back"]))
    elif request.method == "POST":
        back = stop_all(request.principal, rows)
    before, rows = rows, followed_by(token)
    stopped = all(one.stopped_at for one in rows)
    # Asked, it is about what is still followed; answered, about what was followed just now.
    shown = [one for one in (before if back else rows) if (stopped and not back) or not one.stopped_at]
    return page(
        request, "readers/stop.html", None, rows=rows, stopped=stopped, back=back,
        names=[named(one, {}) for one in shown], changed=bool(back) or resumed,
    )  # fmt: skip
