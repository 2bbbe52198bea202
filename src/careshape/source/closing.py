"""Close the record of a person when no care is asked for or runs, and keep who is cared for from being erased."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from careshape.audit.change import lock_rows
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.people import record
from careshape.people.models import Person
from careshape.policy import Principal
from careshape.privacy.stops import stops_erasure
from careshape.source.models import Handover, Line, Package, Request
from careshape.source.models.brokerage import STEPS, Step


def close(principal: Principal, person: Person) -> None:
    """Close the record of a person: from now it is kept for its years, and then let go of.

    Raises CallError where it is closed already, and while care is asked for or a package runs, with what to do first.
    """
    with transaction.atomic():
        lock_rows([person])  # as who asks for care does
        if words := left_to_do(person):
            raise CallError(words)
        record.close(principal, person)


def left_to_do(person: Person) -> str:
    """What must be done before the record of a person is closed; '' for nothing."""
    asked = Request.objects.filter(person=person, state__in=(Step.OPEN.value, Step.SENT.value)).order_by("pk").first()
    if asked is not None:
        state = STEPS[Step(asked.state)].lower()
        return f"Request {asked.pk} is {state}. Withdraw it, or wait until it is awarded; then close the record."
    package = running(Package.objects.filter(person=person)).first()
    if package is not None:
        return f"Package {package.pk} runs. End it, and close the record when its last day is over."
    return ""


def running(packages: QuerySet[Package]) -> QuerySet[Package]:
    """Those of some packages that run today or will; the oldest first."""
    lines = Line.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=uk_day(timezone.now())), package=OuterRef("pk"), withdrawn=False
    )
    return packages.filter(Exists(lines)).order_by("pk")


@stops_erasure
def care_left(council: str, identifier: str) -> str:
    """What must end before a person is erased: care that nobody could end any more, and rows on their way."""
    mine = Package.objects.filter(person__council=council, person__reference__iexact=identifier)
    package = running(mine).first()
    if package is not None:
        return (
            f"Package {package.pk} runs: nobody could end it once its person is erased, and it would count for ever. "
            "End it, and erase when its last day is over."
        )
    row = Handover.objects.filter(line__package__in=mine, posting__isnull=True, problem="").order_by("pk").first()
    if row is not None:
        return (
            f"A line of package {row.line.package_id} is on its way into the records. Erase when the package's page "
            "says in which posting it is."
        )
    return ""
