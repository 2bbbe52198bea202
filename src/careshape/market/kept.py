"""The regulator's files that are kept (``careshape data add``), as the market reads them."""

from __future__ import annotations

from dataclasses import dataclass

from careshape.evaluate.gap.register import day_of, kept_rows
from careshape.home import Home
from careshape.market.closures import Closures, closures
from careshape.market.files import RegulatorFile
from careshape.market.following import follow
from careshape.market.registrations import ACTIVE, ENDED, registrations


@dataclass(frozen=True)
class KeptClosures:
    """Closures of a council's area by calendar year, from the newest files that are kept, and where they come from."""

    years: tuple[Closures, ...]
    source: str


def kept_closures(home: Home, authority: str) -> KeptClosures | None:
    """Closures with homes followed; None where a directory and a file of de-activated locations are not both kept."""
    files = [kept_file(home, source, authority) for source in (ACTIVE, ENDED)]
    given = [one for one in files if one is not None]
    if len(given) < 2:
        return None
    source = " and ".join(f"{one.title} ({one.as_of:%B %Y})" for one in given)
    return KeptClosures(tuple(closures(follow(registrations(given)))), source)


def kept_file(home: Home, source: str, authority: str) -> RegulatorFile | None:
    """The rows of a council's area in the newest kept edition of a source; None where there is none."""
    kept = kept_rows(home, source, authority)
    if kept is None:
        return None
    loaded = kept.manifest.files
    rows = tuple({**row, "row": number} for number, row in enumerate(kept.rows(), start=1))
    return RegulatorFile(
        loaded[-1].name, source, kept.manifest.title, loaded[-1].layout, day_of(kept), "by its edition",
        any(one.untested for one in loaded), rows, (), (),
    )  # fmt: skip
