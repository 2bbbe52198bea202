"""An auditor follows a figure of the statement back to the import that caused it: who, when, which file and report."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from careshape.audit.models import Event, Head
from careshape.audit.postings import tell_postings
from careshape.ledger import Ledger
from careshape.statement.council import open_council

COUNCIL = "worcestershire"


@pytest.fixture
def figure(data) -> str:
    """The key of a figure that is counted from records."""
    council = open_council(data, COUNCIL)
    council.warm()
    return next(one.key for one in council.book.computed() if one.card.kind == "measure")


@pytest.fixture
def imported(people, data) -> Event:
    """The event of the sample's import, as if the analyst had brought it."""
    ledger = Ledger.open(data / "councils" / COUNCIL)
    tell_postings(ledger, people.principal("analyst"), posted=(1,), brought=4711)
    return Event.objects.get(act="ledger.import")


def test_a_figure_is_followed_from_its_card_to_the_event_of_its_import(signed_in, figure, imported, data, people):
    client = signed_in("auditor")
    card = client.get(f"/{COUNCIL}/figures/{figure}/").content.decode()
    (way,) = re.findall(rf'href="(/work/figures/{figure}/)"', card)
    text = client.get(way).content.decode()
    assert "As known after each posting" in text
    assert '<a class="govuk-link" href="/work/postings/1/">Posting 1</a>' in text
    posting = client.get("/work/postings/1/").content.decode()
    assert f"What the audit log tells of it: event {imported.number}" in posting
    assert people.account("analyst").name in posting
    assert imported.digest in posting
    assert "As it was when the file was posted." in posting
    report = data / "councils" / COUNCIL / "reports" / "00001.json"
    report.write_text(report.read_text("utf-8").replace('"refused"', '"refused" '), "utf-8")
    assert "It is NOT the one of the day of the posting." in client.get("/work/postings/1/").content.decode()


@pytest.mark.parametrize("role", ["broker", "provider", None])
def test_way_is_shown_to_nobody_who_may_not_go_it(signed_in, figure, role):
    client = signed_in(role) if role else Client(SERVER_NAME="localhost")
    assert "/work/figures/" not in client.get(f"/{COUNCIL}/figures/{figure}/").content.decode()
    assert client.get(f"/work/figures/{figure}/").status_code == (403 if role else 302)


def test_figures_of_another_council_lead_nowhere(signed_in, figure):
    assert (
        "/work/figures/" not in signed_in("auditor", "thurrock").get(f"/{COUNCIL}/figures/{figure}/").content.decode()
    )
    assert signed_in("auditor", "thurrock").get(f"/work/figures/{figure}/").status_code == 404
    assert signed_in("auditor").get("/work/figures/none/").status_code == 404


def test_log_tells_of_an_import_who_may_read_it_alone(signed_in, imported):
    assert "What the audit log tells" in signed_in("analyst").get("/work/postings/1/").content.decode(), "one's own"
    assert "What the audit log tells" not in signed_in("finance").get("/work/postings/1/").content.decode()


def test_download_says_where_the_log_stands(signed_in, imported):
    answer = signed_in("auditor").get("/work/postings.csv")
    head = Head.objects.get(chain=COUNCIL)
    assert answer.headers["X-Audit-Head"] == f"{COUNCIL} {head.number} {head.digest}"
    assert "X-Audit-Head" not in signed_in("auditor").get("/work/postings/").headers
    assert "X-Audit-Head" not in Client(SERVER_NAME="localhost").get(f"/{COUNCIL}/intentions.csv").headers


def test_log_is_filtered_by_act_person_object_and_day(signed_in, imported, people):
    client = signed_in("auditor")
    day = imported.at[:10]
    who = people.account("analyst").name.replace(" ", "+")
    for words in (f"title=Post+a+file+to+the+ledger&day={day}", f"who={who}", "q=ledger.posting:1"):
        assert client.get(f"/work/audit.csv?{words}").content.decode().count("ledger.posting:1") >= 1, words
    assert "Posting 1" in signed_in("analyst").get("/work/audit.csv").content.decode(), "what they did themselves"
    assert "Posting 1" not in signed_in("broker").get("/work/audit.csv").content.decode()
