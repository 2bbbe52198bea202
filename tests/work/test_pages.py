"""Pages of postings, registers, measures, search, background work and the audit log."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest

from careshape.audit.models import Event
from careshape.jobs import clock
from careshape.jobs.models import Job
from careshape.policy import roles
from careshape.policy.listing import Column, Listing, arrange
from careshape.work.search import SOURCES

MEMBERS = [role.id for role in roles().values() if role.kind != "public"]


def text_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def rows_of(client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


@pytest.mark.reads
def test_postings_say_who_and_when_and_lead_to_each(signed_in) -> None:
    client = signed_in("auditor")
    text = text_of(client, "/work/postings/")
    assert '<a class="govuk-link" href="/work/postings/1/">1</a>' in text
    assert "30 June 2021, 10:00am" in text, "the time of the United Kingdom"
    one = text_of(client, "/work/postings/1/")
    assert "lines.csv" in one
    assert "The command line" in one
    assert client.get("/work/postings/2/").status_code == 404
    assert rows_of(client, "/work/postings.csv")[0]["accepted"] == "8"


@pytest.mark.reads
def test_registers_list_sort_search_and_download(signed_in) -> None:
    client = signed_in("broker")
    text = text_of(client, "/work/registers/providers/?q=W-005")
    assert "Showing 1 to 1 of 1, of 8 in all." in text
    rows = rows_of(client, "/work/registers/providers.csv?sort=weekly_cost&order=down")
    assert [row["weekly_cost"] for row in rows][:2] == ["1000.50", "1000.00"]
    assert rows[0]["districts"] == "Redditch"
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/work/registers/providers.xlsx").content)).active
    assert sheet.max_row == 9
    (number,) = re.findall(r'href="/work/registers/providers/(-?\d+)/"', text)
    assert "Synthetic provider W-005" in text_of(client, f"/work/registers/providers/{number}/")
    assert text_of(client, "/work/registers/settings/")
    for unknown in ("people/", "providers/1/", "people.csv", "providers.pdf", "providers/x/"):
        assert client.get(f"/work/registers/{unknown}").status_code == 404, unknown


def test_a_provider_sees_its_own_organisation_and_no_other(signed_in, people) -> None:
    organisation = people.organisations["worcestershire"][0]
    client = signed_in("provider")
    text = text_of(client, "/work/organisation/")
    assert organisation.name in text
    assert "£901.00" not in text
    assert client.get("/work/registers/providers/").status_code == 403
    assert "W-002" not in text
    assert "W-002" not in text_of(client, "/work/search/?q=synthetic")


@pytest.mark.reads
def test_measures_answer_as_table_chart_and_download(signed_in) -> None:
    client = signed_in("commissioner")
    address = "/work/measures/?measure=care_home_people&by=district&period=2021-03-31"
    text = text_of(client, address)
    assert "<svg" in text
    assert "Wychavon" in text
    rows = rows_of(client, address.replace("measures/", "measures.csv"))
    assert {row["district"]: row["value"] for row in rows} == {"redditch": "2", "wychavon": "3"}
    filtered = text_of(
        client, "/work/measures/?measure=people_supported&where=service&value=Nursing+care&period=2021-03-31"
    )
    assert '<p class="cs-figure-value">4</p>' in filtered
    lines = text_of(client, "/work/measures/?measure=cost&by=service&by2=financial_year&period=2019/20:2020/21")
    assert "Line chart of" in lines
    later = text_of(client, "/work/measures/?measure=care_home_people&period=2031-06")
    assert "care that was open then is counted as going on to 30 June 2031." in later


def test_a_figure_is_followed_back_to_the_postings_that_moved_it(signed_in) -> None:
    text = text_of(signed_in("auditor"), "/work/measures/?measure=people_supported&period=2021-03-31&trail=1")
    assert '<a class="govuk-link" href="/work/postings/1/">Posting 1</a>' in text


@pytest.mark.reads
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("measure=bed_nigths", "Did you mean bed_nights"),
        ("measure=bed_nights&by=colour", "No dimension is called"),
        ("measure=bed_nights&where=service&value=bingo", "bingo"),
        ("measure=bed_nights&where=service", "stands alone"),
        ("measure=bed_nights&period=soon", "soon"),
        ("measure=bed_nights&known_on=soon", "is not a day"),
        ("measure=bed_nights&where=service&value=nursing&where2=service&value2=nursing", "asked for twice"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(signed_in, query, said) -> None:
    client = signed_in("analyst")
    for address in ("measures/", "measures.csv"):
        answer = client.get(f"/work/{address}?{query}")
        assert answer.status_code == 400
        assert said in answer.content.decode()
        assert "govuk-error-summary" in answer.content.decode()


@pytest.mark.reads
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("measure=", "measure"),
        ("measure=cost&period=soon", "period"),
        ("measure=cost&known_on=soon", "known_on"),
        ("measure=cost&where=service", "where"),
        ("measure=cost&where=service&value=bingo", "value"),
        ("measure=bed_nigths", "measure"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(signed_in, query, field) -> None:
    text = signed_in("analyst").get(f"/work/measures/?{query}").content.decode()
    assert f'<a href="#{field}">' in text
    assert f'id="{field}-error"' in text


def test_a_token_is_refused_with_everything_that_is_wrong_with_it(signed_in) -> None:
    text = signed_in("analyst").post("/account/tokens/", {"days": "7"}).content.decode()
    for said in ("Enter what the token is for.", "Select what the token may do.", "Select for how long the token"):
        assert text.count(said) == 2, said


@pytest.mark.reads
def test_search_finds_what_a_role_may_see_in_groups(signed_in) -> None:
    text = text_of(signed_in("analyst"), "/work/search/?q=nursing")
    for group in ("Statement", "Measures", "Providers"):
        assert f">{group} <span" in text, group
    assert "People" not in [part.split(" <")[0] for part in text.split('govuk-heading-m">')[1:]]
    found = text_of(signed_in("administrator"), "/work/search/?q=broker")
    assert "Broker worcestershire" in found
    assert "Broker thurrock" not in found
    assert "Posting 1" in text_of(signed_in("auditor"), "/work/search/?q=lines.csv")
    assert "at least two letters" in text_of(signed_in("auditor"), "/work/search/?q=a")


@pytest.mark.reads
def test_a_group_of_what_was_found_is_shown_whole_by_pages(signed_in, monkeypatch) -> None:
    client = signed_in("analyst")
    monkeypatch.setattr("careshape.work.search.MOST", 2)
    monkeypatch.setattr("careshape.work.search_views.PAGE", 5)
    text = text_of(client, "/work/search/?q=nursing")
    assert 'All 7<span class="govuk-visually-hidden"> of Measures</span>' in text
    first, last = (text_of(client, f"/work/search/?q=nursing&in=Measures&page={n}") for n in ("1", "99"))
    assert (first.count('class="cs-hit"'), last.count('class="cs-hit"')) == (5, 2)
    assert "page=2" in first
    assert "What else was found" in last
    assert text_of(client, "/work/search/?q=nursing&in=Nothing&page=x").count("<h2") > 2, "no such group: all of them"


@pytest.mark.reads
@pytest.mark.parametrize("role", MEMBERS)
def test_search_asks_only_sources_that_a_role_may_use(signed_in, role) -> None:
    """Every word that a source shows stands under an act that the role may do."""
    from careshape.policy import Principal, policy

    text = text_of(signed_in(role), "/work/search/?q=synthetic")
    shown = {part.split(" <span")[0] for part in text.split('<h2 class="govuk-heading-m">')[1:]}
    may = {one.title for one in SOURCES if policy().permits(Principal(role=role, account=1), one.act)}
    assert shown <= may
    assert ("Providers" in shown) == (role not in ("provider", "voluntary"))


def make_job(council: str = "worcestershire", **more: object) -> Job:
    now = clock.now()
    fields = {"kind": "work.check", "arguments": {}, "run_after": now, "created_at": now, **more}
    return Job.objects.create(council=council, key=f"{council}{Job.objects.count()}", **fields)


def test_background_work_is_seen_cancelled_and_tried_again(signed_in, people) -> None:
    job = make_job()
    client = signed_in("administrator")
    assert "Check a file of records" in text_of(client, "/work/jobs/")
    assert "progress.mjs" in text_of(client, f"/work/jobs/{job.pk}/")
    assert "It is cancelled" in client.post(f"/work/jobs/{job.pk}/cancel/", follow=True).content.decode()
    assert client.post(f"/work/jobs/{job.pk}/cancel/").status_code == 409
    assert "tried again" in client.post(f"/work/jobs/{job.pk}/retry/", follow=True).content.decode()
    assert signed_in("administrator", "thurrock").get(f"/work/jobs/{job.pk}/").status_code == 404
    assert signed_in("broker").get(f"/work/jobs/{job.pk}/").status_code == 404
    assert signed_in("auditor").post(f"/work/jobs/{job.pk}/cancel/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_an_auditor_verifies_the_log_and_it_is_told(signed_in) -> None:
    client = signed_in("auditor")
    assert client.post("/work/audit/verify/").status_code == 302
    text = client.post("/work/audit/verify/", follow=True).content.decode()
    assert "The log is whole" in text
    assert "the log does not tell who brought it" in text, "of the sample's posting, as the command line says too"
    assert {one.outcome for one in Event.objects.filter(act="audit.verify", chain="worcestershire")} == {"done"}
    assert "Verify that the audit log is whole" in text
    told = rows_of(client, "/work/audit.csv")
    assert [row["act"] for row in told][:3] == ["audit.read", "audit.verify", "audit.verify"], "reading it is told too"
    assert signed_in("analyst").post("/work/audit/verify/").status_code == 403


def test_lists_are_searched_filtered_sorted_and_paged() -> None:
    columns = (Column("n", "Number", numeric=True), Column("kind", "Kind", filtered=True))
    made = Listing("x", "X", columns, [{"n": n, "kind": "even" if n % 2 == 0 else "odd"} for n in range(1, 121)])
    first = arrange(made, {})
    assert (first.pages, first.first, first.last) == (3, 1, 50)
    last = arrange(made, {"page": "99", "sort": "n", "order": "down"})
    assert (last.page, [row[0].text for row in last.cells][-1]) == (3, "1")
    even = arrange(made, {"kind": "even", "q": "1"})
    assert {int(row["n"]) % 2 for row in even.rows} == {0}
    assert all("1" in str(row["n"]) for row in even.rows)
    assert even.address(page=2) == "?q=1&kind=even&page=2"
    for wrong in ({"sort": "none"}, {"page": "x"}, {"page": "-1"}, {"kind": "other"}, {"order": "sideways"}):
        assert arrange(made, wrong).rows == first.rows


def test_money_is_sorted_by_its_amount_and_words_come_behind_it() -> None:
    said = ["£1,020.00 a week", "By the price list", "£9.50 an hour", "-£2.00", "", "£21.50 an hour"]
    made = Listing("x", "X", (Column("price", "Price"),), [{"price": one} for one in said])
    upwards = [row["price"] for row in arrange(made, {"sort": "price"}).rows]
    assert upwards == ["-£2.00", "£9.50 an hour", "£21.50 an hour", "£1,020.00 a week", "By the price list", ""]
    downwards = [row["price"] for row in arrange(made, {"sort": "price", "order": "down"}).rows]
    assert downwards == [*upwards[-2::-1], ""]


@pytest.mark.reads
@pytest.mark.parametrize("role", MEMBERS)
def test_every_entry_of_the_navigation_and_every_card_leads_somewhere(signed_in, role) -> None:
    client = signed_in(role)
    text = text_of(client, "/work/")
    hrefs = {part.split('"')[0].replace("&amp;", "&") for part in text.split('href="')[1:]}
    for href in sorted(one for one in hrefs if one.startswith("/work/")):
        if href.startswith(("/work/people", "/work/teams", "/work/organisations")):
            continue  # pages of accounts
        assert client.get(href).status_code == 200, href
