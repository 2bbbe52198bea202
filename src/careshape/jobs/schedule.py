"""Work that recurs: which, when, and the jobs that workers start for it, one a day whatever their number.

The key of a job names the schedule and the day, so that it is started once, by whichever worker looks first. What was
missed while no worker ran is made up once, for the latest day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from pydantic import BaseModel, ConfigDict

from careshape.accounts.models import Council
from careshape.audit.change import SYSTEM
from careshape.audit.models import Head
from careshape.audit.write import INSTALLATION
from careshape.declared import declared, read_toml
from careshape.jobs import clock
from careshape.jobs.enqueue import enqueue
from careshape.jobs.kinds import kind_of
from careshape.jobs.models import Job, State
from careshape.jobs.watch import watch

FILE: Final = "schedules.toml"
GRACE: Final = timedelta(hours=3)
"""So long after its time a job that is not done is late."""
_started: set[tuple[str, str]] = set()
"""Council and key of jobs that are known to be there, so that the database is not asked again."""


class Schedule(BaseModel):
    """Work that is done once a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    at: time
    """UK time from which it is done."""
    of: Literal["installation", "councils", "each"]
    why: str

    @property
    def title(self) -> str:
        """What a person reads."""
        return kind_of(self.kind).title

    def day(self, now: datetime) -> date:
        """The latest day whose time has come."""
        here = timezone.localtime(now)
        return here.date() if here.time() >= self.at else here.date() - timedelta(days=1)

    def begins(self, day: date) -> datetime:
        """The moment at which a day's work is due."""
        return timezone.make_aware(datetime.combine(day, self.at))

    def key(self, day: date) -> str:
        """The key of a day's job."""
        return f"schedule:{self.kind}:{day.isoformat()}"

    def done_for(self, councils: list[str]) -> list[str]:
        """Slugs of those for whom it is done, of all councils; empty for the installation."""
        installation = [] if self.of == "councils" else [""]
        return installation if self.of == "installation" else installation + councils


@dataclass(frozen=True)
class Standing:
    """How a schedule stands for one council, or for the installation (an empty slug)."""

    schedule: Schedule
    council: str
    last: Job | None
    """The latest job that ended."""
    next_at: datetime
    late: bool
    """Whether the latest day's work should be done by now and is not."""

    @property
    def failed(self) -> bool:
        """Whether the latest job did not end well."""
        return self.last is not None and self.last.state != State.DONE


@cache
def schedules() -> tuple[Schedule, ...]:
    """All schedules, in the order of the file. Raises CatalogueError for a fault in it."""
    raw = read_toml(files("careshape.jobs").joinpath(FILE).read_text("utf-8"), FILE)
    return tuple(declared(Schedule, entry, FILE) for entry in raw["schedule"])


@watch
def start_what_is_due() -> None:
    """Start the latest day's job of each schedule where it was not started."""
    now, councils = clock.now(), _councils()
    for one in schedules():
        day = one.day(now)
        for council in one.done_for(councils):
            if (council, one.key(day)) in _started:
                continue
            enqueue(SYSTEM, one.kind, {"day": day.isoformat()}, council=council, key=one.key(day))
            _started.add((council, one.key(day)))


def standing(council: str | None = None) -> Iterator[Standing]:
    """How every schedule stands, or those of one council and of the installation."""
    now, since, councils = clock.now(), _since(), _councils()
    ended: Any = Job.objects.filter(kind__in=[one.kind for one in schedules()], ended_at__isnull=False)
    if council is not None:
        ended = ended.filter(council__in=["", council])
        councils = [slug for slug in councils if slug == council]
    of_each = Window(RowNumber(), partition_by=["council", "kind"], order_by="-ended_at")
    last = {(job.council, job.kind): job for job in ended.annotate(place=of_each).filter(place=1)}
    keys = [one.key(one.day(now)) for one in schedules()]
    done = set(ended.filter(key__in=keys).values_list("council", "key"))
    for one in schedules():
        day = one.day(now)
        for slug in one.done_for(councils):
            late = (slug, one.key(day)) not in done and now > max(one.begins(day), since) + GRACE
            yield Standing(one, slug, last.get((slug, one.kind)), one.begins(day + timedelta(days=1)), late)


def _councils() -> list[str]:
    """Slugs of all councils. A ledger may have a chain before anybody of its council has an account."""
    slugs = {*Council.objects.values_list("slug", flat=True), *Head.objects.values_list("chain", flat=True)}
    return sorted(slugs - {INSTALLATION})


def _since() -> datetime:
    """When the database was made: nothing was due before."""
    first: datetime | None = MigrationRecorder.Migration.objects.aggregate(first=Min("applied"))["first"]
    return first or clock.now()
