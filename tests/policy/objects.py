"""How an object of each kind is made for the sweep of authorisation, in the possession of a member."""

from __future__ import annotations

import json
import secrets
from datetime import date, timedelta

from django.utils.timezone import now

from careshape.accounts.models import (
    Invitation,
    Membership,
    Organisation,
    OrganisationLocation,
    Passkey,
    Team,
)
from careshape.jobs.models import Job
from careshape.ledger.report import Report
from careshape.people.models import Person
from careshape.privacy.models import LegalHold
from careshape.providers.models import Brought as BroughtReturns
from careshape.providers.models import Evidence, Location, Room, Tender
from careshape.readers.models import Comment, Follow
from careshape.reuse.models import Brought
from careshape.source.models import (
    Affected,
    Application,
    ApplicationPart,
    Award,
    Failure,
    Handover,
    Line,
    Member,
    Offer,
    Package,
    Payment,
    PaymentRun,
    Placing,
    Price,
    Proposal,
    Request,
    Switch,
    Telling,
    Vehicle,
    VisitFile,
)
from careshape.source.requests.award import said_of
from careshape.work import keep
from careshape.work.models import Import, Token
from careshape.writing.models import Comment as Remark
from careshape.writing.models import Version
from tests.policy.who_sees import canary_account, canary_location
from tests.policy.world import HOME, World, makes


@makes("/work/jobs/<int:pk>/", "/api/v1/jobs/<int:pk>")
def job(world: World, member: Membership) -> int:
    made = Job.objects.create(
        council=member.council.slug, kind="work.nothing", key=secrets.token_hex(8), run_after=now(), created_at=now(),
        started_by=member.account, membership=member,
    )  # fmt: skip
    return made.pk


@makes("/work/imports/<int:pk>/", "/api/v1/imports/<int:pk>")
def imported(world: World, member: Membership) -> int:
    report = Report(
        file="lines.csv", reader="packages", title="Packages", rows=1, accepted=0, repaired=0, refused=1, unchanged=0,
        not_line_items=0, findings=(), by_rule={},
    )  # fmt: skip
    made = Import.objects.create(
        council=member.council, account=member.account, file_name="lines.csv", folder=secrets.token_hex(16), size=1,
        checksum="0" * 64, state="checked", report=report.to_json(),
    )  # fmt: skip
    refused = keep.path_of(made.council.slug, made.folder, keep.REFUSED)
    refused.parent.mkdir(parents=True)
    refused.write_text("line_reference\nL1\n", "utf-8")
    return made.pk


@makes("/work/people/<int:pk>/", "/api/v1/people/<int:pk>")
def membership(world: World, member: Membership) -> int:
    """Somebody of an organisation, limited to one location, so that every field of a person has something to show."""
    organisation = world.people.organisations[member.council.slug][0]
    made = Membership.objects.create(
        account=canary_account(), council=member.council, role="provider", organisation=organisation
    )
    made.locations.set([canary_location(organisation)])
    return made.pk


@makes("/work/colleagues/<int:pk>/")
def colleague(world: World, member: Membership) -> int:
    """Somebody of the same team or organisation."""
    made = Membership.objects.create(
        account=canary_account(), council=member.council, role=member.role, team=member.team,
        organisation=member.organisation,
    )  # fmt: skip
    return made.pk


@makes("/work/people/invitations/<int:pk>/", "/api/v1/invitations/<int:pk>")
def invitation(world: World, member: Membership) -> int:
    made = Invitation.objects.create(
        council=member.council, email="canary.invitation.email@tests.example", role="broker", team=member.team,
        token_digest=secrets.token_hex(32), expires_at=now() + timedelta(days=1),
    )  # fmt: skip
    return made.pk


@makes("/work/teams/<int:pk>/", "/api/v1/teams/<int:pk>")
def team(world: World, member: Membership) -> int:
    return Team.objects.create(council=member.council, name=secrets.token_hex(4)).pk


@makes("/work/organisations/<int:pk>/", "/api/v1/organisations/<int:pk>")
def organisation(world: World, member: Membership) -> int:
    return Organisation.objects.create(council=member.council, kind="provider", name=secrets.token_hex(4)).pk


@makes("/work/locations/<int:pk>/", "/api/v1/locations/<int:pk>")
def location(world: World, member: Membership) -> int:
    parent = Organisation.objects.get(pk=organisation(world, member))
    return OrganisationLocation.objects.create(organisation=parent, name="First").pk


@makes("/account/passkeys/<int:pk>/")
def passkey(world: World, member: Membership) -> int:
    made = Passkey.objects.create(account=member.account, identifier=secrets.token_hex(8), name="A key")
    return made.pk


