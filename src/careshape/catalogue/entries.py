"""What one entry of each catalogue list may hold: the schema that every data file is checked against at load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
SystemId = Annotated[str, StringConstraints(pattern=r"^S-\d{3}$")]
OnsCode = Annotated[str, StringConstraints(pattern=r"^[EWSN]\d{8}$")]
PostcodeDistrict = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}\d[A-Z\d]?$")]
Code = Annotated[int, Field(ge=0, le=32_767, strict=True)]
Text = Annotated[str, StringConstraints(min_length=1)]

UNKNOWN: Final = "unknown"
"""Id of the entry with code 0, in every list: the source did not say. It is shown, never dropped."""
NOT_APPLICABLE: Final = "not-applicable"
"""Id used for places where the question has no answer, such as the district of a home outside the council's area."""


@dataclass(frozen=True)
class Ref:
    """Marks a field whose value, or each of whose values, is the id of an entry of another list."""

    list: str


class Model(BaseModel):
    """A part of a data file: nothing beyond the declared fields, and nothing changed after load."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(Model):
    """One thing that the catalogue knows, by a readable id and by a whole number that never changes."""

    id: Slug
    code: Code
    """Permanent: the ledger stores it. It is never given to anything else, not even after the entry has ended."""
    label: Text
    description: str = ""
    aliases: tuple[Text, ...] = ()
    """Other names under which files and published tables give this entry."""
    source: str = ""
    """Where the entry comes from: a section of a published statement, a national specification, or ``invented``."""
    valid_from: date | None = None
    """First day on which the entry holds; unset where it always has."""
    valid_to: date | None = None
    """Last day on which the entry holds; unset while it still does."""

    @model_validator(mode="after")
    def _unknown_is_zero(self) -> Entry:
        if (self.code == 0) != (self.id == UNKNOWN):
            raise ValueError(f"Code 0 belongs to the entry '{UNKNOWN}', and to no other.")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from.")
        return self

    def valid_on(self, day: date) -> bool:
        """Whether the entry holds on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Released(Entry):
    """An entry with a name in both releases of the Client Level Data specification."""

    release_1: str = ""
    """Value in Client Level Data, Release 1; empty where the specification has none."""
    release_2: str = ""
    """Value in Client Level Data, Release 2."""


class ClientGroup(Entry):
    """A group of people by their main reason for needing care."""


class Cohort(Entry):
    """A set of people that plans and published tables name, and that is no union of client groups."""

    client_groups: Annotated[tuple[Slug, ...], Ref("client_group")]
    """Client groups that the people of the cohort are in; most people of these groups are not of the cohort."""


class SupportReason(Released):
    """A primary support reason, as in Client Level Data."""

    client_group: Annotated[Slug, Ref("client_group")]
    """Client group that the reason leads to, for people under the age below, or of any age where none is set."""
    client_group_older: Annotated[Slug | None, Ref("client_group")] = None
    """Client group for people of ``older_from`` and over."""
    older_from: Annotated[int, Field(ge=18, le=120)] | None = None

    @model_validator(mode="after")
    def _age_rule_is_whole(self) -> SupportReason:
        if (self.client_group_older is None) != (self.older_from is None):
            raise ValueError("client_group_older and older_from are set together or not at all.")
        return self


class CldServiceType(Released):
    """A value of Service_Type in Client Level Data."""

    service: Annotated[Slug | None, Ref("service")] = None
    """Service that the type means whatever component stands beside it; unset where the component decides."""


class CldComponent(Released):
    """A value of Service_Component in Client Level Data."""

    service: Annotated[Slug, Ref("service")]
    """Service that the component means beside a type that no service of the catalogue states for it."""


class CldMatch(Model):
    """A pair of Client Level Data values that stands for a service."""

    service_type: Annotated[Slug, Ref("cld_service_type")]
    component: Annotated[Slug, Ref("cld_component")]
    reads: bool = True
    """Whether a file's row with this pair is read as the service; False where the pair names another one first."""


class Service(Entry):
    """A kind of care or support that is arranged for people."""

    settings: Annotated[tuple[Slug, ...], Ref("care_setting")] = ()
    """Where the care is given."""
    unit: Annotated[Slug, Ref("unit")]
    """Usual unit of quantity."""
    counts_nights: bool = False
    """Whether a stay is counted in nights: the person sleeps where the service is given; the day out does not count."""
    client_groups: Annotated[tuple[Slug, ...], Ref("client_group")] = ()
    """Client groups it is mainly for; empty where it is open to all."""
    cld: tuple[CldMatch, ...] = ()
    """Equivalents in Client Level Data; the first one is written to files."""
    systems: tuple[SystemId, ...] = ()
    """Systems of the map of what is promised (``docs/systems.csv``) that this service is part of."""


class Component(Entry):
    """A part of a service that is bought or counted by itself."""

    services: Annotated[tuple[Slug, ...], Ref("service")]


