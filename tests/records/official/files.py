"""Small synthetic files laid out as official ones are: the numbers are made up and even."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

WORCESTERSHIRE = {f"E070002{number}": f"District {number}" for number in range(34, 40)}
THURROCK = {"E06000034": "Thurrock"}
YEARS = tuple(range(2018, 2044))
FEMALES, MALES = 100, 50
"""People of each single age in 2018; each year adds 2 females and 1 male to every age."""


def people(sex: str, year: int) -> int:
    """People of one single age (90 and over is one age here)."""
    return FEMALES + 2 * (year - 2018) if sex == "females" else MALES + year - 2018


def projection(
    path: Path, sex: str, areas: dict[str, str] | None = None, years: Sequence[int] = YEARS, extra: int = 0
) -> Path:
    """A projection as the Office for National Statistics lays it out, with the totals that readers leave out."""
    lines = [",".join(["AREA_CODE", "AREA_NAME", "COMPONENT", "SEX", "AGE_GROUP", *map(str, years)])]
    for code, name in (areas or WORCESTERSHIRE | THURROCK).items():
        for age in [*map(str, range(90)), "90 and over", "All ages"]:
            count = 91 if age == "All ages" else 1
            numbers = [f"{count * (people(sex, year) + extra)}.000" for year in years]
            lines.append(",".join([code, name, "Population", sex, age, *numbers]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def variants(path: Path, factors: dict[str, float]) -> Path:
    """Variants in their prepared layout: each a multiple of the principal projection."""
    lines = [",".join(["variant", "area_code", "area_name", "sex", "age", *map(str, YEARS)])]
    for variant, factor in factors.items():
        for code, name in (WORCESTERSHIRE | THURROCK).items():
            for short, sex in (("F", "females"), ("M", "males")):
                for age in range(91):
                    numbers = [f"{factor * people(sex, year):.3f}" for year in YEARS]
                    lines.append(",".join([variant, code, name, short, str(age), *numbers]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


RATE_TITLE = (
    "Table 51: Unit costs, average weighted standard hourly rate for the provision of home care by activity provision"
)
RATES = f"""Return to contents,,,,,,,,
"{RATE_TITLE}",,,,,,,,
,,,,,£ per hour,,,
Geography code,LA code,LA name,Region code ,Region name,2020-21,,2021-22,
,,,,,In House,External,In House,External
 ,,,E92000001,England,30.5,18.25,31,19
E10000034,416,Worcestershire,E12000005,West Midlands,0,18.4,[x],18.65
E06000034,826,Thurrock,E12000006,East of England,"1,020.50",£16.85,25,18.93
,,,,,,,,
[x] indicates data not submitted.,,,,,,,,
"""
"""The layout of table 51 of the ASC-FR data tables, with notes above and below."""


def prepared(path: Path, years: Sequence[int] = YEARS) -> Path:
    """Both sexes in one file, as estimates and projections are prepared alike: only their years tell them apart."""
    lines = [",".join(["area_code", "area_name", "sex", "age", *map(str, years)])]
    for code, name in (WORCESTERSHIRE | THURROCK).items():
        for short, sex in (("F", "females"), ("M", "males")):
            for age in range(91):
                lines.append(",".join([code, name, short, str(age), *(str(people(sex, year)) for year in years)]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