@makes("/work/postings/<int:number>/", "/api/v1/postings/<int:number>")
def posting(world: World, member: Membership) -> int | None:
    """Postings are numbered in each ledger: the address names one of the member's own council, and no other."""
    return 1 if member.council.slug == HOME else None


@makes("/account/tokens/<int:pk>/", "/work/people/tokens/<int:pk>/", "/api/v1/tokens/<int:pk>")
def token(world: World, member: Membership) -> int:
    made = Token.objects.create(
        membership=member, name="A token", digest=secrets.token_hex(32), expires_at=now() + timedelta(days=1)
    )
    return made.pk


@makes("/work/editions/<int:number>/", "/api/v1/editions/<int:number>")
def edition(world: World, member: Membership) -> int | None:
    """Editions are numbered in each council: the address names one of the member's own, and no other."""
    return 1 if member.council.slug == HOME else None


@makes("/work/following/<int:pk>/", "/api/v1/following/<int:pk>")
def followed(world: World, member: Membership) -> int:
    made = Follow.objects.create(account=member.account, council=member.council.slug, what="statement")
    return made.pk


@makes("/work/comments/<int:pk>/", "/api/v1/comments/<int:pk>")
def comment(world: World, member: Membership) -> int:
    made = Comment.objects.create(
        council=member.council.slug, edition=1, segment="care-homes", slot="need", author=member.account,
        role=member.role, text="Something is said.", state="waiting",
    )  # fmt: skip
    return made.pk


@makes("/work/answers/<int:pk>/", "/api/v1/readers/<int:pk>")
def to_answer(world: World, member: Membership) -> int:
    """A comment of somebody else's."""
    provider = world.people.memberships[member.council.slug, "provider"]
    return comment(world, provider)


@makes("/work/writing/versions/<int:pk>/", "/api/v1/writing/versions/<int:pk>")
def version(world: World, member: Membership) -> int:
    """What somebody else of the council proposed."""
    made = Version.objects.create(
        council=member.council.slug, file="statement/03-shared-lives.md", number=secrets.randbelow(10**9) + 1,
        content="No page.\n", digest="0" * 64, why="To be looked at", state="proposed", written_by=canary_account(),
        written_at=now(), proposed_at=now(),
    )  # fmt: skip
    return made.pk


@makes("/work/writing/comments/<int:pk>/", "/api/v1/writing/comments/<int:pk>")
def remark(world: World, member: Membership) -> int:
    """What a colleague says of it."""
    made = Remark.objects.create(
        version_id=version(world, member), text="Say where.", written_by=canary_account(), written_at=now()
    )
    return made.pk


@makes("/work/regional/<int:pk>/", "/api/v1/regional/statements/<int:pk>")
def brought(world: World, member: Membership) -> int:
    """Another council's statement that the council brought."""
    made = Brought.objects.create(
        council=member.council.slug, code="E10000099", name="Example County Council", title="Statement", edition="1",
        known_on=now().date(), file_name="x.json", checksum=secrets.token_hex(32), statement="{}", added_at=now(),
    )  # fmt: skip
    return made.pk


def person(member: Membership, name: str) -> Person:
    """Somebody of the member's council whom it supports."""
    made = Person.objects.create(
        council=member.council.slug, reference=secrets.token_hex(6), name=name, born_on=date(1940, 5, 1),
        gender="female", client_group="older-people", support_reason="physical-personal-care", district="wychavon",
    )  # fmt: skip
    return made


def wanted(member: Membership, name: str = "Canary Request Who", state: str = "sent") -> Request:
    """A request for care."""
    made = Request.objects.create(
        person=person(member, name), service="nursing", units=100, starts_on=now().date(), district="wychavon",
        state=state, made_by=canary_account(),
    )  # fmt: skip
    return made


def listed(member: Membership, organisation: Organisation | None = None) -> Member:
    """A provider on a list of the member's council."""
    vehicle = Vehicle.objects.create(
        council=member.council.slug, title=secrets.token_hex(4), kind="spot", begins_on=now().date()
    )
    on_it = organisation or Organisation.objects.filter(council=member.council).order_by("pk")[0]
    made = Member.objects.create(
        vehicle=vehicle, organisation=on_it, service="nursing", price=95_000, state="admitted", since=now().date()
    )
    return made


def offered(member: Membership, request: Request, organisation: Organisation | None = None) -> Offer:
    """A provider that was asked, and said yes."""
    stands = listed(member, organisation)
    made = Offer.objects.create(
        request=request, organisation=stands.organisation, member=stands, list_price=stands.price, answer="yes",
        price=stands.price, can_start_on=request.starts_on,
    )  # fmt: skip
    return made


