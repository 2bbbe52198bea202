"""The printed forms of a statement, as files."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from careshape.policy.views import does
from careshape.statement.council import Council
from careshape.statement.pages import page, static_export, the_council
from careshape.statement.print.forms import LARGE, MAIN, Form, forms, printed
from careshape.statement.print.kept import find

RETRY_AFTER = 20
"""Seconds after which one may ask again for what is not made yet."""


@does("statement.read")
def statement_file(request: HttpRequest, slug: str, name: str = MAIN) -> HttpResponse:
    """A printed form: made at once for an export, and for a reader as background work has kept it.

    ``name`` is the file's name without its ending; that of the whole statement where it is not of a subject.
    """
    council = the_council(request, slug)
    form = _form(council, name)
    if static_export(request):
        return _file(printed(council, form).content, council, form)
    kept = find(settings.CARESHAPE_DIR, slug, form)
    if kept is None:
        answer = page(request, "statement/printing.html", council, here="home", status=503)
        answer.headers["Retry-After"] = str(RETRY_AFTER)
        answer.headers["Cache-Control"] = "no-store"
        return answer
    etag = f'"{kept.digest}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    response = _file(kept.path.read_bytes(), council, form)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    return response


def _form(council: Council, name: str) -> Form:
    """The form that a file's name is of. Raises Http404 where the council has none such."""
    for form in forms(council):
        if name == f"{form.subject or MAIN}{LARGE if form.large else ''}":
            return form
    raise Http404(f"The council has no printed statement '{name}'.")


def _file(content: bytes, council: Council, form: Form) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    name = form.file.replace("/", "-")
    response.headers["Content-Disposition"] = f'inline; filename="{council.slug}-{name}"'
    return response
