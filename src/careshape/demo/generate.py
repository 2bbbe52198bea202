"""Build a synthetic council and write it out as the files that a council would have."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.resources import files
from pathlib import Path

from careshape.demo.cld import COLUMNS, cells, cld_rows, never_closed
from careshape.demo.days import last_months
from careshape.demo.faults import put_in
from careshape.demo.files import (
    DELIVERY_COLUMNS,
    PACKAGE_COLUMNS,
    Delivery,
    Line,
    delivery_rows,
    lines_of,
    package_rows,
    write_csv,
)
from careshape.demo.flows import Flows
from careshape.demo.targets import Targets
from careshape.demo.truth import truth_of
from careshape.demo.world import World
from careshape.errors import CallError
from careshape.records import Observations
from careshape.records import observations as packaged

COUNCILS = ("worcestershire", "thurrock")
SEED = 20210630

Build = Callable[[World], list[Delivery]]


@dataclass(frozen=True)
class Council:
    """A synthetic council in memory."""

    world: World
    lines: list[Line]
    deliveries: list[Delivery]


@dataclass(frozen=True)
class Files:
    """The files of a synthetic council, all of them synthetic.

    Attributes:
        packages: care package line items.
        deliveries: hours delivered, month by month.
        cld: Client Level Data, one file or several.
        truth: the true rates, what the history really holds, and every fault that was put in.
        readme: says that nothing here is real.
    """

    packages: Path
    deliveries: Path
    cld: list[Path]
    truth: Path
    readme: Path
    notes: list[str] = field(default_factory=list)


def generate(council: str, observations: Observations | None = None, seed: int = SEED) -> Council:
    """Build a synthetic council whose line items give the figures in ``observations`` back.

    Args:
        council: "worcestershire" or "thurrock".
        observations: the figures to meet; None for those that are packaged.
        seed: the same seed and figures give the same council.

    Raises:
        CallError: there is no such synthetic council, or a figure that it needs is missing.
    """
    if council not in COUNCILS:
        raise CallError(f"There is no synthetic council '{council}'. Choose one of {', '.join(COUNCILS)}.")
    build: Build = import_module(f"careshape.demo.councils.{council}").build
    world = World(Targets(packaged(council) if observations is None else observations), Flows(council), seed)
    deliveries = build(world)
    return Council(world, lines_of(world), deliveries)


def generate_council(
    council: str,
    folder: str | Path,
    seed: int = SEED,
    faults: bool = False,
    observations: Observations | None = None,
) -> Files:
    """Write the files of a synthetic council into ``folder``, which is made where it is missing.

    With ``faults`` the files carry a realistic rate of the faults that such files have; ``truth.json`` counts them.
    """
    made = generate(council, observations, seed)
    world = made.world
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    packages: Iterable[list[str]] = package_rows(world, made.lines)
    # A quarter is what is sent in; faults that cross 1 April show in a year's file only.
    events = cld_rows(world, made.lines, last_months(world.window, 12 if faults else 3), equipment=faults)
    counted: dict[str, dict[str, int]] = {}
    if faults:
        rng = world.rng("faults")
        named = [dict(zip(PACKAGE_COLUMNS, row, strict=True)) for row in packages]
        named, counted["packages"] = put_in(rng, named, "packages")
        packages = ([row[column] for column in PACKAGE_COLUMNS] for row in named)
        events, counted["cld"] = put_in(rng, events, "cld")
        counted["cld"]["equipment-never-closed"] = never_closed(events)
    truth = target / "truth.json"
    readme = target / "SYNTHETIC.md"
    found = Files(
        write_csv(target / "packages.csv", PACKAGE_COLUMNS, packages),
        write_csv(target / "deliveries.csv", DELIVERY_COLUMNS, delivery_rows(made.lines, made.deliveries)),
        [write_csv(target / "cld.csv", COLUMNS, cells(events))],
        truth,
        readme,
        world.notes,
    )
    truth.write_text(json.dumps(truth_of(world, made.lines, seed, counted), indent=1) + "\n", encoding="utf-8")
    readme.write_text(README.format(council=council.capitalize(), seed=seed), encoding="utf-8")
    return found


def young_people(council: str) -> str:
    """The synthetic register of young people with disabilities who come of age: counts, as ``coming-of-age.csv``."""
    return files("careshape.demo").joinpath("data", council, "coming-of-age.csv").read_text("utf-8")


README = """# Synthetic data: nobody in these files exists

The files in this folder are a synthetic council, made for demonstration from the figures that {council} published.
Every person, provider, home and price is invented (seed {seed}). They are not records of {council}'s council and say
nothing about any person or firm. `truth.json` holds the rates that the history was made with.
"""
