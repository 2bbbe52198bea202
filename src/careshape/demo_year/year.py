"""Write the year of one council: its lists, its requests and what follows, its uplift, its failure and its payments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from django.utils import timezone

from careshape.accounts.demonstration import make_accounts
from careshape.audit.change import together
from careshape.demo_year.acting import Acting
from careshape.demo_year.clock import as_if
from careshape.demo_year.course import Run, place_all
from careshape.demo_year.lists import begin_list, end_list
from careshape.demo_year.market import market
from careshape.demo_year.plan import Diary, OfCouncil, Plan, plan
from careshape.demo_year.supply import market_of
from careshape.demo_year.visited import take_week
from careshape.jobs.models import Job, State
from careshape.ledger.posting import uk_day
from careshape.source.failing.act import begin as say_it_fails
from careshape.source.failing.act import place_anew
from careshape.source.judged.tell import tell_of_council
from careshape.source.models import Failure, Handover, Package, Vehicle
from careshape.source.models.brokerage import Answer, Step
from careshape.source.money.payments import draft, pay
from careshape.source.packages.package import running
from careshape.source.packages.tellings import tell_of
from careshape.source.packages.uplift import ACT as UPLIFT
from careshape.source.packages.uplift import effects, raw_of
from careshape.source.requests.offers import Said, answer_with
from careshape.source.taught.told import tell_unmet
from careshape.source.together.propose import begin as begin_round
from careshape.source.together.propose import work_out
from careshape.source.together.weeks import week_of_day

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
LONGEST: Final = 53
"""Weeks of the year, with the one in which it begins."""
AT: Final = time(10)
FRESH: Final = 2
"""Days since what is asked "in these days" was asked: its answers may still come."""


def write_year(council: str) -> int:
    """Write the year of a demonstration council, in one transaction; how many packages it has.

    It is written once: where the council has a list to buy from, nothing is done. Lines of its packages are not handed
    to the records, and nobody is written to.

    Raises CallError where a council of the installation is no demonstration.
    """
    if Vehicle.objects.filter(council=council).exists():
        return 0
    make_accounts([council], without_passwords=True)
    before = set(Job.objects.filter(council=council).values_list("pk", flat=True))
    with together():
        _keep_to(_diary(Acting(council), plan(), uk_day(timezone.now())))
        # The records of the demonstration end years ago: lines of today would move their end.
        Handover.objects.filter(council=council).delete()
        _end_work(council, before)
    tell_unmet(council)
    return Package.objects.filter(person__council=council).count()


def _keep_to(diary: Diary) -> None:
    """Do what the diary says, in the order of its days; what is done may write further things into it."""
    while diary:
        diary.sort(key=lambda one: one[:2])
        day, _, act = diary.pop(0)
        with as_if(min(datetime.combine(day, AT, timezone.get_current_timezone()), timezone.now())):
            act()


def _diary(acting: Acting, given: Plan, today: date) -> Diary:
    """The year as it is planned. Of one day lists come first, then what was planned, then what follows from it."""
    lists = [one for one in given.lists if one.council == acting.council]
    begins = [(today - one.begins_ago * WEEK, one) for one in lists]
    diary: Diary = [(on, 0, partial(begin_list, acting, one, on)) for on, one in begins]
    ends = [(today - one.ends_ago * WEEK, one.title) for one in lists if one.ends_ago]
    diary.extend((on, 1, partial(end_list, acting, title, on)) for on, title in ends)
    market_of(acting, market(), lists, diary, today)
    number = 0
    for course in [one for one in given.courses if one.council in ("", acting.council)]:
        for ago in course.ago:
            number += 1
            run = Run(acting, course, number, diary, today)
            days = number % 3 if ago else FRESH  # what is asked in these days still waits for its answers
            diary.append((today - ago * WEEK - timedelta(days=days), 1, run.ask))
    diary.append((today - given.uplift_ago * WEEK, 2, partial(_raise, acting, given)))
    diary.append((today - given.fails_ago * WEEK, 2, partial(_fail, acting, given.fails_because, diary)))
    diary.extend((today - ago * WEEK, 3, partial(_pay, acting)) for ago in given.paid)
    for one in given.of_council:
        diary.extend((today - ago * WEEK, 0, partial(_tell_of, acting, one)) for ago in range(0, LONGEST, one.each))
    for ago in given.visited:
        monday = today - ago * WEEK - timedelta(days=today.weekday())
        diary.append((monday + WEEK, 2, partial(take_week, acting, monday)))
    diary.append((today, 3, partial(_place_together, acting)))
    return diary


def _raise(acting: Acting, given: Plan) -> None:
    """Raise the prices of a list from the day that it is."""
    day, vehicle = uk_day(timezone.now()), Vehicle.objects.get(council=acting.council, title=given.uplift_of)
    for one in effects(acting.council, f"list-{vehicle.pk}", day, given.uplift):
        if not one.why_not:
            tell_of(
                acting.who("broker"), one.package, "uplift", raw_of(day, given.uplift), act=UPLIFT,
                why="The yearly uplift, after the living wage.", cause="uplift of the year",
            )  # fmt: skip


def _fail(acting: Acting, because: str, diary: Diary) -> None:
    """Let the synthetic provider with the most packages fail, but for that of the demonstration's account."""
    day = uk_day(timezone.now())
    packages = Package.objects.filter(person__council=acting.council).exclude(organisation=acting.provider)
    many: dict[int, int] = {}
    for row in running({one.organisation_id for one in packages}, day):
        many[row["organisation"].pk] = many.get(row["organisation"].pk, 0) + 1
    if not many:
        return
    most = max(many, key=lambda key: (many[key], -key))
    provider = packages.filter(organisation=most)[0].organisation
    failure = say_it_fails(acting.who("commissioner"), provider, day + 2 * WEEK, because)
    place_anew(acting.who("broker"), failure)
    diary.append((day + DAY, 2, partial(_take_over, acting, failure)))


def _take_over(acting: Acting, failure: Failure) -> None:
    """Let two other providers say yes to each of those whom a failure leaves, and place all of them together."""
    left = failure.affected.filter(request__state=Step.SENT.value).select_related("request").order_by("pk")
    for number, request in enumerate(one.request for one in left):
        asked = list(request.offers.select_related("request__person").order_by("pk"))
        for offer in {one.pk: one for one in (asked[number % len(asked)], asked[(number + 1) % len(asked)])}.values():
            answer_with(acting.of(offer.organisation_id), offer, Said(Answer.YES, can_start_on=request.starts_on))
    place_all(acting, [one.request for one in left])


def _tell_of(acting: Acting, one: OfCouncil) -> None:
    tell_of_council(acting.who("commissioner"), one.fact, one.value, uk_day(timezone.now()), one.why)


def _place_together(acting: Acting) -> None:
    """Place the requests of next week together: what is proposed waits for the broker."""
    work_out(begin_round(acting.who("broker"), week_of_day(uk_day(timezone.now()) + WEEK)))


def _pay(acting: Acting) -> None:
    """Pay what is owed, where something is."""
    found = draft(acting.council)
    if found.payments:
        pay(acting.who("finance"), found.read)


def _end_work(council: str, before: set[int]) -> None:
    """Take out the background work that the year started, but for steps whose moment is still to come."""
    queued = Job.objects.filter(council=council, state=State.QUEUED.value).exclude(pk__in=before)
    queued.exclude(kind="source.step", run_after__gt=timezone.now()).delete()
