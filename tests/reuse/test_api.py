"""The keyless API: released editions in the open form, and nothing else; the same for everybody."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections import Counter
from datetime import UTC, datetime

import jsonschema
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from careshape.editions.models import Edition
from careshape.reuse import answers
from careshape.reuse.polite import Politeness

ROOT = "/api/open/v1/councils"
ONE = f"{ROOT}/thurrock/editions/latest"
CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance, content_type_conformance]
EXAMPLES = 6


def get(client, path: str, status: int = 200, **headers):
    answer = client.get(path, headers=headers)
    assert answer.status_code == status, answer.content
    return answer


def test_only_what_is_released_is_given(client, data):
    assert [one["slug"] for one in get(client, ROOT).json()["items"]] == ["thurrock"]
    assert [one["number"] for one in get(client, f"{ROOT}/thurrock/editions").json()["items"]] == [1]
    assert get(client, f"{ONE}/statement").json()["statement"]["title"] == "Care market statement"
    refusals = {
        get(client, path, 404).content
        for path in (f"{ROOT}/thurrock/editions/2/statement", f"{ROOT}/thurrock/editions/99/figures",
                     f"{ROOT}/nowhere/editions", f"{ROOT}/worcestershire/editions/1/figures",
                     f"{ONE}/tables/none", f"{ROOT}/thurrock/editions/²/figures")
    }  # fmt: skip
    assert len(refusals) == 1, "what is not released is refused as what is not there"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("figures?servce=home-care", "There is no parameter 'servce' here. Did you mean 'service'? It takes measure,"),
        ("segments?offest=1", "Did you mean 'offset'? It takes service, limit, offset."),
        ("statement?limit=1", "There is no parameter 'limit' here. It takes none."),
        ("figures?topic=nead", "'topic' cannot be 'nead'. Did you mean 'need'? Known: "),
        ("figures?status=supressed", "'status' cannot be 'supressed'. Did you mean 'suppressed'? Known: "),
        ("figures?service=home-car", "'service' cannot be 'home-car'. Did you mean 'home-care'?"),
    ],
)
def test_misspelt_parameter_or_code_is_refused_with_what_may_be_asked(client, data, asked, said):
    assert said in get(client, f"{ONE}/{asked}", 400).json()["detail"]


def test_figures_are_filtered_and_paged_and_a_suppressed_one_has_no_value(client, data):
    assert get(client, f"{ONE}/figures").json()["total"] == 3
    some = get(client, f"{ONE}/figures?topic=need&service=home-care&period=2028-03-31").json()
    assert [one["id"] for one in some["items"]] == ["f2"]
    price = get(client, f"{ONE}/figures?dimension=age_band=85%2B").json()["items"]
    assert [(one["status"], one["value"], one["reason"]) for one in price] == [
        ("suppressed", None, "it could tell of one provider")
    ]
    page = get(client, f"{ONE}/figures?limit=1&offset=1").json()
    assert ([one["id"] for one in page["items"]], page["total"]) == (["f2"], 3)
    assert get(client, f"{ONE}/tables/beds").json()["rows"][1] == [
        "South",
        None,
        "suppressed",
        "it could tell of a few people",
    ]
    assert "rows" not in get(client, f"{ONE}/tables").json()["items"][0]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["o1", "o2"]),
        ("client_group=older-people", ["o1", "o2"]),  # what names no group is for all of them
        ("client_group=autism", ["o1"]),
        ("area=E07000234&size=1", ["o2"]),
        ("area=E07000235", ["o1"]),
        ("size=24", ["o2"]),
        ("size=25", []),
        ("open_on=2025-03-30", ["o1"]),
        ("open_on=2025-03-31", ["o1", "o2"]),
        ("open_on=2028-03-31", ["o1", "o2"]),
        ("open_on=2028-04-01", ["o1"]),
        ("direction=grow&answer=conditions&unit=places", ["o2"]),
        ("direction=reduce", []),
    ],
)
def test_opportunities_are_filtered_by_group_area_size_and_day(client, data, asked, found):
    assert [one["id"] for one in get(client, f"{ONE}/opportunities?{asked}").json()["items"]] == found


@pytest.mark.parametrize(("asked", "said"), [
    ("size=many", "'size' must be a whole number"), ("size=-1", "'size' must be a whole number"),
    ("open_on=spring", "'open_on' must be a day, such as 2027-03-31."), ("open_on=2027-02-30", "must be a day"),
    ("area=bromsgrove", "'area' must be the ONS code of a place, such as E07000234."),
    ("answer=perhaps", "'answer' cannot be 'perhaps'."), ("client_group=eldery", "'client_group' cannot be"),
])  # fmt: skip
def test_filter_of_opportunities_that_cannot_be_is_a_sentence(client, data, asked, said):
    assert said in get(client, f"{ONE}/opportunities?{asked}", 400).json()["detail"]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=1001", "offset=-1", "limit=", "dimension=x",
                                   "measure=" + "x" * 201, "measure=a%00b"])  # fmt: skip
def test_query_that_cannot_be_is_a_sentence(client, data, query):
    assert get(client, f"{ONE}/figures?{query}", 400).json()["detail"]


def test_answer_is_open_to_other_sites_and_not_sent_twice(client, data):
    first = get(client, f"{ONE}/figures")
    assert first["Access-Control-Allow-Origin"] == "*"
    assert first["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "public" in first["Cache-Control"]
    again = get(client, f"{ONE}/figures", 304, **{"If-None-Match": first["ETag"]})
    assert not again.content
    assert get(client, f"{ONE}/cards", 200, **{"If-None-Match": first["ETag"]}).content


def test_only_reading_is_answered(client, data):
    assert client.post(f"{ONE}/figures").status_code == 405


def test_data_that_was_changed_is_not_given(client, data):
    file = data / "councils/thurrock/editions/1/pages/data/statement.json"
    file.write_text(file.read_text("utf-8").replace("1200", "1201"), "utf-8")
    answer = client.get(f"{ONE}/figures")
    assert answer.status_code >= 500
    assert b"1201" not in answer.content


def test_who_asks_too_often_is_told_when_to_go_on(client, data, monkeypatch):
    monkeypatch.setattr(answers, "_polite", Politeness(2))
    assert [client.get(ROOT).status_code for _ in range(3)] == [200, 200, 429]
    answer = client.get(ROOT)
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer.json()["detail"]


def test_politeness_fills_evenly_and_forgets_nobody_else():
    polite = Politeness(60)
    assert [polite.wait("a", 0.0) for _ in range(60)] == [0] * 60
    assert polite.wait("a", 0.0) == 1
    assert polite.wait("b", 0.0) == 0
    assert polite.wait("a", 1.1) == 0


def test_description_is_sound_and_for_people_too(client, data):
    found = get(client, "/api/open/v1/openapi.json").json()
    assert "/api/open/v1/councils/{slug}/editions/{edition}/figures" in found["paths"]
    assert b"openapi.json" in get(client, "/api/open/v1/").content


def test_schema_and_form_stand_at_their_addresses(client, data):
    root = "/schemas/market-position-statement/"
    assert b"form.zip" in get(client, root).content
    jsonschema.Draft202012Validator.check_schema(get(client, f"{root}1.0/statement.json").json())
    assert get(client, f"{root}1.0/codes.json")["Access-Control-Allow-Origin"] == "*"
    assert get(client, f"{root}1.0/form.zip").content[:2] == b"PK"
    assert b'href="/schemas/market-position-statement/1.0/"' in get(client, root).content
    newest = zipfile.ZipFile(io.BytesIO(get(client, f"{root}1.1/form.zip").content)).read("opportunities.csv")
    first = zipfile.ZipFile(io.BytesIO(get(client, f"{root}1.0/form.zip").content)).read("opportunities.csv")
    assert b"interval.low" in newest
    assert b"interval.low" not in first
    for wrong in ("2.0/", "1.0/none.json", "2.0/statement.json"):
        get(client, root + wrong, 404)


def test_fuzzed_requests_meet_no_server_error_and_no_broken_promise(data, promise):
    # As Django's own test client does: a request of a test must not close the test's connection.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        statuses, wrong = _asked()
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
    assert not wrong, wrong[:5]
    assert statuses[200], "some of what was asked must mean something"
    promise("R7 open API fuzz", f"{sum(statuses.values()):,} requests without a key, 0 server errors, 0 broken schemas")


def _asked() -> tuple[Counter[int], list[str]]:
    statuses: Counter[int] = Counter()
    wrong: list[str] = []
    schema = schemathesis.openapi.from_wsgi("/api/open/v1/openapi.json", get_wsgi_application())
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def ask(case) -> None:
            case.headers = {**(case.headers or {}), "Accept-Encoding": "identity"}
            # Every other request is of what is there.
            known = {"slug": "thurrock", "edition": "latest", "name": "beds"}
            if sum(statuses.values()) % 2:
                case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
            answer = case.call()
            statuses[answer.status_code] += 1
            try:
                case.validate_response(answer, checks=CHECKS)
            except BaseExceptionGroup as errors:
                wrong.extend(f"{case.method} {case.path}: {answer.status_code}: {one}" for one in errors.exceptions)
            except AssertionError as error:
                wrong.append(f"{case.method} {case.path}: {answer.status_code}: {error}")

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # those of libraries about their own
            ask()
    return statuses, wrong


def test_day_of_release_is_that_of_the_council_and_not_of_universal_time(client, data):
    Edition.objects.filter(number=1).update(released_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    (only,) = get(client, f"{ROOT}/thurrock/editions").json()["items"]
    assert only["released_on"] == "2026-07-02"
