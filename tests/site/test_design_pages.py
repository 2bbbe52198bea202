"""The pages of what a council decided, as a reader meets them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from careshape.statement.design import views
from careshape.statement.design.market import answer

ROOT = "/worcestershire/"
PAGES = ("may-i-build/", "opportunities/", "end-states/", "review/", "views/", "intentions/", "intentions/W-CI-117/")


def html(client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_one_heading_and_links_that_lead_somewhere(client, page):
    text = html(client, ROOT + page)
    assert len(re.findall(r"<h1\b", text)) == 1
    known = sorted(set(re.findall(r'href="(/worcestershire/[^"#?]*)', text)))
    for href in [one for one in known if "feed" not in one and "editions" not in one and ".pdf" not in one][:40]:
        assert client.get(href).status_code == 200, href


def test_may_i_build_answers_with_reason_intention_and_exceptions(client):
    text = html(client, ROOT + "may-i-build/?service=residential&client_group=learning-disability&size=12&on=2022")
    answer = text[text.index('id="answer"') : text.index("<form method")]
    for said in (">No<", "will not support more of this", "W-CI-117", "clinical teams on site", "Ask about this"):
        assert said in answer


def test_may_i_build_does_not_say_of_a_past_intention_that_it_decides_nothing(client, monkeypatch):
    """Where nothing else is known, that it is past is what decides that the answer is to ask."""

    def past(council, question):
        made = answer(council, question)
        meant = tuple(replace(one, past=True, aside=False) for one in made.meant)
        return replace(made, rule="meant-then", verdict="ask", meant=meant)

    monkeypatch.setattr(views, "answer", past)
    text = html(client, ROOT + "may-i-build/?service=residential&client_group=learning-disability&on=2090")
    assert "Its date has passed on the day you ask about.</li>" in text
    assert "shown but does not decide" not in text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("size=12", "Choose a service."),
        ("service=atlantis", "is not in the list"),
        ("service=home-care&size=-3", "whole number above 0"),
        ("service=home-care&on=soon", "Write the day as"),
        ("service=home-care&area=%3Cscript%3E", "&lt;script&gt;"),
    ],
)
def test_may_i_build_says_what_was_typed_wrong(client, query, said):
    text = html(client, f"{ROOT}may-i-build/?{query}", 400)
    assert "There is a problem" in text
    assert said in text
    assert 'id="answer"' not in text


def test_may_i_build_of_what_nobody_decided_says_so(client):
    text = html(client, ROOT + "may-i-build/?service=nursing&client_group=other&on=2040")
    assert 'id="answer"' in text
    assert re.search(r'class="govuk-tag [^"]+">(Ask us|Not now|Yes, with conditions)<', text)


def test_opportunities_of_records_too_short_to_forecast_say_why(client):
    assert "govuk-inset-text" in html(client, ROOT + "opportunities/")


def test_review_views_and_goals_say_what_is_not_known(client):
    assert "does not review an earlier statement" in html(client, ROOT + "review/")
    assert "No evidence is kept" in html(client, ROOT + "end-states/")
    text = html(client, "/thurrock/views/")
    assert text.count("The document does not say what came of it.") == 4
    text = html(client, "/thurrock/review/")
    assert "Not reported" in text
    assert "/thurrock/intentions/T-CI-067/" in text
    assert "T-RV-27" in html(client, "/thurrock/intentions/T-CI-067/")


def test_intention_that_is_not_there_is_not_found(client):
    html(client, ROOT + "intentions/W-CI-999/", 404)
