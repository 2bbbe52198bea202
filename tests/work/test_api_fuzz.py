"""The API asked with what schemathesis makes of its description, in four roles: no server error, no broken promise."""

from __future__ import annotations

import os
import warnings
from collections import Counter

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

from careshape.work.intake import readers
from careshape.work.tokens import make, offered

EXAMPLES = int(os.environ.get("CARESHAPE_TEST_EXAMPLES", "6"))
"""Requests an operation and role; a long run sets more."""
CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance, content_type_conformance]
ROLES = ("analyst", "commissioner", "administrator", "provider")


@pytest.fixture
def schema(data, db):
    """The description of the API, and the site that answers."""
    # As Django's own test client does: a request of a test must not close the test's connection.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    readers.close_all()


def asked(schema, headers: dict[str, str], checks) -> tuple[Counter[int], list[str]]:
    """Ask every operation; returns how often each status came, and what was wrong."""
    statuses: Counter[int] = Counter()
    wrong: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def ask(case) -> None:
            case.headers = {**(case.headers or {}), "Accept-Encoding": "identity", **headers}
            answer = case.call()
            statuses[answer.status_code] += 1
            try:
                case.validate_response(answer, checks=checks)
            except BaseExceptionGroup as errors:
                wrong.extend(f"{case.method} {case.path}: {answer.status_code}: {one}" for one in errors.exceptions)
            except AssertionError as error:
                wrong.append(f"{case.method} {case.path}: {answer.status_code}: {error}")

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # those of libraries about their own
            ask()
    return statuses, wrong


def test_fuzzed_requests_meet_no_server_error_in_four_roles(schema, people, promise) -> None:
    statuses: Counter[int] = Counter()
    for role in ROLES:
        principal = people.principal(role)
        _, text = make(principal, "fuzz", [act for act, _ in offered(principal)], 30)
        found, wrong = asked(schema, {"Authorization": f"Bearer {text}"}, CHECKS)
        assert not wrong, f"{role}: {wrong[:5]}"
        assert {200, 403} <= set(found) or role == "analyst"
        statuses += found
    requests, errors = sum(statuses.values()), sum(many for status, many in statuses.items() if status >= 500)
    assert errors == 0
    assert statuses[200] + statuses[201] > 0.1 * requests, "most of what was asked must mean something"
    promise("R7 API fuzz", f"{requests:,} requests in {len(ROLES)} roles, {errors} server errors, 0 broken schemas")


def test_the_fuzz_finds_an_operation_that_fails(schema, people, monkeypatch) -> None:
    """The control: an operation that breaks on some requests is caught."""
    from careshape.work.api import reading

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(reading, "words_of", broken)
    principal = people.principal("analyst")
    _, text = make(principal, "fuzz", [act for act, _ in offered(principal)], 30)
    _, wrong = asked(schema, {"Authorization": f"Bearer {text}"}, [not_a_server_error])
    assert wrong
