"""The pages of what is to come, as a reader meets them."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import pytest

from careshape.evaluate.forecast.explain import recompute
from careshape.evaluate.gap.supply import ALL
from careshape.evaluate.numbers import MINUS
from careshape.statement.export import council_paths
from careshape.statement.outlook.expected import expected
from careshape.statement.outlook.reports import KINDS, report
from careshape.statement.outlook.tables import steps_table
from careshape.statement.outlook.words import how_sure, interval_of, size_of

SEGMENT = "/worcestershire/outlook/home-care/"
PAGES = ("/worcestershire/outlook/", SEGMENT, f"{SEGMENT}all/all/", *(f"/worcestershire/{name}/" for name in KINDS))


def html(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode("utf-8")


@pytest.mark.parametrize("path", PAGES)
def test_outlook_page_has_one_first_heading_unique_ids_and_nothing_the_policy_forbids(client, path):
    text = html(client, path)
    assert len(re.findall(r"<h1[ >]", text)) == 1
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", text)
    assert "Demonstration with synthetic records" in text


def test_contents_name_each_segment_with_what_follows_and_an_interval(client, council):
    text = html(client, "/worcestershire/outlook/")
    for one in council.outlook.segments.values():
        assert f'href="/worcestershire/outlook/{one.id}/"' in text
    gap = next(each for each in council.outlook.gaps_of("home-care", ALL, ALL) if council.outlook.in_years(each) == 3)
    assert f"(80% interval {interval_of(gap)})" in text
    assert size_of(gap)[1:] in text
    for name, kind in KINDS.items():
        assert f'href="/worcestershire/{name}/"' in text
        assert kind.what in text


def test_segment_page_lists_each_district_beside_the_map_for_one_year_only(client, council):
    text = html(client, "/worcestershire/outlook/supported-living/")
    for name in ("Redditch", "Worcester", "Wychavon"):
        assert len(re.findall(rf'<th scope="row"[^>]*>{name}</th>', text)) == 1
    assert "By district" in text
    assert "Source: Office for National Statistics" in text


def test_series_download_holds_recorded_and_expected_with_both_intervals(client):
    found = list(csv.DictReader(io.StringIO(html(client, "/worcestershire/outlook/home-care/all.csv"))))
    assert {row["kind"] for row in found} == {"recorded", "expected"}
    for row in found:
        if row["kind"] == "expected":
            limits = [float(row[name]) for name in ("lower_95", "lower_80", "upper_80", "upper_95")]
            assert limits == sorted(limits)
        assert row["records"] == "synthetic"


def test_gaps_download_holds_districts_sentences_and_rules(client):
    rows = json.loads(html(client, "/worcestershire/outlook.json"))["rows"]
    assert {"all", "wychavon"} <= {row["area"] for row in rows}
    assert all(row["sentence"] and row["rule"] for row in rows)


def test_following_the_steps_with_the_numbers_shown_gives_what_is_shown(council):
    """In each column, every step with a formula must give its own number from the numbers of the steps it names."""
    outlook = council.outlook
    for service, group, table in steps_table(outlook, "home-care", ALL, "wychavon"):
        steps = [row for row in outlook.steps("home-care", ALL, "wychavon") if row["service"] == service]
        for at, years in enumerate(outlook.years_ahead):
            shown = [float(row.cells[3 + at].text.replace(",", "").replace(MINUS, "-")) for row in table.rows]
            by_step = dict(zip((step["step"] for step in steps), shown, strict=True))
            for step in steps:
                inputs = [name for name in re.findall(r"[a-z_]+", step["how"]) if name in by_step]
                if not inputs:
                    continue
                given = [{"step": name, "value": by_step[name], "how": ""} for name in inputs]
                worked = recompute([*given, {**step, "value": 0.0}])[step["step"]]
                value = by_step[step["step"]]
                # Of a sum or difference the parts are rounded, each to four digits or more.
                parts = max(abs(by_step[name]) for name in inputs) if re.search(r" [+-] ", step["how"]) else 0.0
                allowed = max(0.002 * abs(value), 0.0005 * parts, 0.001)
                assert worked == pytest.approx(value, abs=allowed), (service, group, years, step)


def test_tables_of_steps_have_titles_of_their_own(council):
    outlook = council.outlook
    titles = [table.title for _, _, table in steps_table(outlook, "home-care", ALL, "wychavon")]
    assert titles == ["Steps: Home care"]
    titles = [table.title for _, _, table in steps_table(outlook, "care-homes-older-people", "older-people", ALL)]
    assert titles == ["Steps: Nursing care, older people"]


def test_reached_page_names_the_formula_by_letters(client):
    text = html(client, f"{SEGMENT}all/wychavon/")
    assert re.search(r"[A-Z] × [A-Z]", text)
    assert "From people to the gap" in text


def test_address_that_leads_to_no_cell_says_what_is_not_there_and_leads_back(client):
    for path, said, back in (
        (f"{SEGMENT}all/mars/", "Home care has no figures for this client group in this place.", SEGMENT),
        ("/worcestershire/outlook/nothing/", "The outlook has no segment", "/worcestershire/outlook/"),
        ("/worcestershire/measures/nothing/", "There is no measure", "/worcestershire/measures/"),
    ):
        text = html(client, path, status=404)
        assert (said in text, f'href="{back}"' in text) == (True, True), path


@pytest.mark.parametrize("path", ["/worcestershire/outlook/nothing/", "/worcestershire/outlook/home-care/all/mars/",
                                  "/worcestershire/people/nothing.csv", "/thurrock/outlook/home-care/"])  # fmt: skip
def test_what_is_not_there_is_not_found(client, path):
    html(client, path, status=404)


def test_council_without_records_says_so_on_every_page(client):
    said = "No records have been imported yet, so nothing can be forecast from them."
    for path in ("outlook", "scenarios", "accuracy"):
        assert said in html(client, f"/thurrock/{path}/")


def test_uncertain_forecast_is_said_to_be_and_a_sure_one_not(council):
    outlook = council.outlook
    cells = (ALL, "wychavon")
    found = {one: outlook.gaps_of("supported-living", "learning-disability", one)[-1].demand for one in cells}
    limits = found["wychavon"].limits()
    wide = limits["upper_80"] - limits["lower_80"] > 0.25 * found["wychavon"].mean
    assert bool(how_sure(found["wychavon"], "places")) is wide
    sure = found[ALL].plus(found[ALL]).times(1)
    sure = type(sure)(1000.0, sure.draws * 0 + 1000, "known")
    assert how_sure(sure, "places") == ""


def test_gap_by_a_borrowed_share_says_so_in_the_statement_and_on_its_page(council):
    outlook = council.outlook
    own = expected(outlook, outlook.segments["home-care"], ALL)
    assert own.gap.counts_others
    assert "borrowed" not in own.said
    lent = replace(own.gap, outside=replace(own.gap.outside, lender="Elsewhere"))
    assert replace(own, gap=lent).said.endswith("). What others buy rests on a share borrowed from Elsewhere.")


def test_export_holds_every_page_of_the_outlook(council):
    paths = council_paths(council)
    for path in (*PAGES, "/worcestershire/outlook.csv", "/worcestershire/people/projection.json"):
        assert path in paths
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("name", list(KINDS))
def test_report_is_made_once_and_its_tables_can_be_downloaded(client, council, name):
    assert report(council, name) is report(council, name)
    assert report(council, name).problem == ""
    for section in report(council, name).sections:
        if section.downloads:
            rows = list(csv.DictReader(io.StringIO(html(client, f"/worcestershire/{name}/{section.id}.csv"))))
            assert len(rows) == len(section.table.records)
            assert rows[0]["records"] in ("published", "synthetic")
