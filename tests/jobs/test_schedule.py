"""Work that recurs: started once a day whatever the number of workers, seen where it is late, and what it does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from careshape.accounts.models import Council
from careshape.audit.change import SYSTEM, change
from careshape.jobs import schedule
from careshape.jobs.kinds import kinds
from careshape.jobs.lease import claim
from careshape.jobs.models import Job
from careshape.jobs.run import run
from careshape.jobs.watch import look

COUNCILS = ("worcestershire", "thurrock")
NIGHT = datetime(2026, 7, 1, 1, 30, tzinfo=UTC)  # 02:30 in the summer of the United Kingdom


@pytest.fixture
def councils(db, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "CARESHAPE_DIR", tmp_path)
    monkeypatch.setattr(settings, "CARESHAPE_ANCHORS", tmp_path / "anchors")
    monkeypatch.setattr(schedule, "_started", set())
    for slug in COUNCILS:
        Council.objects.create(slug=slug, name=slug.title())
        with change(SYSTEM, "accounts.invite", chain=slug) as told:
            told("something")


def at(monkeypatch, moment: datetime) -> None:
    monkeypatch.setattr(schedule.clock, "now", lambda: moment)


def drain() -> None:
    while job := claim("a test"):
        run(job, "a test")


def test_every_schedule_names_work_that_a_room_registers():
    assert {one.kind for one in schedule.schedules()} <= set(kinds())
    assert {one.kind for one in schedule.schedules()} == {
        "privacy.retain", "audit.verify", "editions.release_due", "writing.put_in_force", "source.hand_over",
        "providers.remind", "source.lapse", "source.tell_unmet",
    }  # fmt: skip


def test_day_begins_at_its_time_in_the_united_kingdom():
    by_kind = {one.kind: one for one in schedule.schedules()}
    assert by_kind["privacy.retain"].day(NIGHT).isoformat() == "2026-07-01"
    assert by_kind["audit.verify"].day(NIGHT).isoformat() == "2026-06-30"
    assert by_kind["privacy.retain"].begins(NIGHT.date()).astimezone(UTC).hour == 1


def test_each_day_has_one_job_a_council_whatever_the_number_of_workers(councils, monkeypatch):
    for days in (0, 0, 1):
        at(monkeypatch, NIGHT + timedelta(days=days))
        for _ in range(3):  # workers, each with a memory of its own
            monkeypatch.setattr(schedule, "_started", set())
            look()
            look()
    found = sorted(Job.objects.filter(key__startswith="schedule:").values_list("kind", "council"))
    each_day = [("audit.verify", ""), *(("audit.verify", one) for one in COUNCILS), ("privacy.retain", "")]
    each_day += [
        (kind, one) for one in COUNCILS
        for kind in ("source.hand_over", "providers.remind", "source.lapse", "source.tell_unmet")
    ]  # fmt: skip
    # The morning has not come on the first day: what is due then was due the day before.
    assert found == sorted(2 * [*each_day, ("editions.release_due", ""), ("writing.put_in_force", "")])


def test_what_was_missed_is_made_up_once(councils, monkeypatch):
    at(monkeypatch, NIGHT)
    look()
    at(monkeypatch, NIGHT + timedelta(days=9))
    look()
    assert Job.objects.filter(kind="privacy.retain").count() == 2


def test_late_work_shows_and_work_that_is_done_does_not(councils, monkeypatch):
    at(monkeypatch, (datetime.now(UTC) + timedelta(days=2)).replace(hour=12))  # when all of a day is overdue
    assert all(one.late for one in schedule.standing())
    look()
    drain()
    assert not any(one.late for one in schedule.standing())


def test_verified_log_leaves_an_anchor_and_a_broken_one_fails(councils, monkeypatch):
    look()
    drain()
    assert {job.state for job in Job.objects.filter(kind="audit.verify")} == {"done"}
    anchors = sorted(settings.CARESHAPE_ANCHORS.glob("*.json"))
    assert [path.name.partition(".")[0] for path in anchors] == ["installation", "thurrock", "worcestershire"]
    assert not [one for one in schedule.standing("thurrock") if one.late or one.failed]
    # The tail of a chain is put back to before the anchor: the chain itself is whole, the anchor tells.
    anchor = json.loads(anchors[1].read_text())
    anchor["heads"]["thurrock"]["number"] += 50
    anchors[1].write_text(json.dumps(anchor))
    job = Job.objects.get(kind="audit.verify", council="thurrock")
    Job.objects.filter(pk=job.pk).update(state="queued", ended_at=None)
    drain()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "The audit log is not whole. thurrock: BROKEN" in job.fault
    assert "The tail is cut" in job.fault
    stand = {one.schedule.kind: one.failed for one in schedule.standing("thurrock") if one.council == "thurrock"}
    assert stand == {
        "audit.verify": True, "source.hand_over": False, "providers.remind": False, "source.lapse": False,
        "source.tell_unmet": False,
    }  # fmt: skip


def test_what_is_due_goes_every_day(councils, monkeypatch):
    old = Job.objects.create(
        council="thurrock", kind="x", key="x", state="done", run_after=NIGHT, created_at=NIGHT,
        ended_at=datetime.now(UTC) - timedelta(days=100),
    )  # fmt: skip
    look()
    drain()
    assert not Job.objects.filter(pk=old.pk).exists()
    assert Job.objects.get(kind="privacy.retain").result["rows"] >= 1