@makes("/work/supported/<int:pk>/")
def supported(world: World, member: Membership) -> int:
    return person(member, "Canary Supported Name").pk


@makes("/work/requests/<int:pk>/", "/api/v1/requests/<int:pk>")
def asked_for(world: World, member: Membership) -> int:
    return wanted(member, state="open").pk


@makes("/work/offers/<int:pk>/", "/api/v1/offers/<int:pk>")
def to_award(world: World, member: Membership) -> int:
    return offered(member, wanted(member)).pk


def proposed(member: Membership) -> Proposal:
    """What is proposed for a request when a week is placed together."""
    offer = offered(member, wanted(member))
    placing = Placing.objects.create(council=member.council.slug, week="2027-W05", worked_at=now())
    made = Proposal.objects.create(
        placing=placing, request=offer.request, offer=offer, read=said_of(offer), member=offer.member, place=1,
        points=5000, became="proposed",
    )  # fmt: skip
    return made


def affected_package(world: World, member: Membership) -> Package:
    """A package of somebody whom a failure leaves: a commissioner reads who that is there, and on no package."""
    made: Package = Package.objects.select_related("organisation", "person").get(pk=package(world, member))
    Person.objects.filter(pk=made.person_id).update(name="Somebody who is affected")
    return made


@makes("/work/failures/<int:pk>/", "/api/v1/failures/<int:pk>")
def failed(world: World, member: Membership) -> int:
    row = affected_package(world, member)
    made = Failure.objects.create(
        council=member.council.slug, organisation=row.organisation, last_day=now().date(), because="It closes.",
        made_by=canary_account(),
    )  # fmt: skip
    Affected.objects.create(failure=made, package=row, request=wanted(member, "Canary Affected Who", "open"))
    return made.pk


@makes("/work/failures/drill/<int:pk>", "/api/v1/failures/drill/<int:pk>")
def who_would_fail(world: World, member: Membership) -> int:
    return affected_package(world, member).organisation_id


@makes("/work/rounds/<int:pk>/", "/api/v1/rounds/<int:pk>")
def round_of(world: World, member: Membership) -> int:
    return proposed(member).placing_id


@makes("/work/proposals/<int:pk>/")
def proposal(world: World, member: Membership) -> int:
    return proposed(member).pk


@makes("/work/asked/<int:pk>/", "/api/v1/asked/<int:pk>")
def asked(world: World, member: Membership) -> int:
    """A request that the member's organisation was asked for; another of the council's for who has none."""
    return offered(member, wanted(member), member.organisation).pk


@makes(
    "/api/v1/packages/<int:pk>", "/work/packages/<int:pk>/", "/work/packages/<int:pk>.", "/work/packages/<int:pk>/owed."
)
def package(world: World, member: Membership) -> int:
    return arranged(member).pk


@makes("/work/visits/<int:pk>")
def visit_file(world: World, member: Membership) -> int:
    made = VisitFile.objects.create(
        council=member.council.slug, name="visits.csv", checksum=secrets.token_hex(32), taken=0, refused=0,
        by=canary_account(),
    )  # fmt: skip
    return made.pk


@makes("/work/owed/<int:pk>")
def owed_to(world: World, member: Membership) -> int:
    return arranged(member).organisation_id


@makes("/work/payments/<int:pk>")
def paid(world: World, member: Membership) -> int:
    package = arranged(member)
    run = PaymentRun.objects.create(
        council=member.council.slug, number=PaymentRun.objects.count() + 1, day=now().date(), totals="{}",
        by=canary_account(),
    )  # fmt: skip
    Payment.objects.create(
        run=run, package=package, line="core", first=now().date(), last=now().date(), funder="council", pence=1
    )
    return run.pk


def arranged(member: Membership) -> Package:
    """A package of somebody of the member's council, of which one line was told."""
    offer = offered(member, wanted(member, "Canary Package Who", "awarded"))
    award = Award.objects.create(request=offer.request, offer=offer, place=1, ranking="{}", by=canary_account())
    made = Package.objects.create(
        award=award, person=offer.request.person, organisation=offer.organisation, service="nursing",
        district="wychavon", purchase_type="spot",
    )  # fmt: skip
    line = Line.objects.create(package=made, number=1, units=100, price=95_000, starts_on=now().date())
    Handover.objects.create(council=member.council.slug, line=line, row="", batch=1, posting=1)
    body = {
        "line": "core",
        "component": "core",
        "from": line.starts_on.isoformat(),
        "units_per_week": 1,
        "price": "950.00",
    }
    # The sweep fills every number of an address with the one it is told, which is the package's.
    Telling.objects.create(package=made, number=made.pk, kind="line", known=line.starts_on, body=json.dumps(body))
    return made