class Topic(Entry):
    """What a plan or a figure is about where that is no single service."""

    services: Annotated[tuple[Slug, ...], Ref("service")] = ()
    """Services that the topic is part of, or is about."""
    components: Annotated[tuple[Slug, ...], Ref("component")] = ()
    """Components of these services that it means; empty where it means all of them."""


class CostCentre(Entry):
    """A cost centre category: the budget that pays, which need not be the client group of the person."""

    client_groups: Annotated[tuple[Slug, ...], Ref("client_group")] = ()


class PurchaseType(Entry):
    """How a service was bought."""

    in_house: bool = False


class ProviderType(Entry):
    """What kind of organisation or person gives the care."""


class Conversion(Model):
    """So many of another unit are one of this: ``amount / per`` of ``to``."""

    to: Annotated[Slug, Ref("unit")]
    amount: Annotated[int, Field(ge=1, strict=True)]
    per: Annotated[int, Field(ge=1, strict=True)] = 1
    basis: Text
    """Why it is so: by definition, or by whose convention."""


class Unit(Entry):
    """A unit in which care is counted."""

    plural: Text
    kind: Literal["time", "stay", "event", "thing", "distance", "none"]
    conversions: tuple[Conversion, ...] = ()
    minutes_needed: bool = False
    """Whether one unit lasts as long as its package says, so that a conversion to time needs its minutes."""


class Frequency(Released):
    """How often a unit cost of Client Level Data falls due."""

    unit: Annotated[Slug | None, Ref("unit")] = None
    weeks: Literal["stated", "planned_units", "once", "none"]
    """How units a week come about: from the frequency itself, from the planned units, or not at all."""


Region = Literal[
    "north-east", "north-west", "yorkshire-and-the-humber", "east-midlands", "west-midlands", "east-of-england",
    "london", "south-east", "south-west",
]  # fmt: skip
"""The nine regions of England."""


class Authority(Entry):
    """A council with responsibility for adult social care."""

    ons_code: OnsCode | None = None
    kind: Literal["county", "unitary", "metropolitan", "london-borough", "none"] = "none"
    region: Region | None = None
    """The English region that it lies in."""


class District(Entry):
    """A lower-tier district, or the whole of a unitary authority."""

    authority: Annotated[Slug | None, Ref("authority")] = None
    ons_code: OnsCode | None = None


class Place(Entry):
    """A council's own subdivision of its area for one purpose."""

    authority: Annotated[Slug | None, Ref("authority")] = None
    districts: Annotated[tuple[Slug, ...], Ref("district")] = ()
    boundary: Literal["published", "named", "invented", "none"] = "none"
    """``named``: the towns are published but not the line between them. ``invented``: made up here, and labelled so."""


class Zone(Place):
    """A home care zone."""

    rate_zone: Annotated[Slug | None, Ref("rate_zone")] = None
    locality: Annotated[Slug | None, Ref("locality")] = None
    postcode_districts: tuple[PostcodeDistrict, ...] = ()
    """Outward postcodes that make up the zone; a postcode district is in one zone at most."""


class Team(Place):
    """A social work team."""

    area: Literal["north", "south", "none"] = "none"


class Town(Entry):
    """A town or large village, for looking up what it is part of."""

    district: Annotated[Slug, Ref("district")]
    zone: Annotated[Slug, Ref("zone")]
    rate_zone: Annotated[Slug, Ref("rate_zone")] = UNKNOWN
    locality: Annotated[Slug, Ref("locality")] = UNKNOWN


class FigureUnit(Entry):
    """The unit of a published figure."""

    form: Literal["number", "money", "percent"]
    """How a value is written."""


SCHEMAS: Final[dict[str, type[Entry]]] = {
    "authority": Authority,
    "district": District,
    "rate_zone": Place,
    "locality": Place,
    "zone": Zone,
    "team": Team,
    "town": Town,
    "placement_area": Entry,
    "gender": Released,
    "client_group": ClientGroup,
    "cohort": Cohort,
    "support_reason": SupportReason,
    "care_setting": Entry,
    "unit": Unit,
    "figure_unit": FigureUnit,
    "frequency": Frequency,
    "event_type": Released,
    "client_type": Released,
    "cld_service_type": CldServiceType,
    "cld_component": CldComponent,
    "service": Service,
    "component": Component,
    "topic": Topic,
    "cost_centre": CostCentre,
    "purchase_type": PurchaseType,
    "delivery_mechanism": Released,
    "booking_type": Entry,
    "provider_type": ProviderType,
    "provision_type": Entry,
    "cqc_rating": Entry,
    "independence_outcome": Entry,
    "unmet": Entry,
}
"""Every list of the catalogue, with the schema of its entries; the data file of a list bears its name."""

SMALL_LISTS: Final = frozenset({"gender"})
"""Lists whose codes the ledger keeps in one byte: codes up to 127."""
