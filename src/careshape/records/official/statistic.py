"""Reading the statistics that were kept."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from careshape.errors import CallError
from careshape.records.official.keeping import HasStatistics, Manifest, folder_of, read_manifest
from careshape.records.official.source import find_source, sources


@dataclass(frozen=True)
class Statistic:
    """An edition of an official source: its rows, and where they come from."""

    manifest: Manifest
    table: pa.Table

    @property
    def source(self) -> str:
        """Id of the source."""
        return self.manifest.source

    @property
    def edition(self) -> str:
        """Name of the edition."""
        return self.manifest.edition

    @property
    def caveats(self) -> tuple[str, ...]:
        """What a reader of any of its figures should know."""
        return find_source(self.source).caveats

    def where(self, **wanted: Any) -> Statistic:
        """Only the rows whose columns have a value, or one of several. Raises CallError for an unknown column."""
        table = self.table
        for name, value in wanted.items():
            if name not in table.column_names:
                near = difflib.get_close_matches(name, table.column_names, n=1)
                hint = f" Did you mean {near[0]}?" if near else ""
                raise CallError(f"{self.source} has no column '{name}'.{hint} It has {', '.join(table.column_names)}.")
            table = table.filter(pc.is_in(table[name], pa.array(_several(value), table.schema.field(name).type)))
        return Statistic(self.manifest, table)

    def rows(self, **wanted: Any) -> list[dict[str, Any]]:
        """The rows as dictionaries, narrowed as `where` does. A figure that was kept back has the value None."""
        found: list[dict[str, Any]] = self.where(**wanted).table.to_pylist()
        return found


def manifests(home: HasStatistics | Path) -> list[Manifest]:
    """What is kept: every edition, by source, the newest edition of each first."""
    return [
        read_manifest(folder_of(home, source, edition)) for source in sources() for edition in editions(home, source)
    ]


def editions(home: HasStatistics | Path, source: str) -> list[str]:
    """The editions of a source that are kept, the newest first. Raises CallError for an unknown source."""
    find_source(source)
    found = [path.parent.name for path in folder_of(home, source).glob("*/manifest.json")]
    return sorted(found, key=_natural, reverse=True)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|\D+", name)]


def statistic(home: HasStatistics | Path, source: str, edition: str | None = None, **wanted: Any) -> Statistic:
    """The rows of an official source that were kept.

    Args:
        home: the data folder's `Home`, or the path of its statistics folder.
        source: id of the source, such as "asc-fr-t52"; edition: None for the newest that is kept.
        wanted: column = value or list of values: only those rows are read.

    Raises:
        CallError: no such source, edition or column is there; the message says what is.
    """
    kept = editions(home, source)
    if not kept:
        raise CallError(
            f"No edition of {source} ({find_source(source).title}) is kept. Download it from its publisher, "
            f"{find_source(source).publisher}, and `careshape data add FILE`."
        )
    if edition is not None and edition not in kept:
        raise CallError(f"The edition '{edition}' of {source} is not kept. Kept: {', '.join(kept)}.")
    folder = folder_of(home, source, edition or kept[0])
    names = pq.read_schema(folder / "data.parquet").names
    known = {name: value for name, value in wanted.items() if name in names}
    filters = [(name, "in", _several(value)) for name, value in known.items()] or None
    found = Statistic(read_manifest(folder), pq.read_table(folder / "data.parquet", filters=filters))
    return found.where(**wanted)


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]
