"""A small council for tests: twelve line items of synthetic people, and a statement of its own of three pages."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from tests.once import copy_of

HEADER = (
    "line_reference,person_id,birth_date,client_group,service,component,cost_centre,purchase_type,provider_reference,"
    "provider_name,provider_type,setting_reference,district,placement_area,start_date,end_date,unit,units_per_week,"
    "unit_price,weekly_cost\n"
)
LINE = (
    "L{n},P{n},1940-05-01,{group},{service},,,spot,W-{n:03d},Synthetic provider W-{n:03d},private,H{n},{district},"
    "in-county,{start},{end},week,1,{cost},{cost}\n"
)

STATEMENT = """
title = "Market position statement of a test"
subtitle = "What care there is in a test"
period = "2021-07/2023-03"

[slots]
owner = "Commissioning manager"
review = 2199-03-31

[slots.price]
owner = "Fees manager"
review = 2022-03-31

[slots.support]
review = 2022-06-30

[[statement]]
id = "main"
title = "The whole"
kind = "main"

[[statement]]
id = "older-people"
title = "Older people"
planned = "2022-04"
segments = ["care-homes"]
about = "What is to come for older people."

[[parts]]
title = "The place"
sections = ["population"]

[[parts]]
title = "Care"
sections = ["care-homes", "shared-lives"]
"""

POPULATION = """+++
id = "population"
title = "Population"
section = "2.1"
kind = "context"
+++

## More people

The county had {{ observation("W-PF-009") | number }} people, and may have {{ observation("W-PF-010") | number }}:
a change of {{ growth(observation("W-PF-009"), observation("W-PF-010")) | percent }}.

{{ chart("older-people") }}

Wychavon goes to {{ observation("table-01", district="Wychavon", period="2030") }} in {{ year("2030") }}. See
[another page](https://example.org/2021/x). Most live in {{ largest("table-01", by="district", period="2030") }}.
"""

CARE_HOMES = """+++
id = "care-homes"
title = "Care homes"
section = "6.6.2"
services = ["nursing", "residential"]
+++

## What is needed

On {{ date("2021-03-31") }} the council paid for {{ measure("care_home_people", period="2021-03-31") | words }}
people, at {{ measure("care_home_mean_weekly_cost", period="2021-03-31", service="nursing") }} for nursing.

{{ table("people-by-district") }}

## What there is

- {{ measure("bed_nights", period="2020/21") }} nights
- {{ difference(measure("bed_nights", period="2019/20"), measure("bed_nights", period="2020/21")) }} more than before

## What we intend

{{ intentions(section="6.6.2") }}

## How we will help the market

By {{ intention("W-CI-001") }} we will look again.
"""

SHARED_LIVES = """+++
id = "shared-lives"
title = "Shared Lives"
services = ["shared-lives"]
+++

## What is needed

{{ observation("W-PF-020") }}

## What there is

There is some.

## What we intend

More.

## How we will help the market

By talking.
"""

TABLES = """
[[table]]
id = "people-by-district"
title = 'People in care homes by district to {{ year("2020/21") }}'
measure = "care_home_people"
rows = "district"
columns = "period"
periods = ["2020-03-31", "2021-03-31"]
total = "rows"
chart = "bar"
note = 'Last day: {{ measure("care_home_people", period="2021-03-31") | words }}, as in {{ printed("table-17") }}.'

[[table]]
id = "older-people"
title = 'People aged {{ age("65+") }} by district in {{ year("2018") }} and later'
observation = "table-01"
rows = "district"
columns = "period"
total = "rows"
chart = "line"
"""

LINES = (
    # group, service, district, start, end, weekly cost: six in nursing care, four still there in March 2021
    ("older-people", "nursing", "bromsgrove", "2019-04-01", "2020-05-31", "800.00"),
    ("older-people", "nursing", "bromsgrove", "2019-04-01", "2020-06-30", "800.00"),
    ("older-people", "nursing", "wychavon", "2019-04-01", "", "900.00"),
    ("older-people", "nursing", "wychavon", "2019-04-01", "", "901.00"),
    ("older-people", "nursing", "redditch", "2020-04-01", "", "1000.00"),
    ("mental-health", "nursing", "redditch", "2020-04-01", "", "1000.50"),
    ("older-people", "residential", "wychavon", "2020-10-01", "", "700.00"),
    ("older-people", "home-care", "redditch", "2020-04-01", "", "150.00"),
)


def look_ahead_in(data: Path) -> None:
    """Work out what is to come for every council of a folder, as background work does before pages show it."""
    from careshape.statement.council import council_slugs, open_council
    from careshape.statement.outlook.work_out import look_ahead

    for slug in council_slugs(data):
        council = open_council(data, slug)
        assert council is not None
        look_ahead(council)


def make_sample_ahead(data: Path) -> Path:
    """Make the sample, in which what is to come is worked out."""
    set_key(data)
    return copy_of("sample-ahead", data, lambda folder: look_ahead_in(make_sample(folder)))


def set_key(data: Path) -> None:
    """Let pseudonyms have a key in a folder of tests, and not that of this machine's user."""
    os.environ.setdefault("CARESHAPE_KEY_FILE", str(data / "key"))


def make_sample(data: Path) -> Path:
    """Make the data directory: Worcestershire with text and lines, Thurrock with neither lines nor text of its own."""
    set_key(data)
    council = data / "councils" / "worcestershire"
    ledger = Ledger.create(council, "worcestershire", demonstration=True)
    lines = data / "lines.csv"
    rows = [
        LINE.format(n=n, group=group, service=service, district=district, start=start, end=end, cost=cost)
        for n, (group, service, district, start, end, cost) in enumerate(LINES)
    ]
    lines.write_text(HEADER + "".join(rows), encoding="utf-8")
    report = import_file(ledger, lines, reader="packages", recorded_at=datetime(2021, 6, 30, 9, tzinfo=UTC))
    assert report.accepted + report.repaired == len(LINES), report
    write_text(council / "statement")
    Ledger.create(data / "councils" / "thurrock", "thurrock", demonstration=True)
    return data


def write_text(folder: Path) -> Path:
    """Write the statement's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("statement.toml", STATEMENT),
        ("tables.toml", TABLES),
        ("01-population.md", POPULATION),
        ("02-care-homes.md", CARE_HOMES),
        ("03-shared-lives.md", SHARED_LIVES),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder
