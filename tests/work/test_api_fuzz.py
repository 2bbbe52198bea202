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

from careshape.policy import policy
from careshape.work.api.acts import FIELD
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


class Asker:
    """A role that asks with a token for all that it may do, and what it was answered."""

    def __init__(self, principal) -> None:
        self.principal, self.statuses = principal, Counter[int]()
        _, text = make(principal, "fuzz", [act for act, _ in offered(principal)], 30)
        self.headers = {"Accept-Encoding": "identity", "Authorization": f"Bearer {text}"}

    def ask(self, case, checks) -> list[str]:
        """Ask once; what was wrong with the answer."""
        case.headers = {**(case.headers or {}), **self.headers}
        answer = case.call()
        self.statuses[answer.status_code] += 1
        where = f"{case.method} {case.path} as {self.principal.role}: {answer.status_code}"
        try:
            case.validate_response(answer, checks=checks)
        except BaseExceptionGroup as errors:
            return [f"{where}: {one}" for one in errors.exceptions]
        except AssertionError as error:
            return [f"{where}: {error}"]
        return []


def asked(schema, askers: list[Asker], checks) -> list[str]:
    """Ask every operation; returns what was wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of libraries about their own
        return [one for found in schema.get_all_operations() for one in asked_of(found.ok(), askers, checks)]


def asked_of(operation, askers: list[Asker], checks) -> list[str]:
    """Ask one operation. A role that may not do it is answered before what was sent is read: it asks once."""
    act, cases, wrong = operation.definition.raw[FIELD], [], []

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def ask(case) -> None:
        cases.append(case)
        for one in askers:
            if len(cases) == 1 or policy().permits(one.principal, act):
                wrong.extend(one.ask(case, checks))

    ask()
    return wrong


def test_fuzzed_requests_meet_no_server_error_in_four_roles(schema, people, promise) -> None:
    askers = [Asker(people.principal(role)) for role in ROLES]
    wrong = asked(schema, askers, CHECKS)
    assert not wrong, wrong[:5]
    assert all(one.statuses[200] and one.statuses[403] and not one.statuses[401] for one in askers)
    statuses = sum((one.statuses for one in askers), Counter[int]())
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
    some = schema.include(path_regex="observations|registers|figures")
    assert asked(some, [Asker(people.principal("analyst"))], [not_a_server_error])
