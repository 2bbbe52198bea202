"""Every address of the site, asked by everybody for every kind of object; the table written by hand judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from careshape.policy import roles
from careshape.policy.table import MISSING, NONE, OPEN_COUNCIL, OTHER_COUNCIL, addresses
from tests.accounts.signing import sign_in_at_once
from tests.policy import who_may
from tests.policy.world import FILLS, HOME, World, make_data, outcome, statement_paths

METHODS = ("GET", "POST", "PUT", "DELETE")


@pytest.fixture(params=[False, True], ids=["closed", "open"])
def world(request, tmp_path, people, settings) -> World:
    settings.CARESHAPE_DIR = make_data(tmp_path, open_other=request.param)
    world = World(people, Path(settings.CARESHAPE_DIR), statement_paths(settings.CARESHAPE_DIR))
    world.open_other = request.param
    return world


def clients(world: World) -> dict[str, Client]:
    made = {"public": Client(SERVER_NAME="localhost", raise_request_exception=False)}
    for role in roles():
        if role != "public":
            made[role] = Client(SERVER_NAME="localhost", raise_request_exception=False)
            sign_in_at_once(made[role], world.people.account(role, HOME))
    return made


def asked(world: World) -> Iterator[tuple[str, str, str]]:
    """Pattern, kind of object and path of everything that is asked for."""
    for one in addresses():
        url = f"/{one.url}"
        for kind in one.objects:
            if kind == (OTHER_COUNCIL if world.open_other else OPEN_COUNCIL):
                continue
            if kind == NONE:
                yield url, kind, url
            elif "slug" in one.parts:
                path = world.statement_path(url, kind)
                if path:
                    yield url, kind, path
            else:
                yield url, kind, FILLS[url](world, kind, "GET")


def test_every_address_answers_as_the_table_says(world, promise: Callable[[str, str], None]):
    judge, wrong, number = who_may.rows(), [], 0
    for role, client in clients(world).items():
        bodies: dict[tuple[str, str], dict[str, bytes]] = {}
        for url, kind, path in asked(world):
            rows = who_may.rows_of(url, judge)
            for method in METHODS:
                response = client.generic(method, path)
                should, has = who_may.expected(rows, method, role, kind), outcome(response)
                number += 1
                if response.status_code >= 500 or has != should:
                    wrong.append(f"{method} {path} ({url}) as {role}: {response.status_code} {has}, should be {should}")
                if kind in (OTHER_COUNCIL, MISSING):
                    bodies.setdefault((url, method), {})[kind] = response.content
        wrong += [f"{key} as {role}: refusals differ" for key, found in bodies.items() if len(set(found.values())) > 1]
    assert wrong == []
    promise("R6 authorisation", f"{number:,} requests, 0 mismatches")
