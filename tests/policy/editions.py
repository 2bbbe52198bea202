"""An edition for the sweep of authorisation: released at home, prepared and not released elsewhere."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from django.utils.timezone import now

from careshape.editions.folders import FIGURES, MANIFEST, PAGES, REPORT, digest, edition_path
from careshape.editions.models import Edition
from careshape.exchange.form import LISTS
from careshape.home import Home
from tests.exchange.sample import sample

PAGE = b"<!DOCTYPE html><title>A page of an edition</title>"
SEGMENT = {
    "segment": "care-homes", "title": "Care homes", "services": ["nursing"], "slots": [], "figures": [], "tables": [],
}  # fmt: skip
_OPEN = "/api/open/v1/councils/<slug:slug>/editions/<slug:edition>"
ROUTES = {
    "/<slug:slug>/editions/": "/{}/editions/",
    "/<slug:slug>/editions/<int:number>/": "/{}/editions/1/",
    "/<slug:slug>/editions/<int:number>/<path:path>": "/{}/editions/1/index.html",
    "/<slug:slug>/editions/<int:number>/changes/": "/{}/editions/1/changes/",
    "/<slug:slug>/editions/<int:number>/changes.<slug:kind>": "/{}/editions/1/changes.csv",
    "/<slug:slug>/editions/<int:number>/comments/": "/{}/editions/1/comments/",
    "/<slug:slug>/feed.xml": "/{}/feed.xml",
    "/<slug:slug>/take-part/": "/{}/take-part/",
    "/<slug:slug>/editions/feed/<slug:segment>.xml": "/{}/editions/feed/care-homes.xml",
    "/<slug:slug>/evidence/": "/{}/evidence/",
    "/<slug:slug>/evidence.<slug:kind>": "/{}/evidence.csv",
    "/api/open/v1/councils/<slug:slug>/editions": "/api/open/v1/councils/{}/editions",
    f"{_OPEN}/tables/<str:name>": "/api/open/v1/councils/{}/editions/1/tables/beds",
    **{f"{_OPEN}/{part}": f"/api/open/v1/councils/{{}}/editions/latest/{part}" for part in ("statement", *LISTS)},
    "/<slug:slug>/latest/": "/{}/latest/",
    "/<slug:slug>/latest/<path:path>": "/{}/latest/index.html",
}
OF_ALL = "/<slug:slug>/editions/"
"""The one address of editions that an open council without any has."""


def make_edition(data: Path, slug: str, state: str) -> Edition:
    """Edition 1 of a council, with one page."""
    folder = edition_path(Home(data), slug, 1)
    (folder / PAGES).mkdir(parents=True)
    (folder / PAGES / "index.html").write_bytes(PAGE)
    segment = json.dumps(SEGMENT).encode()
    (folder / PAGES / "statement").mkdir()
    (folder / PAGES / "statement" / "care-homes.json").write_bytes(segment)
    for name in (FIGURES, REPORT):
        (folder / name).write_text("{}", "utf-8")
    data = json.dumps(sample()).encode()
    (folder / PAGES / "data").mkdir()
    (folder / PAGES / "data" / "statement.json").write_bytes(data)
    pages = {"index.html": PAGE, "statement/care-homes.json": segment, "data/statement.json": data}
    manifest = json.dumps({"pages": {name: digest(content) for name, content in pages.items()}}).encode()
    (folder / MANIFEST).write_bytes(manifest)
    released = {"agreed_at": now(), "released_at": now()} if state == "released" else {}
    return Edition.objects.create(
        council=slug, number=1, state=state, posting=1, known_on=date(2021, 6, 30), manifest=digest(manifest),
        prepared_at=now(), **released,
    )  # fmt: skip


def paths_of(slug: str) -> dict[str, str]:
    """Pattern -> path of the edition of a council."""
    return {route: path.format(slug) for route, path in ROUTES.items()}
