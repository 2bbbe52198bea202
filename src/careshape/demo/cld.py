"""Client Level Data of a synthetic council: the national event file, with what it carries and no more.

Field names and order follow the specification as far as official processing shows them; values are Release 2 (or 1)
labels from the catalogue. Purchase types, cost centres, teams, components and districts are not in it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

from careshape.catalogue import catalogue
from careshape.demo.days import Span, iso
from careshape.demo.files import Line
from careshape.demo.model import Person
from careshape.demo.world import World
from careshape.paying.words import hundredths

COLUMNS = """
LA_Code Reporting_Period_Start_Date Reporting_Period_End_Date NHS_Number LA_Person_Unique_Identifier Gender Ethnicity
Date_of_Birth Date_of_Death Client_Type Postcode Accommodation_Status Employment_Status Has_Unpaid_Carer
Primary_Support_Reason Client_Funding_Status Event_Type Event_Start_Date Event_End_Date Event_Outcome Event_Reference
Event_Description Request_Route_of_Access Assessment_Type Method_of_Assessment Service_Type Service_Component
Delivery_Mechanism Provider_CQC_Location_ID Provider_CQC_Location_Name Review_Reason Method_of_Review
Review_Outcomes_Achieved Unit_Cost Cost_Frequency_Unit_Type Planned_Units_Per_Week
""".split()  # noqa: SIM905 - one word a field, as in the specification

MECHANISMS = {
    "direct-payment": "Direct payment",
    "managed-personal-budget": "CASSR managed personal budget",
    "commissioned": "CASSR commissioned support",
}
LEFT_OUT = ("assistive-technology",)
"""Services of which nothing goes into the file unless faults are asked for: alarms that no one ever closes."""
SETTLED = {
    "nursing": "Registered nursing home",
    "residential": "Registered care home",
    "supported-living": "Supported accommodation, lodgings or group home",
    "shared-lives": "Shared Lives scheme",
    "extra-care-housing": "Sheltered, extra care or other sheltered housing",
}

Row = dict[str, str]


def cld_rows(world: World, lines: Iterable[Line], period: Span, release: int = 2, equipment: bool = False) -> list[Row]:
    """The events of a reporting period: services that ran in it, and the requests, assessments and reviews around them.

    Args:
        period: the reporting period.
        release: of the specification, 1 or 2: which labels are written.
        equipment: whether technology is in the file.
    """
    rng = world.rng("cld", period.first)
    authority = catalogue().entry("authority", world.authority)
    head = {
        "LA_Code": str(getattr(authority, "ons_code", "") or ""),
        "Reporting_Period_Start_Date": iso(period.first),
        "Reporting_Period_End_Date": iso(period.last),
    }
    label = _labels(release)
    rows = []
    for line in lines:
        person = line.spell.person
        if person is None or line.start > period.last or (line.end is not None and line.end < period.first):
            continue
        if line.spell.service in LEFT_OUT and not equipment:
            continue
        pair = _pair(line.spell.service, label)
        if pair is None:
            continue
        who = head | _person(world, person, line, label)
        rows.append(who | _service(line, pair, period, label))
        if line.step is line.spell.steps[0]:
            rows += [who | other for other in _around(rng, line, period)]
    return rows


def cells(rows: Iterable[Row]) -> Iterator[list[str]]:
    """Rows as cells in the order of the columns."""
    for row in rows:
        yield [row.get(column, "") for column in COLUMNS]


def never_closed(rows: Iterable[Row]) -> int:
    """Rows of equipment that was given before the reporting period and has no end."""
    return sum(
        row.get("Service_Component") == "Equipment"
        and not row["Event_End_Date"]
        and row["Event_Start_Date"] < row["Reporting_Period_Start_Date"]
        for row in rows
    )


def _labels(release: int) -> dict[tuple[str, str], str]:
    """(list, id) -> the label that the release gives it."""
    found = {}
    for name in (
        "cld_service_type",
        "cld_component",
        "support_reason",
        "client_type",
        "event_type",
        "frequency",
        "gender",
    ):
        for entry in catalogue().list(name).entries:
            text: Any = getattr(entry, f"release_{release}", "") or entry.label
            found[name, entry.id] = str(text)
    return found


def _pair(service: str, label: dict[tuple[str, str], str]) -> tuple[str, str] | None:
    """Service type and component that stand for a service; None where the data set has nothing for it."""
    matches = getattr(catalogue().entry("service", service), "cld", ())
    if not matches:
        return None
    return label["cld_service_type", matches[0].service_type], label["cld_component", matches[0].component]


def _person(world: World, person: Person, line: Line, label: dict[tuple[str, str], str]) -> Row:
    carer = person.group == "unpaid-carers"
    spell = line.spell
    return {
        "LA_Person_Unique_Identifier": f"SYN-{world.prefix}-{person.number:06}",
        "Gender": label["gender", person.gender],
        "Ethnicity": "No data: Undeclared or not known",
        "Date_of_Birth": iso(person.birth),
        "Date_of_Death": iso(person.death),
        "Client_Type": label["client_type", "unpaid-carer" if carer else "service-user"],
        "Postcode": spell.postcode,
        "Accommodation_Status": "Unknown" if carer else SETTLED.get(spell.service, "Unknown"),
        "Has_Unpaid_Carer": "Yes" if spell.service == "replacement-care" else "Unknown",
        "Primary_Support_Reason": label["support_reason", person.reason],
        "Client_Funding_Status": "Unknown",
    }


def _service(line: Line, pair: tuple[str, str], period: Span, label: dict[tuple[str, str], str]) -> Row:
    spell, step = line.spell, line.step
    # By the hour where price and hours make the cost to the penny; by the week otherwise.
    by_hour = spell.unit == "hour" and ((step.price or 0) * step.quantity + 50) // 100 == step.weekly
    end = line.end if line.end is not None and line.end <= period.last else None
    dead = end is not None and spell.person is not None and spell.person.death == end
    last = step is spell.steps[-1]
    return {
        "Event_Type": label["event_type", "service"],
        "Event_Start_Date": iso(line.start),
        "Event_End_Date": iso(end),
        "Event_Outcome": "NFA: Deceased" if dead else _outcome(end is not None and last),
        "Event_Reference": line.reference,
        "Service_Type": pair[0],
        "Service_Component": pair[1],
        "Delivery_Mechanism": MECHANISMS[spell.mechanism],
        "Provider_CQC_Location_ID": spell.provider.reference if spell.provider else "",
        "Provider_CQC_Location_Name": spell.provider.name if spell.provider else "",
        "Unit_Cost": hundredths(step.price or 0) if by_hour else hundredths(step.weekly),
        "Cost_Frequency_Unit_Type": label["frequency", "hourly" if by_hour else "weekly"],
        "Planned_Units_Per_Week": hundredths(step.quantity) if by_hour else "",
    }


def _outcome(ended: bool) -> str:
    return "NFA: Support ended as planned" if ended else "Continuation of support or services"


def _around(rng: random.Random, line: Line, period: Span) -> list[Row]:
    """A request and an assessment before a service begins, and a review while it runs."""
    found = []
    asked = line.start - rng.randint(5, 35)
    if period.first <= asked:
        request = _event("Request", asked, asked, "Progress to assessment, review or reassessment", line, "R")
        found.append(request | {"Request_Route_of_Access": "Community/other route"})
        assessed = rng.randint(asked, line.start)
        assessment = _event("Assessment", assessed, assessed, "Progress to support planning or services", line, "A")
        found.append(assessment | {"Assessment_Type": "Long term assessment"})
    day = rng.randint(period.first, period.last)
    if line.start + 42 < day and (line.end is None or day < line.end):
        review = _event("Review", day, day, "Continuation of support or services", line, "V")
        found.append(review | {"Review_Reason": "Planned review of long term support"})
    return found


def _event(kind: str, start: int, end: int, outcome: str, line: Line, letter: str) -> Row:
    return {
        "Event_Type": kind,
        "Event_Start_Date": iso(start),
        "Event_End_Date": iso(end),
        "Event_Outcome": outcome,
        "Event_Reference": f"{line.reference}-{letter}",
    }
