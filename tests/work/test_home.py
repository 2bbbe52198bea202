"""Home pages: each role sees what waits for it, and nothing that it may not."""

from __future__ import annotations

import re
from datetime import date

import pytest

from careshape.policy import roles
from careshape.source.models import PaymentRun
from careshape.statement.council import open_council
from careshape.statement.figures import key_of
from careshape.statement.print.kept import keep_all
from careshape.work.record_ages import Age
from tests.statement.test_state import post_another

MEMBERS = [role.id for role in roles().values() if role.kind != "public"]


@pytest.mark.reads
@pytest.mark.parametrize("role", MEMBERS)
def test_home_shows_every_member_what_waits(role, signed_in) -> None:
    answer = signed_in(role).get("/work/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "What waits for you" in text
    assert text.count('class="cs-card') >= 1, role


def test_home_asks_who_is_not_signed_in_to_sign_in(client, data) -> None:
    answer = client.get("/work/", SERVER_NAME="localhost")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=%2Fwork%2F"


@pytest.mark.reads
@pytest.mark.parametrize("role", MEMBERS)
def test_home_of_a_council_without_records_says_so_once_and_claims_nothing_of_them(role, signed_in) -> None:
    text = signed_in(role, "thurrock").get("/work/").content.decode()
    said = text.count("No records have been imported yet.") + text.count("The council has no records of care here yet.")
    assert said == 1
    for claim in (
        "Every provider has a name",
        "Every figure",
        "Every kind of records",
        "No row of the latest",
        "Nobody has care",
    ):
        assert claim not in text, claim
    assert ('href="/work/imports/new/">The first file' in text) == (role == "analyst"), (
        "only who may bring it is sent there"
    )


def test_a_council_without_records_is_offered_nothing_that_needs_them(signed_in) -> None:
    client = signed_in("analyst", "thurrock")
    tasks = client.get("/work/").content.decode().split("What you can do")[1]
    assert "Bring a file of records" in tasks
    assert "Ask a measure" not in tasks
    for path in ("postings", "registers/providers"):
        assert 'href="/work/imports/new/">Bring a file' in client.get(f"/work/{path}/").content.decode()


@pytest.mark.reads
def test_what_counts_waits_only_for_a_role_that_can_act_on_it(signed_in) -> None:
    analyst, auditor = (signed_in(role).get("/work/").content.decode() for role in ("analyst", "auditor"))
    assert (
        'cs-card--waits">\n    <h3 class="govuk-heading-s cs-card__title"><a class="govuk-link" href="/work/postings/">'
        in analyst
    )
    waiting = auditor.split("How things stand")[0]
    assert "Records</a>" not in waiting
    assert "Records</a>" in auditor


@pytest.mark.parametrize(
    ("came", "ends", "old"),
    [
        (date(2021, 7, 1), date(2021, 6, 30), False),
        (date(2021, 4, 1), None, True),
        (date(2021, 7, 1), date(2021, 3, 31), True),
        (date(2021, 7, 1), date(2021, 4, 9), False),
    ],
)
def test_records_are_old_where_they_came_or_end_more_than_a_quarter_ago(came, ends, old) -> None:
    """A file that comes today and tells of care up to last year alone is no news."""
    assert Age("Packages", came, ends).is_old(date(2021, 7, 10)) == old


@pytest.mark.reads
def test_card_of_records_names_the_last_day_of_care(signed_in) -> None:
    """The sample was posted in July 2021 and its last line ended in October 2020."""
    text = signed_in("analyst").get("/work/").content.decode()
    assert re.search(r"tells of care up to \d+ \w+ 202\d\)", text), re.findall("came on[^<]*", text)
    assert "The records of a demonstration end there." in text


@pytest.mark.reads
@pytest.mark.parametrize("role", MEMBERS)
def test_tasks_of_a_role_lead_to_pages_that_it_may_open(role, signed_in) -> None:
    client = signed_in(role)
    text = client.get("/work/").content.decode().split("What you can do")[1].split("</main>")[0]
    hrefs = [part.split('"')[0].replace("&amp;", "&") for part in text.split('href="')[1:]]
    assert len(hrefs) >= 2
    assert {client.get(href).status_code for href in hrefs} <= {200, 302}, hrefs


def test_a_refusal_keeps_the_navigation_of_who_is_signed_in(signed_in, client, data) -> None:
    broker = signed_in("broker")
    for path, status in (("/work/imports/", 403), ("/work/nothing/", 404)):
        answer = broker.get(path)
        text = answer.content.decode()
        assert answer.status_code == status
        assert "Sections of the place to work" in text
        assert 'href="/work/">Go to your home page' in text
    assert "Sections of the place to work" not in client.get("/nothing/", SERVER_NAME="localhost").content.decode()


def test_who_has_signed_out_is_shown_the_navigation_of_nobody(signed_in) -> None:
    text = signed_in("auditor").post("/sign-out/").content.decode()
    assert "You are signed out" in text
    assert "Sections of the place to work" not in text
    assert "/work/postings/" not in text


@pytest.mark.reads
def test_cards_show_counts_of_the_sample(signed_in) -> None:
    text = signed_in("finance").get("/work/").content.decode()
    assert "6 people have care that the council arranged. It costs £" in text


@pytest.mark.reads
def test_way_back_leads_to_no_section_that_would_refuse(signed_in) -> None:
    crumb = '<a class="govuk-breadcrumbs__link" href="/work/requests/">Requests for care</a>'
    assert crumb in signed_in("broker").get("/work/unmet/").content.decode()
    text = signed_in("analyst").get("/work/unmet/").content.decode()
    assert crumb not in text
    assert "Requests for care" in text


def test_finance_sees_what_the_last_run_of_payments_paid(signed_in, people) -> None:
    client = signed_in("finance")
    assert "No run of payments was made yet." in client.get("/work/").content.decode()
    by = people.memberships["worcestershire", "finance"].account
    totals = '{"1": {"council": 19474, "person": -74}}'
    PaymentRun.objects.create(council="worcestershire", number=1, day=date(2026, 1, 5), totals=totals, by=by)
    assert "The last, of 5 January 2026, paid £194.00." in client.get("/work/").content.decode()


def test_home_waits_for_no_figure_and_tells_what_background_work_found(signed_in, data) -> None:
    """Every award is a posting: who opens a home page after one does not wait for the whole statement to be counted."""
    client = signed_in("commissioner")
    council = open_council(data, "worcestershire")
    before = client.get("/work/").content.decode()
    assert "Every figure of the statement can be computed" not in before, "nothing has counted them"
    keep_all(data, "worcestershire")
    found = council.is_warm, client.get("/work/").content.decode()
    assert found[0]
    told = re.search(r"\d+ figures? of the statement cannot be computed[^<]*|Every figure of the state[^<]*", found[1])
    assert told
    assert "As counted on" not in told[0]
    post_another(data)
    later = client.get("/work/").content.decode()
    assert open_council(data, "worcestershire") is not council
    assert not open_council(data, "worcestershire").is_warm
    assert f"{told[0].strip()} As counted on 30 June 2021, posting 1." in later
    assert open_council(data, "worcestershire").ahead.older, "what is to come is shown as it was, and said to be"


def test_one_figure_that_a_program_asks_for_is_counted_alone(asking, data) -> None:
    client = asking("analyst")
    post_another(data)
    council = open_council(data, "worcestershire")
    key = key_of(next(one for one in council.calls() if one.name == "measure"))
    assert client.get(f"/api/v1/figures/{key}").status_code == 200
    assert not council.is_warm
    assert client.get("/api/v1/figures/000000000000").status_code == 404
