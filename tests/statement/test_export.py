"""The static export: every link leads to a file, under any prefix."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from careshape.errors import CallError, InputError
from careshape.statement.export import MARK, export_site
from tests.commands import commands_below, commands_on
from tests.statement.sample import make_sample


@pytest.fixture(scope="module")
def site(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export") / "site"
    written = export_site(data, out)
    assert written == sum(path.is_file() for path in out.rglob("*"))
    return out


def links(page: Path) -> list[str]:
    return [unescape(one) for one in re.findall(r'(?:href|src|action)="([^"]*)"', page.read_text("utf-8"))]


def test_export_links_all_lead_to_files_and_anchors_inside_the_folder(site):
    for page in site.rglob("*.html"):
        for link in links(page):
            if link.startswith("http"):
                continue
            path, _, anchor = link.partition("#")
            assert not path.startswith("/"), f"{page}: {link} is not relative"
            target = (page.parent / path).resolve() if path else page
            assert target.is_file(), f"{page}: {link} leads nowhere"
            assert target.is_relative_to(site.resolve())
            if anchor:
                assert f'id="{anchor}"' in target.read_text("utf-8"), f"{page}: {link} has no such place"


def test_export_holds_every_kind_of_page_marked_as_a_draft(site):
    council = site / "worcestershire"
    for name in ("", "statement/care-homes/", "tables/", "tables/older-people/", "measures/bed_nights/", "index/",
                 "observations/table-01/", "discrepancies/", "check/", "intentions/", "about/"):  # fmt: skip
        text = (council / name / "index.html").read_text("utf-8")
        assert "Draft" in text
        assert "synthetic records" in text
    assert list((council / "figures").iterdir())
    assert not (council / "search").exists()


def test_export_asks_nothing_of_a_server(site):
    for page in site.rglob("*.html"):
        assert "<form" not in page.read_text("utf-8"), page


def test_export_downloads_stand_beside_their_pages(site):
    tables = site / "worcestershire" / "tables"
    assert (
        (tables / "older-people.csv")
        .read_text("utf-8")
        .startswith("district,period,measure,unit,value,authority,records\n")
    )
    assert (tables / "older-people.json").is_file()
    assert (site / "worcestershire" / "discrepancies.csv").is_file()


def test_export_of_a_council_without_lines_says_so_and_does_not_fail(site):
    assert "No records have been imported yet" in (site / "thurrock" / "about" / "index.html").read_text("utf-8")


def test_export_replaces_its_own_folder_and_no_other(site, data, tmp_path):
    (site / "stale.html").write_text("old")
    export_site(data, site, base_url="https://example.org/mps/")
    assert not (site / "stale.html").exists()
    assert (site / MARK).is_file()
    page = (site / "worcestershire" / "about" / "index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://example.org/mps/worcestershire/about/">' in page
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CallError, match="holds other files"):
        export_site(data, tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_exports_at_once_do_not_meddle_with_each_other(data, tmp_path):
    out, inner = tmp_path / "out", []
    (tmp_path / "out.new").mkdir()
    (tmp_path / "out.new" / "thesis.txt").write_text("mine")

    def another(said):
        if not inner:
            inner.append(export_site(data, out))

    assert export_site(data, out, progress=another) == inner[0] == sum(path.is_file() for path in out.rglob("*"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out.new"]
    assert (tmp_path / "out.new" / "thesis.txt").read_text() == "mine"


def test_export_leaves_what_was_put_in_its_place_meanwhile(data, tmp_path):
    out = tmp_path / "out"

    def strange(said):
        out.mkdir(exist_ok=True)
        (out / "thesis.txt").write_text("mine")

    with pytest.raises(CallError, match="holds other files"):
        export_site(data, out, progress=strange)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


def test_export_refuses_a_text_with_a_typed_number_and_keeps_the_earlier_pages(tmp_path):
    data = make_sample(tmp_path / "data")
    export_site(data, tmp_path / "out")
    before = sorted(tmp_path.joinpath("out").rglob("*"))
    path = data / "councils" / "worcestershire" / "statement" / "03-shared-lives.md"
    path.write_text(path.read_text("utf-8").replace("There is some.", "There are 12."), "utf-8")
    with pytest.raises(InputError, match=r"03-shared-lives.md, line 13: '12' is typed"):
        export_site(data, tmp_path / "out")
    assert sorted(tmp_path.joinpath("out").rglob("*")) == before


def test_no_public_page_shows_a_command(site):
    assert commands_below(site) == {}
    assert len(list(site.rglob("*.html"))) > 50


def test_control_command_in_a_page_is_found():
    assert commands_on("<p>Load it: <code>careshape data add FILE</code>.</p>") == ["careshape data add FILE"]
    assert commands_on("<p>Download it and `careshape import own.csv`.</p>") == ["careshape import own.csv`."]
    assert commands_on("<p>What careshape found in the published statement.</p>") == []
