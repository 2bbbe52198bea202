"""Councils side by side: released here and brought; units that differ are not compared, nothing is taken unchecked."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careshape.audit.change import SYSTEM
from careshape.audit.models import Event
from careshape.editions.folders import PAGES, edition_path
from careshape.errors import CallError, InputError
from careshape.home import Home
from careshape.policy.principal import ANYBODY
from careshape.reuse.beside import OPEN, Said, Source, beside
from careshape.reuse.bring import ACT, LARGEST, Faulty, bring, standing, withdraw
from careshape.reuse.models import Brought
from careshape.reuse.regional_views import _words
from tests.accounts.signing import sign_in_at_once
from tests.exchange.sample import sample
from tests.reuse.conftest import make


def source(key: str, **more) -> Source:
    statement = sample(name=key, **more)
    return Source(key, key, "1", "2025-03-31", "", True, statement)


def content(**more) -> bytes:
    return json.dumps(sample(**more)).encode()


def test_figures_in_one_unit_are_compared_and_others_say_why_not():
    other = sample()["figures"]
    other[0]["unit"] = "hours-per-week"
    rows = {one.topic: one for one in beside([source("a"), source("b", figures=other)])}
    assert rows["need"].comparable
    assert (rows["supply"].comparable, rows["supply"].why_not) == (False, "Units differ")
    assert {one.source.key for cell in rows["need"].cells.values() for one in cell} == {"a", "b"}
    assert rows["intentions"].cells["a"][0].text == "grow: 1"


def test_what_is_open_stands_beside_with_size_and_day_and_says_where_it_is_told_by_place():
    here = sample()["opportunities"][1]
    whole = {name: here[name] for name in here if name != "areas"} | {"id": "o3", "size": 91}
    (row,) = [one for one in beside([source("a"), source("b", opportunities=[here, whole])]) if one.topic == OPEN]
    assert (row.service_label, row.group_label) == ("Home care", "Older people")
    assert row.cells["a"][0].text == "in 1 place of its area alone"
    assert row.cells["b"][0].text == "91 places until 31 March 2028; also by place, for 1 place"


def test_figures_of_different_days_stand_side_by_side_with_their_days_and_are_not_compared():
    other = sample()["figures"]
    other[0]["period"] = "2019-03-31"
    later = sample()["figures"][0]["period"]
    rows = {one.topic: one for one in beside([source("a"), source("b", figures=other)])}
    supply = rows["supply"]
    assert (supply.comparable, supply.alike, supply.why_not) == (False, True, "Of different days")
    assert supply.days == ("2019-03-31", later)


def test_suppressed_figure_is_shown_as_such_and_not_compared():
    figures = [{**one, "services": ["home-care"]} for one in sample()["figures"]]
    del figures[2]["dimensions"]
    rows = {one.topic: one for one in beside([source("a", figures=figures), source("b", figures=figures)])}
    assert rows["price"].why_not == "Kept back or not known"
    assert [cell[0].text for cell in rows["price"].cells.values()] == ["suppressed"] * 2


def test_brought_statement_stands_beside_the_released_one_until_withdrawn(client, data):
    row = bring(SYSTEM, "x.json", content())
    assert bring(SYSTEM, "x.json", content()).pk == row.pk, "the same file is kept once"
    page = client.get("/regional/").content.decode()
    assert "Thurrock Council: Edition 1 (synthetic)" in page
    assert "Example County Council: Edition 1 (synthetic)" in page
    rows = list(csv.DictReader(io.StringIO(client.get("/regional.csv?topic=Need").content.decode())))
    assert {one["council"] for one in rows} == {"Thurrock Council", "Example County Council"}
    assert all(one["edition"] and one["period"] and one["status"] for one in rows)
    assert row.checksum in client.get("/regional/councils/").content.decode()
    withdraw(SYSTEM, row)
    assert "Example County" not in client.get("/regional/").content.decode()
    with pytest.raises(CallError, match="withdrawn already"):
        withdraw(SYSTEM, row)
    told = [one.detail for one in Event.objects.filter(act="reuse.bring").order_by("pk")]
    assert ["brought" in one for one in told] == [True, True, False]


def test_later_file_of_a_council_stands_in_place_of_the_earlier(client, data):
    bring(SYSTEM, "x.json", content())
    bring(SYSTEM, "y.json", content(edition="Edition 2"))
    page = client.get("/regional/").content.decode()
    assert "Example County Council: Edition 2" in page
    assert "Example County Council: Edition 1" not in page


def test_what_breaks_the_form_is_not_taken(data):
    figures = sample()["figures"]
    figures[0]["unit"] = "furlongs"
    with pytest.raises(Faulty, match="figures/0/unit"):
        bring(SYSTEM, "x.json", content(figures=figures))
    with pytest.raises(InputError, match="larger than"):
        bring(SYSTEM, "x.json", b" " * (LARGEST + 1))
    (data / "councils" / "thurrock" / "council.toml").write_text('authority = "thurrock"\n', "utf-8")
    with pytest.raises(InputError, match="stands there already"):
        bring(SYSTEM, "x.json", json.dumps(sample("E06000034", "Thurrock Council")).encode())
    assert not Brought.objects.exists()


def test_page_without_any_statement_says_so(client, db, settings, tmp_path):
    settings.CARESHAPE_DIR = tmp_path
    assert "No council has released a statement here yet" in client.get("/regional/").content.decode()
    assert client.get("/regional.csv").status_code == 200
    assert client.get("/regional.pdf").status_code == 404


def test_administrator_brings_and_withdraws_in_the_browser(client, data, people):
    sign_in_at_once(client, people.account("administrator"))
    wrong = client.post("/work/regional/new/", {"file": SimpleUploadedFile("x.json", b'{"title": 1}')})
    assert wrong.status_code == 422
    assert "x.json#/council: it is missing" in wrong.content.decode()
    assert client.post("/work/regional/new/").status_code == 422
    good = client.post("/work/regional/new/", {"file": SimpleUploadedFile("x.json", content())})
    assert good.status_code == 302
    row = Brought.objects.get()
    assert "Example County Council" in client.get("/work/regional/").content.decode()
    assert "Withdraw the statement" in client.get(f"/work/regional/{row.pk}/withdraw/").content.decode()
    client.post(f"/work/regional/{row.pk}/withdraw/")
    row.refresh_from_db()
    assert row.withdrawn_at is not None


def test_file_that_is_brought_again_after_a_later_one_stands_again(client, data):
    first = bring(SYSTEM, "x.json", content())
    bring(SYSTEM, "y.json", content(edition="Edition 2"))
    again = bring(SYSTEM, "x.json", content())
    assert again.pk != first.pk
    assert [one.pk for one in standing(ANYBODY)] == [again.pk]
    page = client.get("/regional/").content.decode()
    assert "Example County Council: Edition 1" in page
    assert "Example County Council: Edition 2" not in page


def test_two_councils_bring_each_for_itself_and_neither_stands_in_place_of_the_other(data, people):
    one, other = (people.principal("administrator", slug) for slug in ("thurrock", "worcestershire"))
    first, same = bring(one, "x.json", content()), bring(other, "x.json", content())
    assert first.pk != same.pk, "each has a row of its own that it can withdraw"
    assert len(standing(ANYBODY)) == 1, "one file stands once"
    assert Brought.objects.reached(other, ACT).get().pk == same.pk
    later = bring(other, "y.json", content(edition="Edition 2"))
    assert {row.pk for row in standing(ANYBODY)} == {first.pk, later.pk}
    withdraw(one, first)
    assert [row.pk for row in standing(ANYBODY)] == [later.pk]


def test_administrator_brings_no_statement_in_the_name_of_a_council_that_works_here(data, people):
    folder = data / "councils" / "worcestershire"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "council.toml").write_text('authority = "worcestershire"\n', "utf-8")
    named = json.dumps(sample("E10000034", "Worcestershire County Council")).encode()
    with pytest.raises(InputError, match="works here itself"):
        bring(people.principal("administrator", "thurrock"), "x.json", named)
    assert bring(people.principal("administrator", "worcestershire"), "x.json", named).code == "E10000034"


def test_statement_that_was_brought_is_read_from_the_database_once(client, data):
    bring(SYSTEM, "x.json", content(title="Read once"))
    client.get("/regional/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/regional/")
    assert not [one["sql"] for one in asked if '"reuse_brought"."statement"' in one["sql"]]


def test_damaged_edition_of_one_council_leaves_the_others_there(client, data):
    make(data, "worcestershire", 1, "released", sample("E10000034", "Worcestershire County Council"))
    file = edition_path(Home(data), "worcestershire", 1) / PAGES / "data" / "statement.json"
    file.write_bytes(file.read_bytes() + b" ")
    page = client.get("/regional/")
    assert page.status_code == 200
    assert "Thurrock Council: Edition 1" in page.content.decode()
    assert "cannot be laid here" in page.content.decode()
    listed = {one["slug"]: one for one in client.get("/api/open/v1/councils").json()["items"]}
    assert set(listed) == {"thurrock", "worcestershire"}


def test_money_is_written_in_pounds():
    said = Said(None, "", 134.86, "value", "gbp-per-week", "2021-03-31", "", "", "Mean weekly cost")
    assert _words(said).startswith("£134.86 a week, ")
    assert _words(replace(said, unit="persons", value=1200)).startswith("1,200 people, ")
