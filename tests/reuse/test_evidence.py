"""The evidence for the regulator: every heading, its figures each with its card, and what is kept back as such."""

from __future__ import annotations

import csv
import io
import json
import zipfile

from careshape.evaluate.measure import measures
from careshape.exchange.form import codes
from careshape.reuse.evidence import answered, framework, pack
from tests.accounts.signing import sign_in_at_once
from tests.exchange.sample import sample
from tests.reuse.conftest import make


def test_data_file_names_only_slots_topics_directions_and_measures_that_there_are():
    known = codes()
    for area in framework().area:
        assert set(area.slots) <= set(known["slot"])
        assert set(area.topics) <= set(known["topic"])
        assert set(area.directions) <= set(known["direction"])
        assert set(area.measures) <= set(measures())


def test_assessment_has_four_themes_and_nine_quality_statements_and_names_its_sources():
    known = framework()
    statements = [one for theme in known.theme_list for one in theme.statements]
    assert (len(known.theme_list), len(statements)) == (4, 9)
    assert known.statement in known.theme_list[1].statements
    assert "ours" in known.headings
    assert all(one.address.startswith("https://") and one.says for one in known.source)


def test_each_heading_has_what_answers_it():
    found = {one.area.id: one for one in answered(sample())}
    assert [one["id"] for one in found["local-needs"].figures] == ["f2"]
    assert [one["id"] for one in found["capacity"].figures] == ["f1"]
    assert [one["id"] for one in found["capacity"].intentions] == ["i1"]
    assert [one["text"] for one in found["local-needs"].slots] == ["More is needed in the north."]
    assert found["sustainability"].kept_back == 1
    assert found["quality"].empty


def test_pack_holds_every_figure_with_its_card():
    with zipfile.ZipFile(io.BytesIO(pack(sample()))) as archive:
        whole = json.loads(archive.read("evidence.json"))
        rows = list(csv.DictReader(io.StringIO(archive.read("evidence.csv").decode())))
        page = archive.read("evidence.html").decode()
    # A figure without a card of the statement has one made of what it says of itself.
    assert [one["id"] for one in whole["cards"]] == ["people", "figure-f2", "figure-f3"]
    shown = [one for area in whole["areas"] for one in area["figures"]]
    assert {one["card"] for one in shown} <= {one["id"] for one in whole["cards"]}
    assert {one["unit_label"] for one in shown} == {"people", "pounds a week"}
    assert all(f"<h3>{one['id']}: {one['label']}</h3>" in page for one in whole["cards"])
    price = next(one for one in rows if one["kind"] == "figure" and one["area"] == "Services that can go on")
    assert (price["value"], price["reason"]) == ("suppressed", "it could tell of one provider")
    assert "Synthetic" in page
    assert "suppressed" in page


def test_page_is_of_the_released_edition_and_of_a_later_one_for_those_who_answer_for_it(client, data, people):
    assert "Edition 1" in client.get("/thurrock/evidence/").content.decode()
    assert client.get("/worcestershire/evidence/").status_code == 404
    make(data, "worcestershire", 1, "prepared", sample("E10000034", "Worcestershire County Council"))
    assert client.get("/worcestershire/evidence/").status_code == 404
    sign_in_at_once(client, people.account("quality-officer"))
    page = client.get("/worcestershire/evidence/")
    assert "This edition is not released" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert client.get("/worcestershire/evidence.zip").content[:2] == b"PK"
    assert client.get("/worcestershire/evidence.pdf").status_code == 404
    sign_in_at_once(client, people.account("broker"))
    assert client.get("/worcestershire/evidence/").status_code == 404
