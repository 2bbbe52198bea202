"""Editions in the place to work: prepared in the background by one, agreed and released by another."""

from __future__ import annotations

import json

import pytest

from careshape.editions.models import Edition
from careshape.jobs.lease import claim
from careshape.jobs.models import Job
from careshape.jobs.run import run

HOME = "/work/editions/"


def work_through() -> None:
    """Do all jobs, as a worker does."""
    while (job := claim("here")) is not None:
        run(job, "here")


@pytest.fixture
def prepared(signed_in, data):
    """An edition that an analyst had prepared."""
    (data / "councils" / "worcestershire" / "disclosure.toml").write_text(
        'method = "suppress"\nthreshold = 3\n', "utf-8"
    )
    answer = signed_in("analyst").post(f"{HOME}prepare/")
    work_through()
    assert answer.headers["Location"] == f"/work/jobs/{Job.objects.get().pk}/"
    return Edition.objects.get()


def test_edition_is_prepared_by_one_and_agreed_and_released_by_another(prepared, signed_in):
    client = signed_in("commissioner")
    page = client.get(f"{HOME}1/").content.decode()
    assert "Waits for agreement" in page
    assert "could be worked out" in page
    assert "Release it" not in page
    agreed = client.post(f"{HOME}1/agree/", follow=True).content.decode()
    assert "It is agreed" in agreed
    assert "Release it for good" in agreed
    assert "It is released" in client.post(f"{HOME}1/release/", follow=True).content.decode()
    prepared.refresh_from_db()
    assert (prepared.state, prepared.agreed_by.name) == ("released", "Commissioner worcestershire")
    assert client.get("/worcestershire/latest/", follow=True).status_code == 200


def test_who_prepared_it_is_told_to_wait_for_another(signed_in, data):
    client = signed_in("commissioner")
    client.post(f"{HOME}prepare/")
    work_through()
    assert "a second person agrees it" in client.get(f"{HOME}1/").content.decode()
    assert client.post(f"{HOME}1/agree/").status_code == 409


def test_asked_for_twice_it_is_prepared_once(signed_in, data):
    client = signed_in("analyst")
    for _ in range(2):
        client.post(f"{HOME}prepare/")
    work_through()
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "said"), [("2199-03-31", "on the day"), ("31/3/27", "year-month-day"), ("2020-01-01", "still to come")]
)
def test_day_of_release_is_set_or_said_to_be_none(prepared, signed_in, day, said):
    client = signed_in("commissioner")
    client.post(f"{HOME}1/agree/")
    assert said in client.post(f"{HOME}1/schedule/", {"release_on": day}, follow=True).content.decode()


def test_list_of_editions_is_a_file_too(prepared, signed_in):
    client = signed_in("auditor")
    assert "Edition" in client.get(HOME).content.decode()
    assert "Waits for agreement" in client.get("/work/editions.csv").content.decode()


def test_page_of_a_refused_edition_says_which_figure_where_and_why(prepared, signed_in, data):
    """The gate's own words for a refusal, as they are kept: the test of the gate makes them from a real leak."""
    Edition.objects.update(state="refused")
    fault = {
        "figure": "people, 30 June 2021: Wychavon", "stands": ["the table “People by district”"],
        "why": "“people, 30 June 2021: Wychavon” (edition 1) can only be 2.",
    }  # fmt: skip
    rest = {"figure": "what is left of people, 30 June 2021", "stands": [], "why": "It cannot be protected."}
    file = data / "councils" / "worcestershire" / "editions" / "1" / "reasons.json"
    file.write_text(json.dumps({"faults": [fault, rest]}), "utf-8")
    page = signed_in("analyst").get(f"{HOME}1/").content.decode()
    assert "Refused by the gate" in page
    for words in (fault["figure"], *fault["stands"], "can only be 2", "it is what is left of a total"):
        assert words in page
    assert "Agree it" not in page
