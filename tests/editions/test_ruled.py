"""An edition is judged by the rules before it is released, and what they said is kept with it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from careshape.audit.models import Event
from careshape.cli.edition import _how_to_say
from careshape.editions import ruled
from careshape.editions.begin import record
from careshape.editions.folders import MEASURED, edition_path
from careshape.editions.models import Edition
from careshape.editions.settle import agree, release, release_due, schedule
from careshape.editions.since import changed_since
from careshape.errors import CallError
from careshape.home import Home
from careshape.source.judged.tell import tell_of_council
from careshape.source.models import Judged, SetAside

pytestmark = pytest.mark.django_db(transaction=True)
COUNCIL = "worcestershire"
PILOT = "home-care-awaits-the-pilot"
SAYS = "says-what-becomes-of-home-care"
REASON = "The cabinet asked for the position before the report."


def known(row: Edition) -> str:
    """That one knows that the council's own rules changed since it was prepared."""
    return changed_since(Home(settings.CARESHAPE_DIR), row).digest


@pytest.fixture
def edition(home, prepared, people) -> Edition:
    """Edition 1 as another agreed it, of a council that is bound by the rule on the pilot."""
    shutil.copytree(edition_path(Home(prepared), COUNCIL, 1), edition_path(home, COUNCIL, 1))
    rules = home.council_path(COUNCIL) / "rules"
    rules.mkdir()
    (rules / "rules.toml").write_text(f'[[rule]]\nid = "{PILOT}"\n', "utf-8")
    row = record(people.principal("analyst"), COUNCIL, 1, home.ledger(COUNCIL).postings()[-1], True)
    agree(people.principal("commissioner"), row, known(row))
    return row


def test_gate_asks_first_and_stops_what_is_not_met(edition, people):
    who = people.principal("commissioner")
    with pytest.raises(CallError, match="Say what is asked"):
        release(who, edition, known(edition))
    assert _how_to_say(ruled.findings(edition)) == f"Say '{SAYS}' in a file of facts: --facts FILE."
    ruled.say(who, edition, {SAYS: True})
    there = "'wellbeing-teams-pilot-reported' is told once for the whole council, in the browser under Rules."
    assert _how_to_say(ruled.findings(edition)) == there
    tell_of_council(who, "wellbeing-teams-pilot-reported", False, timezone.localdate(), "The board's minutes.")
    with pytest.raises(CallError, match="the pilot of wellbeing teams has not reported"):
        release(who, edition, known(edition))
    with pytest.raises(CallError, match="has not reported"):
        schedule(who, edition, timezone.localdate() + timedelta(days=1), known(edition))
    ruled.say(who, edition, {SAYS: False})
    release(who, edition, known(edition))
    kept = Judged.objects.get(act="statement.release")
    assert (kept.subject, kept.breached, kept.let_go) == (f"editions.edition:{edition.pk}", 0, 0)
    edition.refresh_from_db()
    assert edition.state == "released"
    with pytest.raises(CallError, match="nothing is judged of it any more"):
        ruled.say(who, edition, {SAYS: True})


def test_another_commissioner_sets_the_gate_aside(edition, people):
    who = people.principal("commissioner")
    ruled.say(who, edition, {SAYS: True})
    tell_of_council(who, "wellbeing-teams-pilot-reported", False, timezone.localdate(), "The board's minutes.")
    ruled.set_aside(who, edition, PILOT, REASON)
    with pytest.raises(CallError, match="Somebody else must do it"):
        release(who, edition, known(edition))
    second = replace(who, account=people.account("analyst").pk)
    release(second, edition, known(edition))
    assert Judged.objects.get().let_go == 1
    assert SetAside.objects.get().reason == REASON
    told = Event.objects.filter(act="editions.release", object=f"editions.edition:{edition.pk}").last()
    assert told is not None
    assert PILOT in str(told.detail)


def test_what_comes_to_be_stopped_before_its_day_is_held(edition, people):
    who = people.principal("commissioner")
    ruled.say(who, edition, {SAYS: False})
    schedule(who, edition, timezone.localdate() + timedelta(days=1), known(edition))
    ruled.say(who, edition, {SAYS: True})
    Edition.objects.update(release_on=timezone.localdate())
    assert release_due() == []
    edition.refresh_from_db()
    assert (edition.state, edition.release_on) == ("agreed", None)


def test_rules_of_counting_are_worked_out_and_stop_nothing(edition, home):
    states = {one.rule: one.state for one in ruled.findings(edition)}
    assert states["working-ages"] == "met"
    assert states["simple-queries-apart"] == "not-known", "nobody told how many clients there were"
    stopping = [one.rule for one in ruled.findings(edition) if one.stops]
    assert stopping == [PILOT]
    file = edition_path(home, COUNCIL, 1) / MEASURED
    assert file.stat().st_mode & 0o077 == 0
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"employment-rate-ages": "16+"}), "utf-8")
    broken = next(one for one in ruled.findings(edition) if one.rule == "working-ages")
    assert (broken.state, broken.stops, broken.override_by) == ("broken", False, ())
