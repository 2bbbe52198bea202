"""``careshape brokerage round`` and ``careshape market failure``: what they say, and that they change nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings

from careshape.audit.models import Event
from careshape.cli import main
from careshape.source.models import Failure, Placing, Request
from careshape.source.together.weeks import week_of_day
from tests.source.arranged import sent
from tests.source.place import today
from tests.source.test_failing import full_home
from tests.source.test_together import WEEK, offered, place, somebody  # noqa: F401  (the fixture)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(place, data: Path, capsys, monkeypatch):  # noqa: F811
    monkeypatch.setattr(settings, "CARESHAPE_DIR", data)
    monkeypatch.setenv("CARESHAPE_DIR", str(data))

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["--dir", str(data), *arguments])
        output = capsys.readouterr()
        return code, output.out, output.err

    return call


def test_round_says_who_is_placed_and_why_the_others_are_not(place, run):  # noqa: F811
    offered(place, 2)
    sent(place, person=somebody(place, 7))
    week = week_of_day(today() + WEEK)
    code, out, err = run("brokerage", "round", "--week", week, "--authority", "worcestershire", "--format", "json")
    assert code == 0, err
    told = json.loads(out)
    assert (len(told["placed"]), len(told["unplaced"])) == (2, 1)
    assert told["gap"] == 0
    assert told["bound"] >= told["value"] > 0
    assert "Nobody has said yes" in told["unplaced"][0]["why"]
    assert "Synthetic person" not in out
    assert not Placing.objects.exists()
    code, _, err = run("brokerage", "round", "--week", "soon", "--authority", "worcestershire")
    assert code == 2
    assert "is not a week" in err


def test_failure_is_drilled_told_and_changes_nothing(place, run):  # noqa: F811
    home = full_home(place, 3).organisation
    before = Request.objects.count()
    asked = ("market", "failure", home.name, "--authority", "worcestershire")
    code, out, err = run(*asked, "--dry-run", "--format", "json")
    assert code == 0, err
    told = json.loads(out)
    assert (told["people"], told["without"], told["changed"]) == (3, [], False)
    assert {one["reference"] for one in told["affected"]} == {"P-2000", "P-2001", "P-2002"}
    assert Event.objects.filter(act="source.failures", outcome="read").count() == 1
    assert Request.objects.count() == before
    assert not Failure.objects.exists()
    code, _, err = run(*asked)
    assert code == 2
    assert "add --dry-run" in err
    code, _, err = run("market", "failure", "Nobody", "--dry-run", "--authority", "worcestershire")
    assert "knows no provider 'Nobody'" in err
