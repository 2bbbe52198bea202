"""Every kind of page, as a reader meets it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import time

import pytest

from careshape.statement.export import council_paths
from tests.accounts.signing import sign_in_at_once

KINDS = (
    "/", "/help/", "/accessibility/", "/worcestershire/", "/worcestershire/statement/care-homes/",
    "/worcestershire/statement/population/", "/worcestershire/tables/", "/worcestershire/tables/older-people/",
    "/worcestershire/measures/", "/worcestershire/measures/bed_nights/", "/worcestershire/observations/",
    "/worcestershire/observations/table-01/", "/worcestershire/observations/prose-figures/",
    "/worcestershire/discrepancies/", "/worcestershire/check/", "/worcestershire/intentions/", "/worcestershire/about/",
    "/worcestershire/search/?q=nights", "/worcestershire/index/", "/thurrock/", "/thurrock/review/", "/thurrock/views/",
)  # fmt: skip


def html(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode("utf-8")


@pytest.mark.parametrize("path", KINDS)
def test_page_is_marked_draft_and_a_demonstration_says_so(client, path):
    text = html(client, path)
    assert "Draft" in text
    if path.startswith(("/worc", "/thur")):
        assert "Demonstration with synthetic records" in text


@pytest.mark.parametrize("path", KINDS)
def test_page_holds_nothing_that_the_content_policy_forbids(client, path):
    response = client.get(path)
    text = response.content.decode("utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", text)
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", KINDS)
def test_page_has_one_first_heading_and_unique_ids(client, path):
    text = html(client, path)
    assert len(re.findall(r"<h1[ >]", text)) == 1
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_page_carries_the_security_headers(client):
    headers = client.get("/").headers
    for name, value in (
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ):
        assert headers[name] == value
    assert "camera=()" in headers["Permissions-Policy"]


def test_page_shows_no_identity_of_gov_uk(client):
    for path in KINDS:
        text = html(client, path)
        for sign in ("GDS Transport", "crest", "govuk-logo", "Crown copyright", "royal-arms"):
            assert sign not in text, (path, sign)


def test_segment_links_each_figure_to_its_card(client):
    text = html(client, "/worcestershire/statement/care-homes/")
    assert "paid for" in text
    link = re.search(r'href="(/worcestershire/figures/[0-9a-f]+/)">five</a>', text)
    assert link
    card = html(client, link[1])
    for words in ("How it is worked out", "What to bear in mind", "posting 1", "care_home_people"):
        assert words in card


def test_segment_chart_brings_its_table(client):
    text = html(client, "/worcestershire/statement/population/")
    assert text.index("<svg") < text.index("<table")


def test_table_is_readable_by_machine_and_by_screen_reader(client):
    text = html(client, "/worcestershire/tables/people-by-district/")
    assert "<caption" in text
    assert 'scope="col"' in text
    assert 'scope="row"' in text
    assert re.search(r'role="region" aria-labelledby="caption-people-by-district" tabindex="0"', text)
    data = json.loads(client.get("/worcestershire/tables/people-by-district.json").content)
    assert data["rows"][0].keys() == {"district", "period", "measure", "unit", "value", "authority", "records"}
    response = client.get("/worcestershire/tables/people-by-district.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"district,period,measure,unit,value,authority,records\n")


def test_section_as_data_is_that_of_the_latest_edition(client):
    there = client.get("/worcestershire/statement/population.json")
    assert (there.status_code, there["Location"]) == (302, "/worcestershire/latest/statement/population.json")
    assert client.get("/worcestershire/statement/nowhere.json").status_code == 404


def test_listing_filters_without_script(client):
    whole = html(client, "/worcestershire/intentions/")
    part = html(client, "/worcestershire/intentions/?direction=Reduce&sort=0&order=down")
    assert whole.count("<tr") > part.count("<tr") > 1
    assert re.search(r'<option value="Reduce" selected>', part)
    assert 'aria-sort="descending"' in part


def test_discrepancies_show_both_values_and_why(client):
    text = html(client, "/worcestershire/discrepancies/")
    assert "Recomputed" in text
    lines = client.get("/worcestershire/discrepancies.csv").content.splitlines()
    assert lines[0] == b"id,authority,table,item,published,recomputed,kind,explanation,cells,source_line,records"
    assert len(lines) > 10


def test_downloads_give_ids_and_dates_in_the_form_of_programs(client):
    rows = json.loads(client.get("/worcestershire/observations/table-06.json").content)["rows"]
    assert rows[0]["id"] == "table-06/1"
    assert rows[0]["period"] == "2020-03"
    assert rows[0]["value"] == 4190
    first = json.loads(client.get("/worcestershire/intentions.json").content)["rows"][0]
    assert (first["id"], first["direction"], first["by_date"]) == ("W-CI-001", "review", "2022-04")


def test_check_compares_published_with_computed(client):
    text = html(client, "/worcestershire/check/?status=Equal")
    assert "Published against computed" in text
    head = b"file,row,published,computed,status,reason,item,authority,records\n"
    assert client.get("/worcestershire/check.csv").content.startswith(head)


def test_download_says_whose_it_is_and_of_which_kind(client):
    response = client.get("/worcestershire/tables/people-by-district.json")
    assert (
        'filename="worcestershire-people-by-district-synthetic-draft.json"' in response.headers["Content-Disposition"]
    )
    data = json.loads(response.content)
    assert (data["authority"], data["known_on"], data["posting"]) == ("worcestershire", "2021-06-30", 1)
    assert data["title"] == "People in care homes by district to 2020/21"
    assert data["note"] == "Last day: five, as in Table 17."
    assert data["draft"] is data["synthetic"] is True
    assert {row["records"] for row in data["rows"]} == {"synthetic"}
    published = client.get("/worcestershire/tables/older-people.csv")
    assert 'filename="worcestershire-older-people-draft.csv"' in published.headers["Content-Disposition"]
    assert published.content.splitlines()[1].endswith(b",worcestershire,published")


def test_download_of_a_filtered_list_holds_what_the_page_shows(client):
    text = html(client, "/worcestershire/intentions/?direction=Reduce")
    assert 'href="/worcestershire/intentions.csv?direction=Reduce"' in text
    response = client.get("/worcestershire/intentions.csv?direction=Reduce")
    assert "worcestershire-intentions-filtered-draft.csv" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8"))))
    assert {row["direction"] for row in rows} == {"reduce"}
    assert f"Showing {len(rows)} of " in text
    assert len(rows) < len(client.get("/worcestershire/intentions.csv").content.splitlines()) - 1


def test_search_finds_statement_tables_and_measures(client):
    text = html(client, "/worcestershire/search/?q=Care+homes")
    assert "/worcestershire/statement/care-homes/" in text
    assert "0 pages found" in html(client, "/worcestershire/search/?q=zebra")


@pytest.mark.parametrize("asked", ["<script>alert(1)</script>", "'; DROP TABLE x", "%00", "a" * 5000, "é ü 中"])
def test_search_takes_any_words(client, asked):
    response = client.get("/worcestershire/search/", {"q": asked})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize(
    "path",
    ["/nowhere/", "/worcestershire/statement/nothing/", "/worcestershire/tables/x/", "/worcestershire/tables/x.csv",
     "/worcestershire/tables/older-people.exe", "/worcestershire/figures/0123/", "/worcestershire/measures/x/",
     "/worcestershire/observations/x/", "/worcestershire/nothing/", "/worcestershire/intentions/W-CI-999/",
     "/..%2f..%2fetc/", "/worcestershire/nothing.csv"],
)  # fmt: skip
def test_page_that_is_not_there_answers_with_help(client, path):
    text = html(client, path, status=404)
    assert "Page not found" in text


def test_page_that_fails_answers_with_a_page_of_its_own(client, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "CARESHAPE_DIR", None)  # what no installation has: a failure that nobody foresaw
    text = html(client, "/worcestershire/", status=500)
    assert "There is a problem with this page" in text
    assert "Traceback" not in text


def broken_settings(council):
    (council / "council.toml").write_text("authority = ", "utf-8")


def broken_observations(council):
    (council / "observations").mkdir()
    (council / "observations" / "own.csv").write_text("id,colour\nX-1,red\n", "utf-8")


def broken_ledger(council):
    next((council / "ledger" / "_delta_log").glob("*1.json")).write_text("{", "utf-8")


def lost_rows(council):
    for file in (council / "ledger").glob("*.parquet"):
        file.unlink()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (broken_settings, "needs authority, name, demonstration"),
        (broken_observations, "own.csv"),
        (broken_ledger, "records of worcestershire cannot be read"),
        (lost_rows, "1 of 1 files of its ledger are gone"),
    ],
)
def test_council_with_a_fault_is_told_and_the_others_are_served(
    client, people, data, tmp_path, monkeypatch, caplog, spoil, says
):
    from django.conf import settings
    from django.test import Client

    from careshape.site.serve import warmed

    anybody = Client(SERVER_NAME="localhost")
    sign_in_at_once(client, people.account("analyst"))
    own = shutil.copytree(data, tmp_path / "own")
    spoil(own / "councils" / "worcestershire")
    monkeypatch.setattr(settings, "CARESHAPE_DIR", own)
    warmed()  # as a server does before it answers
    html(client, "/thurrock/")
    for path in ("/worcestershire/", "/worcestershire/statement/care-homes/", "/worcestershire/tables/x.csv"):
        text = html(client, path, status=503)
        assert "Worcestershire cannot be shown at the moment" in text
        assert says in text
        assert str(tmp_path) not in text
    # Of what is wrong with its files only its own staff are told.
    for path in ("/worcestershire/", "/"):
        text = anybody.get(path).content.decode()
        assert says not in text
        assert "Worcestershire cannot be shown" not in text or "Whoever runs this installation" in text
    assert any(says in record.getMessage() for record in caplog.records if record.name == "careshape")
    index = html(client, "/").split("<main")[1]
    assert 'href="/thurrock/"' in index
    assert says in index
    assert 'href="/worcestershire/"' not in index


def test_site_answers_to_no_other_name(client):
    assert client.get("/", SERVER_NAME="elsewhere.example").status_code == 400


def test_every_page_of_the_export_is_served_too(client, data):
    from careshape.statement.council import open_council

    for slug in ("worcestershire", "thurrock"):
        council = open_council(data, slug)
        council.warm()
        for path in council_paths(council):
            answer = client.get(path)
            if (
                path.endswith(".pdf") and answer.status_code == 503
            ):  # set by background work, which this site has none of
                assert answer.headers["Retry-After"], path
                continue
            assert answer.status_code == 200, path


GOAL = 0.1
"""Seconds of processor time that a warm page may take; only three times as much fails."""


def _taken(client, path):
    started = time.process_time()
    client.get(path)
    return time.process_time() - started


def test_warm_pages_are_nowhere_near_slow(client):
    slow = {}
    for path in KINDS:
        client.get(path)
        taken = min(_taken(client, path) for _ in range(3))  # the least: what else runs makes it more
        if taken > 3 * GOAL:
            slow[path] = taken
    assert slow == {}


def test_council_without_records_shows_one_notice_and_how_to_import(client):
    text = html(client, "/thurrock/")
    assert "No records have been imported yet." in text
    assert "An analyst of the council brings them" in text
    assert "not known" not in text
    assert "/thurrock/tables/" not in text
    html(client, "/thurrock/statement/home-care/", 404)


def test_council_with_records_of_its_own_is_called_no_demonstration(client, people, data, tmp_path, monkeypatch):
    from django.conf import settings

    sign_in_at_once(client, people.account("analyst"))
    own = shutil.copytree(data, tmp_path / "own")
    about = own / "councils" / "worcestershire" / "council.toml"
    about.write_text(about.read_text("utf-8").replace("demonstration = true", "demonstration = false"), "utf-8")
    monkeypatch.setattr(settings, "CARESHAPE_DIR", own)
    for path in ("/worcestershire/", "/worcestershire/statement/care-homes/", "/worcestershire/about/"):
        text = html(client, path).lower()
        assert "demonstration" not in text
        assert "synthetic" not in text.replace("synthetic provider w-", "")


def test_card_reached_from_a_table_says_where_it_stands_and_leads_back(client):
    table = html(client, "/worcestershire/tables/people-by-district/")
    key = re.search(r"/worcestershire/figures/([0-9a-f]{12})/", table)[0]
    card = html(client, key)
    assert "Stands in" in card
    assert card.count('href="/worcestershire/tables/people-by-district/"') == 2  # the way back above, and the list


def test_measure_lists_each_figure_once(client):
    text = html(client, "/worcestershire/measures/bed_nights/")
    named = re.findall(r"<dt[^>]*>(Bed nights[^<]*)</dt>", text)
    assert named
    assert len(named) == len(set(named))


def test_search_counts_what_it_found_and_suggests_a_word(client):
    from careshape.statement.search import MOST

    text = html(client, "/worcestershire/search/?q=the")
    many = int(re.search(r'role="status">(\d+) pages found', text)[1])
    assert many > MOST
    assert text.count('<li class="cs-hit">') == MOST
    assert "?q=population" in html(client, "/worcestershire/search/?q=popluation")


def test_lists_write_one_person_and_a_minus_sign(client):
    text = html(client, "/worcestershire/observations/table-20/")
    assert re.search(r">1</td>\s*<td[^>]*>person</td>", text)
    shown = re.sub(r"<[^>]+>", " ", html(client, "/worcestershire/discrepancies/"))
    assert "\u2212480" in shown
    assert not re.search(r"\s-\d", shown)


def test_tables_stand_under_the_part_in_which_they_are_shown(client):
    text = html(client, "/worcestershire/tables/")
    assert text.index(">The place</h2>") < text.index("People aged 65 and over by district in 2018")
    assert text.index(">Care</h2>") < text.index("People in care homes by district to 2020/21")


def test_council_without_records_claims_no_day_on_which_they_were_known(client):
    assert "as known on" not in html(client, "/thurrock/").lower()


def test_fault_of_a_text_is_told_to_who_may_mend_it_and_to_the_public_in_a_sentence(
    client, people, data, tmp_path, monkeypatch
):
    from django.conf import settings
    from django.test import Client

    own = shutil.copytree(data, tmp_path / "own")
    text = own / "councils" / "worcestershire" / "statement"
    text.mkdir(exist_ok=True)
    (text / "statement.toml").write_text("title = ", "utf-8")
    monkeypatch.setattr(settings, "CARESHAPE_DIR", own)
    sign_in_at_once(client, people.account("analyst"))
    anybody = Client(SERVER_NAME="localhost")
    for path in ("/worcestershire/", "/", "/worcestershire/large-print/"):
        assert "statement.toml" in html(client, path), path
        shown = anybody.get(path).content.decode()
        assert "statement.toml" not in shown, path
        assert "The text of its statement has a fault" in shown, path
