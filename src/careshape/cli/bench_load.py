"""``careshape bench load``: an installation with a large ledger, served, and many people at once."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from careshape.bench.build import AUTHORITY, build_ledger
from careshape.bench.load import User, bench_load
from careshape.cli.bench import _end, _folder, _say, form_option, seed_option, work_option
from careshape.cli.bench_forecast import bench
from careshape.cli.installation import installed
from careshape.cli.options import examples
from careshape.cli.output import print_rows
from careshape.cli.web import web_part
from careshape.errors import CallError, CareshapeError

STARTS_WITHIN = 600
"""Seconds within which the server is to answer; a large ledger is counted first."""
TEAM = "/work/teams/new/"
STATEMENT = (
    "/", "/statement/care-homes/", "/statement/home-care/", "/statement/direct-payments/", "/tables/", "/measures/",
    "/measures/bed_nights/", "/about/", "/intentions/", "/check/",
)  # fmt: skip
"""Pages with figures, below the council's address."""
WORK = ("/work/", "/work/registers/providers/", "/work/measures/", "/work/search/?q=care")
"""Pages of the place to work."""
ROLES = ("analyst", "commissioner", "broker", "finance", "administrator")
"""Roles of the users, one after the other; administrators write."""
BROKER = "broker"
"""Who reads a desk besides: requests, one of them with many offers, its empty places and its award."""


@bench.command(epilog=examples("careshape bench load", "careshape bench load --users 0 --readers 50 --format json"))
@click.option("--users", type=click.IntRange(0, 500), default=50, show_default=True, help="Signed in at once.")
@click.option("--readers", type=click.IntRange(0, 500), default=0, show_default=True, help="Of the public, besides.")
@click.option("--seconds", type=click.FloatRange(1, 3600), default=90, show_default=True, help="How long they work.")
@click.option("--lines", type=click.IntRange(min=1), default=1_000_000, show_default=True, help="Of the ledger.")
@work_option
@seed_option
@form_option
def load(users: int, readers: int, seconds: float, lines: int, work: Path | None, seed: int, form: str) -> int:
    """Serve a large ledger to many signed-in users who read pages with figures and write, then send a burst of 200.

    All users sign in at the same moment: who is asked to wait then comes again, and is counted. Readers of the public
    only read the statement, and their times are counted apart. So are those of a broker's desk, by page: all requests,
    one with 64 offers, the empty places that suit it, and its award, each with its number of queries (at most 30).
    Goals: 95 of 100 reads within 300 ms and writes within 600 ms, no error; the burst is answered or turned away with
    Retry-After, and no acknowledged write is lost. Times fail only at three times their goal, counts at once.
    """
    if not users + readers:
        raise CallError("Somebody has to work: name a number of --users or of --readers.")
    with _folder(work) as folder, prepared(folder, users, readers, lines, seed) as (address, people):
        _say(f"{users} users and {readers} readers work for {seconds:g} seconds.")
        found = bench_load(address, people, seconds, seed, team_names)
        found.queries = desk_queries() if found.desk else {}
    if form == "json":
        click.echo(json.dumps(found.as_json(), indent=1))
    else:
        rows = [{"figure": name, "value": value} for name, value in found.as_json().items()]
        print_rows(rows, ("figure", "value"), "table")
    for words in found.missed():
        click.echo(f"missed: {words}", err=True)
    return _end(found.failed())


@contextmanager
def prepared(folder: Path, users: int, readers: int, lines: int, seed: int) -> Iterator[tuple[str, list[User]]]:
    """An installation with a ledger of so many lines, served: its address, and who may work there.

    Sets up Django for it, so that a process prepares one only.
    """
    built = folder / f"lines-{lines}"
    build_ledger(built, lines, seed, _say)
    data = folder / f"load-{lines}"
    place = data / "councils" / AUTHORITY
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to((built / "council").resolve())
    _say("Making the accounts.")
    installed(data)
    web_part("careshape.site.migrations").migrate()
    statement = tuple(f"/{AUTHORITY}{page}" for page in STATEMENT)
    people = _accounts(users, secrets.token_urlsafe(18), statement) + [User("", "", statement)] * readers
    with _served(data) as address:
        yield address, people


def _accounts(users: int, password: str, statement: tuple[str, ...]) -> list[User]:
    from careshape.accounts.models import Account, Council, Membership

    council, _ = Council.objects.get_or_create(slug=AUTHORITY, defaults={"name": "Synthetic council"})
    made: list[User] = []
    for role in ROLES:
        email = f"load-{role}@council.example"
        Account.objects.filter(email=email).exists() or Account.objects.create_user(
            email, name=f"Synthetic {role}", demonstration=True
        )
        account = Account.objects.get(email=email)
        account.set_password(password)
        account.save()
        Membership.objects.get_or_create(account=account, council=council, role=role)
        desk = tuple(web_part("careshape.cli.load_desk").furnish(AUTHORITY)) if role == BROKER else ()
        made.append(User(email, password, statement + WORK, TEAM if role == "administrator" else "", desk))
    return [made[number % len(made)] for number in range(users)]


def desk_queries() -> dict[str, int]:
    """How many queries each page of the broker's desk takes, by its address."""
    desk = web_part("careshape.cli.load_desk")
    found: dict[str, int] = desk.queries(desk.furnish(AUTHORITY), f"load-{BROKER}@council.example")
    return found


def team_names() -> set[str]:
    """The names of the teams that stand in the installation's database."""
    from careshape.accounts.models import Team

    return set(Team.objects.values_list("name", flat=True))


@contextmanager
def _served(data: Path) -> Iterator[str]:
    """The installation's server in a process of its own; its address, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "careshape", "--dir", str(data), "serve", "--port", str(port)]
    with (data / "server.log").open("ab") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ})
        try:
            _say("Starting the server; it counts every figure first.")
            _wait(server, address)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:  # what was measured stands all the same
                server.kill()
                server.wait()


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if server.poll() is not None:
            raise CareshapeError("The server did not start; server.log in the folder of the benchmark says why.")
        try:
            # What is to come is worked out by the worker after the server has begun to answer, which says so till then:
            # the users of a working day come later.
            for page in ("/help/", f"/{AUTHORITY}/outlook/", *(f"/{AUTHORITY}{page}" for page in STATEMENT)):
                urllib.request.urlopen(f"{address}{page}", timeout=STARTS_WITHIN).close()  # nosec B310: our own server
            return
        except OSError:
            time.sleep(0.5)
    raise CareshapeError(f"The server did not answer within {STARTS_WITHIN} seconds.")


commands = {"bench": bench}
