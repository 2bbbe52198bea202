"""Background work as it is started, done, cancelled and tried again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from careshape.audit.change import SYSTEM, change
from careshape.audit.models import Event
from careshape.errors import CallError
from careshape.jobs import clock
from careshape.jobs.cancel import cancel
from careshape.jobs.enqueue import enqueue
from careshape.jobs.kinds import Lane, kind, kinds
from careshape.jobs.lease import LeaseLost, claim, end, failed, renew
from careshape.jobs.models import Job, State
from careshape.jobs.retry import retry
from careshape.jobs.run import run
from careshape.jobs.views import progress
from careshape.jobs.work import Work
from tests.jobs import kinds_for_tests  # noqa: F401  (registers them)


def done(job: Job) -> Job:
    """Do one job here and now, without a worker."""
    taken = claim("here")
    assert taken is not None
    assert taken.pk == job.pk
    run(taken, "here")
    return Job.objects.get(pk=job.pk)


def events():
    """What was told of jobs, in its order."""
    return Event.objects.filter(act__startswith="jobs.").order_by("number")


def test_job_is_done_and_tells_its_result(people):
    job = done(enqueue(people.principal("administrator"), "tests.note", {"text": "x"}))
    assert (job.state, job.result, job.attempts, job.lease) == ("done", {"noted": "x"}, 1, "")
    assert [(event.act, event.role) for event in events()] == [
        ("jobs.start", "administrator"), ("jobs.finish", "system"),
    ]  # fmt: skip


def test_job_is_refused_to_who_may_not_do_its_act(people):
    with pytest.raises(PermissionDenied):
        enqueue(people.principal("auditor"), "tests.note", {"text": "x"})
    with pytest.raises(PermissionDenied):
        enqueue(people.principal("administrator"), "tests.note", {"text": "x"}, council="thurrock")
    assert not Job.objects.exists()


def test_same_key_is_one_job_and_other_work_under_it_is_refused(people):
    administrator = people.principal("administrator")
    first = enqueue(administrator, "tests.note", {"text": "x"}, key="once")
    assert enqueue(administrator, "tests.note", {"text": "x"}, key="once").pk == first.pk
    with pytest.raises(CallError, match="names other work"):
        enqueue(administrator, "tests.note", {"text": "y"}, key="once")
    other = enqueue(people.principal("administrator", "thurrock"), "tests.note", {"text": "y"}, key="once")
    assert other.pk != first.pk, "a key is the council's own"
    assert Event.objects.filter(act="jobs.start").count() == 2


def test_job_of_a_change_that_fails_is_not_started(people):
    administrator = people.principal("administrator")

    def start_and_fail() -> None:
        with change(administrator, "accounts.invite") as told:
            enqueue(administrator, "tests.note", {"text": "x"}, told=told)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        start_and_fail()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({"x": object()}, "cannot be kept"), ({"x": float("nan")}, "cannot be kept"), ({"x": "y" * 100_001}, "at most")],
)
def test_arguments_that_cannot_be_kept_are_refused(people, arguments, said):
    with pytest.raises(CallError, match=said):
        enqueue(people.principal("administrator"), "tests.note", arguments)


def test_unknown_kind_is_refused_with_those_there_are(people):
    with pytest.raises(CallError, match=r"no background work 'tests\.no'.*tests\.note"):
        enqueue(people.principal("administrator"), "tests.no", {})


def test_fault_of_the_input_ends_the_job_and_is_told(people):
    job = done(enqueue(people.principal("administrator"), "tests.refuse", {}))
    assert (job.state, job.attempts) == ("failed", 1)
    assert job.fault == "The file has no header. Add one, and try again."


def test_fault_of_ours_is_tried_again_so_often_and_tells_nothing_of_the_data(people, caplog):
    job = enqueue(people.principal("administrator"), "tests.break", {})
    for attempt, state in ((1, "queued"), (2, "queued"), (3, "given-up")):
        job = done(job)
        assert (job.attempts, job.state) == (attempt, state)
    assert "ZeroDivisionError" in job.fault
    assert "canary" not in job.fault
    assert claim("here") is None


def test_waits_grow_from_attempt_to_attempt_up_to_a_bound(people):
    usual = kinds()["tests.note"]
    assert [usual.wait(attempt) for attempt in (1, 2, 3, 4)] == [5, 10, 20, 40]
    assert usual.wait(60) == usual.longest_wait
    job = enqueue(people.principal("administrator"), "tests.note", {})
    failed(claim("here"), "here", "x")
    assert Job.objects.get(pk=job.pk).run_after > clock.now() + timedelta(seconds=4)
    assert claim("here") is None, "it waits"


def test_job_is_not_begun_before_its_time(people):
    later = clock.now() + timedelta(hours=1)
    enqueue(people.principal("administrator"), "tests.note", {"text": "x"}, run_after=later)
    assert claim("here") is None


def test_what_a_holder_without_the_lease_writes_does_not_count(people):
    job = enqueue(people.principal("administrator"), "tests.note", {"text": "x"})
    slow = claim("slow")
    Job.objects.filter(pk=job.pk).update(leased_until=clock.now() - timedelta(seconds=1))
    quick = claim("quick")
    assert quick.attempts == 2
    for late in (
        lambda: end(slow, "slow", State.DONE),
        lambda: renew(slow, "slow"),
        lambda: failed(slow, "slow", "x"),
        lambda: Work(slow, "slow", "").progress(1),
    ):
        with pytest.raises(LeaseLost):
            late()
    run(slow, "slow")
    assert Job.objects.get(pk=job.pk).state == State.RUNNING, "the late one changed nothing"
    end(quick, "quick", State.DONE)
    assert Event.objects.filter(act="jobs.finish").count() == 1


def test_leased_job_is_nobody_elses(people):
    enqueue(people.principal("administrator"), "tests.note", {"text": "x"})
    assert claim("one") is not None
    assert claim("other") is None


def test_job_whose_holders_all_died_is_given_up(people):
    job = enqueue(people.principal("administrator"), "tests.break", {})
    for _ in range(3):
        assert claim("dies") is not None
        Job.objects.filter(pk=job.pk).update(leased_until=clock.now() - timedelta(seconds=1))
    assert claim("last") is None
    job.refresh_from_db()
    assert (job.state, job.fault) == ("given-up", "Each of its 3 attempts was cut short.")


def test_leaver_s_work_is_not_done(people):
    @kind("tests.as_starter", act="accounts.invite", title="As its starter")
    def as_starter(work):
        return {"role": work.principal().role}

    assert done(enqueue(people.principal("administrator"), "tests.as_starter", {})).result == {"role": "administrator"}
    job = enqueue(people.principal("administrator"), "tests.as_starter", {})
    membership = people.memberships["worcestershire", "administrator"]
    membership.ended_at = clock.now()
    membership.save()
    ended = done(job)
    assert (ended.state, ended.result) == ("failed", {})


def test_work_of_a_kind_that_this_version_does_not_know_waits_for_one_that_does(people):
    job = enqueue(people.principal("administrator"), "tests.note", {"text": "x"})
    Job.objects.filter(pk=job.pk).update(kind="tests.of_tomorrow")
    waiting = done(job)
    assert waiting.state == "queued"
    assert "knows no work" in waiting.fault


def test_waiting_job_is_cancelled_at_once_and_can_be_tried_again(people):
    administrator = people.principal("administrator")
    job = cancel(administrator, enqueue(administrator, "tests.note", {"text": "x"}))
    assert (job.state, claim("here")) == ("cancelled", None)
    with pytest.raises(CallError, match="has ended: cancelled"):
        cancel(administrator, job)
    assert done(retry(administrator, job)).state == "done"
    with pytest.raises(CallError, match="nothing to try again"):
        retry(administrator, job)
    assert [event.act for event in events()] == ["jobs.start", "jobs.cancel", "jobs.retry", "jobs.finish"]


def test_rows_that_contradict_themselves_are_refused_by_the_database(people):
    job = enqueue(people.principal("administrator"), "tests.note", {"text": "x"})
    for wrong in (
        {"state": "running"},
        {"lease": "x"},
        {"state": "done"},
        {"state": "odd"},
        {"done": 3, "total": 2},
        {"lease": "x", "leased_until": clock.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(**wrong)


def test_progress_is_told_to_who_started_it_and_nobody_of_another_council(people, rf):
    job = enqueue(people.principal("analyst"), "tests.open", {"text": "x"})
    request = rf.get(f"/work/jobs/{job.pk}/progress.json")
    for role, council, there in (
        ("analyst", "worcestershire", True),
        ("auditor", "worcestershire", True),
        ("broker", "worcestershire", False),
        ("administrator", "thurrock", False),
    ):
        request.principal = people.principal(role, council)
        if there:
            answer = progress(request, job.pk)
            assert json.loads(answer.content)["state"] == "queued"
            assert "no-store" in answer.headers["Cache-Control"]
        else:
            with pytest.raises(Http404):
                progress(request, job.pk)


@kind("tests.open", act="jobs.read", title="Open to all members")
def open_to_all(work):
    return {}


def test_jobs_reach_as_the_policy_says(people):
    job = enqueue(people.principal("analyst"), "tests.open", {})

    def reached(role: str, council: str = "worcestershire", act: str = "jobs.read") -> bool:
        return Job.objects.reached(people.principal(role, council), act).filter(pk=job.pk).exists()

    assert reached("analyst")
    assert reached("auditor")
    assert not reached("broker")
    assert not reached("administrator", "thurrock")
    assert not reached("auditor", act="jobs.cancel")
    system = enqueue(SYSTEM, "tests.open", {})
    assert not Job.objects.reached(people.principal("administrator"), "jobs.read").filter(pk=system.pk).exists()


def test_lane_gives_its_own_jobs_and_an_unknown_kind_is_among_what_was_asked_for(db):
    enqueue(SYSTEM, "tests.note", {"text": "x"})
    enqueue(SYSTEM, "tests.message", {})
    assert claim("here", Lane.OWN) is None
    assert claim("here", Lane.QUICK).kind == "tests.message"
    Job.objects.filter(kind="tests.note").update(kind="of a later version")
    assert claim("here", Lane.QUICK) is None
    assert claim("here", Lane.ASKED).kind == "of a later version"
