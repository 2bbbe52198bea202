"""The broker's desk that ``careshape bench load`` reads: what its pages show, and how many queries they take."""

from __future__ import annotations

import pytest

from careshape.accounts.models import Account
from careshape.bench.load import QUERIES, Load
from careshape.cli.load_desk import PACKAGES, PROVIDERS, REQUESTS, furnish, queries
from careshape.errors import CareshapeError
from careshape.source.models import Line, Request

pytestmark = pytest.mark.database


def test_each_page_of_a_busy_desk_takes_thirty_queries_at_most(people, data, signed_in):
    pages = furnish("worcestershire")
    assert furnish("worcestershire") == pages, "it is made once"
    assert (Request.objects.count(), Line.objects.count()) == (REQUESTS, PACKAGES)
    broker = people.account("broker")
    Account.objects.filter(pk=broker.pk).update(demonstration=True)  # as in the benchmark: without a second factor
    found = queries(pages, broker.email)
    assert list(found) == list(pages)
    assert all(0 < many <= QUERIES for many in found.values()), found
    client = signed_in("broker")
    request = client.get(pages[1]).content.decode()
    assert request.count("/award/") == PROVIDERS
    assert "Today the council pays £900.00 to " in request
    assert "Flat 1 at Synthetic house 00" in client.get(pages[2]).content.decode()
    assert "Award it to " in client.get(pages[3]).content.decode()


def test_page_that_is_not_shown_is_said_and_one_with_too_many_queries_fails_a_run(people, data):
    with pytest.raises(CareshapeError, match="answered 302"):
        queries(["/work/requests/404/"], people.account("broker").email)  # who has no second factor is sent away
    busy = Load(1, 1.0, writes=[1.0], desk={"/work/requests/": [20.0, 40.0]}, queries={"/work/requests/": QUERIES + 1})
    assert busy.failed() == ["/work/requests/ takes 31 queries; the goal is 30 at most"]
    assert busy.as_json()["desk"]["/work/requests/"] == {"reads": 2, "p50_ms": 20.0, "p95_ms": 40.0, "queries": 31}
    slow = Load(1, 1.0, writes=[1.0], desk={"/work/requests/": [901.0]})
    assert slow.failed() == ["95 of 100 reads of a broker's desk took up to 901 ms; the goal is 300"]
