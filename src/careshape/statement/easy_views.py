"""Easy read pages: the contents with the summary, and one for each segment that has one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from careshape.policy.views import does
from careshape.statement.council import Council
from careshape.statement.easy_read import PICTURES, SUMMARY, EasyText
from careshape.statement.pages import page, the_council
from careshape.statement.unshown import said_easily


@does("statement.read")
def easy_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The statement in easy read: the summary, and where to read on."""
    council = the_council(request, slug)
    return _page(request, council, _texts(council).get(SUMMARY))


@does("statement.read")
def easy_segment(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A segment in easy read."""
    council = the_council(request, slug)
    text = _texts(council).get(name)
    if text is None:
        raise Http404("The council has not written this page in easy read.")
    return _page(request, council, text)


def _page(request: HttpRequest, council: Council, text: EasyText | None) -> HttpResponse:
    texts = _texts(council)
    segments = council.statement.segments if council.statement else {}
    return page(
        request, "statement/easy.html", council, here="home", crumbs=_crumbs(council, text), text=text,
        lines=[(line, PICTURES.get(line.picture, ""), said_easily(council, line)) for line in text.lines]
        if text else [],
        others=[one for one in texts.values() if one.id != SUMMARY],
        whole=text is not None and text.id in segments, front_door=council.statement and council.statement.front_door,
        contents=text is None or text.id == SUMMARY,
    )  # fmt: skip


def _crumbs(council: Council, text: EasyText | None) -> tuple[tuple[str, str], ...]:
    if text is None or text.id == SUMMARY:
        return (("Easy read", ""),)
    return (("Easy read", f"/{council.slug}/easy-read/"), (text.title, ""))


def _texts(council: Council) -> dict[str, EasyText]:
    """The easy read pages of a council in the order of its statement, the summary first."""
    if council.statement is None:
        return {}
    easy, order = council.statement.easy, [SUMMARY, *council.statement.segments]
    return {name: easy[name] for name in order if name in easy}