@makes("/work/lists/<int:pk>/", "/api/v1/lists/<int:pk>/")
def bought_from(world: World, member: Membership) -> int:
    return listed(member).vehicle_id


@makes("/work/switches/<int:pk>/", "/api/v1/switches/<int:pk>")
def switched(world: World, member: Membership) -> int:
    made = Switch.objects.create(
        vehicle_id=listed(member).vehicle_id, standard="gold-and-silver", state="proposed", begins_on=now().date(),
        why="So it is.", loss="[]", made_by=canary_account(),
    )  # fmt: skip
    return made.pk


@makes("/work/joining/<int:pk>/")
def to_join(world: World, member: Membership) -> int:
    return listed(member).vehicle_id


@makes("/work/applications/<int:pk>/", "/api/v1/applications/<int:pk>")
def applied(world: World, member: Membership) -> int:
    """An application of the member's organisation; of another of the council's for who has none."""
    on_it = listed(member, member.organisation)
    made = Application.objects.create(
        vehicle=on_it.vehicle, organisation=on_it.organisation, state="sent", sent_at=now()
    )
    ApplicationPart.objects.create(application=made, service="nursing", price=95_000)
    return made.pk


@makes("/work/providers/<int:pk>/", "/api/v1/providers/<int:pk>")
def registered(world: World, member: Membership) -> int:
    """The member's organisation; one of the council's for who has none."""
    return member.organisation_id or organisation(world, member)


@makes("/work/provider-locations/<int:pk>/", "/api/v1/provider-locations/<int:pk>")
def registered_location(world: World, member: Membership) -> int:
    place = OrganisationLocation.objects.create(organisation_id=registered(world, member), name=secrets.token_hex(4))
    return Location.objects.create(place=place, kind="office").pk


@makes("/work/shown/<int:pk>/", "/api/v1/evidence/<int:pk>")
def evidence(world: World, member: Membership) -> int:
    made = Evidence.objects.create(
        organisation_id=registered(world, member), kind="public-liability-insurance", begins_on=now().date(),
        by=member.account,
    )  # fmt: skip
    return made.pk


@makes("/work/tenders/<int:pk>/", "/api/v1/tenders/<int:pk>")
def tender(world: World, member: Membership) -> int:
    return Tender.objects.create(council=member.council.slug, title=secrets.token_hex(4), service="home-care").pk


@makes("/work/prices/<int:pk>/")
def priced(world: World, member: Membership) -> int:
    """A price of a list that has not begun."""
    made = Price.objects.create(
        vehicle_id=listed(member).vehicle_id,
        service="nursing",
        pence=96_000,
        begins_on=now().date() + timedelta(days=9),
    )
    return made.pk


@makes("/work/members/<int:pk>/", "/api/v1/members/<int:pk>/")
def stands(world: World, member: Membership) -> int:
    return listed(member).pk


@makes("/work/returns/<int:pk>/", "/work/capacity/locations/<int:pk>/", "/api/v1/capacity/locations/<int:pk>/")
def works_from(world: World, member: Membership) -> int:
    """A location of the member's organisation; of another of the council's for who has none."""
    on_it = member.organisation or Organisation.objects.filter(council=member.council).order_by("pk")[0]
    place = OrganisationLocation.objects.create(organisation=on_it, name=secrets.token_hex(4))
    return Location.objects.create(place=place, kind="nursing-home", services=["nursing"]).pk


@makes("/work/rooms/<int:pk>/", "/api/v1/rooms/<int:pk>")
def room(world: World, member: Membership) -> int:
    """A place to live at a location of the member's organisation."""
    made = Room.objects.create(
        location_id=works_from(world, member), name="Room 1", part="general-nursing", begins_on=now().date(),
        told_by=member.account,
    )  # fmt: skip
    return made.pk


@makes("/work/returns/files/<int:pk>/")
def file_of_returns(world: World, member: Membership) -> int:
    on_it = member.organisation or Organisation.objects.filter(council=member.council).order_by("pk")[0]
    made = BroughtReturns.objects.create(
        organisation=on_it, by=canary_account(), name="returns.csv", checksum="0" * 64, lines=0, refused=1,
        rows="location_id\n1-1\n",
    )  # fmt: skip
    return made.pk


@makes("/api/v1/privacy/holds/<int:pk>")
def hold(world: World, member: Membership) -> int:
    """A duty to keep all that a council has."""
    return LegalHold.objects.create(council=member.council.slug, what="council", why="An inquiry").pk
