"""The pages of a council's statements: the main one, and those of single subjects, with what they are made from."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse

from careshape.language import say
from careshape.policy.views import does
from careshape.statement.content import Segment
from careshape.statement.council import Council
from careshape.statement.labels import period_title
from careshape.statement.pages import page, static_export, the_council
from careshape.statement.phrases import phrase
from careshape.statement.print.links import print_links
from careshape.statement.subjects import Subject


@dataclass(frozen=True)
class Shown:
    """A statement as pages show it: ``when`` says when it is to come, ``segments`` what it is made from."""

    id: str
    title: str
    about: str
    when: str
    segments: tuple[Segment, ...]


def shown(council: Council, one: Subject) -> Shown:
    """A statement of a council, with its words filled in."""
    segments = council.statement.segments if council.statement else {}
    said = [str(phrase(council.book, text)) for text in (one.title, one.about)]
    return Shown(one.id, said[0], said[1], _when(council, one), tuple(segments[name] for name in one.segments))


def _when(council: Council, one: Subject) -> str:
    if one.planned:
        return say("Planned for {period}.", period=period_title(one.planned))
    if one.kind == "main":
        return ""
    post = council.statement.rules.every.owner if council.statement else ""
    if not post:
        return say("No date has been set for it yet. The council sets one, and this page tells it.")
    return say("No date has been set for it yet. The {post} sets one, and this page tells it.", post=post)


@does("statement.read")
def subject_page(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One statement of a council: when it is planned, and the segments that it is made from, in its order."""
    council = the_council(request, slug)
    found = next((one for one in council.statement.subjects if one.id == name), None) if council.statement else None
    if found is None:
        raise Http404(f"The council declares no statement '{name}'.")
    made = shown(council, found)
    crumbs, fixed = ((made.title, ""),), static_export(request)
    prints = print_links(council, fixed, "" if found.kind == "main" else found.id)
    return page(request, "statement/subject.html", council, here="home", crumbs=crumbs, subject=made, prints=prints)


@does("statement.read")
def large_print(request: HttpRequest, slug: str) -> HttpResponse:
    """The contents in large print: the pages that are, and the files."""
    council = the_council(request, slug)
    prints = [one for one in print_links(council, static_export(request)) if one.large]
    crumbs = (("Large print", ""),)
    return page(request, "statement/large_print.html", council, here="home", crumbs=crumbs, prints=prints)
