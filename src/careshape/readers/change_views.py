"""The page of what changed with an edition, and the same as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.readers.changes import Changes
from careshape.readers.released import compared, pair
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.statement.pages import page


@does("editions.read")
def changes_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What changed with an edition since the one before, or since an earlier one."""
    after, before, earlier = pair(request, slug, number)
    found = compared(after, before)
    kept = {"since": str(before.number)} if before and before is not earlier[0] else {}
    return page(
        request, "readers/changes.html", None, slug=slug, name=label_of("authority", slug),
        after=after, before=before, earlier=earlier, found=found,
        arranged=arrange(listing(found, slug), request.GET.dict(), kept) if found else None, kept=kept, day=day,
    )  # fmt: skip


@does("editions.read")
def changes_download(request: HttpRequest, slug: str, number: int, kind: str) -> HttpResponse:
    """What changed as a file, with the rows that the filters of the address keep."""
    after, before, _ = pair(request, slug, number)
    found = compared(after, before) or Changes(slug, 0, number, ())
    name = f"{slug}-changes-{before.number if before else 0}-to-{number}"
    return download(arrange(listing(found, slug), request.GET.dict()), kind, name)


def listing(found: Changes, slug: str) -> Listing:
    """The changes as a list."""
    rows = [
        {
            "section": one.title, "kind": one.kind_words, "change": one.text, "was": one.was, "now": one.now,
            "segment": one.segment, "services": " ".join(one.services), "areas": " ".join(one.areas),
            "href": f"/{slug}/editions/{found.after}/statement/{one.segment}/" if _there(one) else "",
        }
        for one in found.found
    ]  # fmt: skip
    columns = (
        Column("section", "Section", link="href", filtered=True),
        Column("change", "What changed", wide=True),
        Column("kind", "Kind", filtered=True),
        *(Column(name, name.title(), shown=False) for name in ("was", "now", "segment", "services", "areas")),
    )
    return Listing("changes", "What changed", columns, rows, "Nothing that an edition tells has changed.")


def _there(one: object) -> bool:
    segment, text = getattr(one, "segment", ""), getattr(one, "text", "")
    return bool(segment) and not str(text).startswith("Section gone")
