"""Keeping official statistics: one folder an edition, with the rows and where they come from.

`D/statistics/<source>/<edition>/data.parquet` and `manifest.json`. An edition may come in several files (females,
males): their rows are put together. The same file twice changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from careshape.errors import CallError, InputError
from careshape.records.official.checking import EDITION, check_whole, edition_of, told_edition
from careshape.records.official.reading import join, read_long
from careshape.records.official.recognise import Match, recognise, unknown
from careshape.records.official.sheets import open_sheets
from careshape.records.official.source import Source, find_source, sources


class HasStatistics(Protocol):
    """Anything that knows where statistics are kept: careshape's `Home` does."""

    @property
    def statistics_path(self) -> Path:
        """The folder of all statistics."""
        ...


@dataclass(frozen=True)
class LoadedFile:
    """One file that an edition was loaded from."""

    name: str
    sha256: str
    layout: str
    rows: int
    added_at: str
    untested: bool = False


@dataclass(frozen=True)
class Manifest:
    """Where the rows of an edition come from, and on what terms they are used."""

    source: str
    edition: str
    title: str
    publisher: str
    licence: str
    attribution: str
    rows: int
    areas: int
    first: str
    last: str
    files: tuple[LoadedFile, ...]

    @property
    def added_at(self) -> datetime:
        """When the newest of its files was added."""
        return max(datetime.fromisoformat(one.added_at) for one in self.files)


@dataclass(frozen=True)
class Added:
    """What adding a file did to one edition: "added", "added to" (further rows) or "unchanged"."""

    manifest: Manifest
    outcome: str
    rows: int


def folder_of(home: HasStatistics | Path, source: str, edition: str = "") -> Path:
    """The folder of a source, or of one edition of it."""
    root = home if isinstance(home, Path) else home.statistics_path
    return root / source / edition if edition else root / source


def add_file(
    home: HasStatistics | Path, path: Path, edition: str | None = None, source: str | None = None, variant: str = ""
) -> list[Added]:
    """Recognise, check and keep a file of official statistics.

    Args:
        edition: which edition it must be, or is, where the file does not say so.
        source: which source it must be of. variant: which variant of a projection it holds ("principal" otherwise).

    Returns:
        what was done for each source that the file holds (a workbook may hold several).

    Raises:
        InputError: the file is of no known source, of another edition, cut off, or holds what cannot be.
        CallError: there is no such source, or the edition's name cannot be one.
    """
    if edition is not None and not EDITION.fullmatch(edition):
        raise CallError(f"'{edition}' is no name of an edition. Use letters, digits, dots and hyphens, as in 2020-21.")
    known = [find_source(source)] if source else list(sources().values())
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    sheets = list(open_sheets(path))
    found = [match for sheet in sheets for match in recognise(sheet, known)]
    if not found:
        raise unknown(sheets, known)
    done = []
    for name, table, matches in _by_edition(found, path.name, edition, variant):
        done.append(_keep(home, matches[0].source, name, table, _loaded(path.name, digest, matches, table)))
    return done


def _by_edition(
    found: list[Match], file: str, asked: str | None, variant: str
) -> Iterator[tuple[str, pa.Table, list[Match]]]:
    """The rows of each source in the file with their edition.

    What a sheet is, it says itself; what the caller says of edition and variant only labels it.
    """
    groups: dict[tuple[str, str], list[tuple[Match, pa.Table]]] = {}
    for candidates in _of_sheets(found):
        match, rows = _settle(candidates, file)
        table = _with_variant(match.source, rows, variant)
        name = edition_of(match.source, table, file, asked)
        groups.setdefault((match.source.id, name), []).append((match, _with_edition(match.source, table, name)))
    for (source, name), parts in groups.items():
        table = join([part for _, part in parts])
        check_whole(find_source(source), table, file)
        yield name, table, [match for match, _ in parts]


def _of_sheets(found: list[Match]) -> list[list[Match]]:
    """The layouts that each sheet fits."""
    sheets: dict[int, list[Match]] = {}
    for match in found:
        sheets.setdefault(id(match.sheet), []).append(match)
    return list(sheets.values())


def _settle(candidates: list[Match], file: str) -> tuple[Match, pa.Table]:
    """Of the layouts that a sheet fits, the first whose edition it tells; else the first that leaves that to be said.

    Raises InputError, that of the first, where none can be read or each tells an edition that was never published.
    """
    faults: list[InputError] = []
    silent: list[tuple[Match, pa.Table]] = []
    for match in candidates:
        try:
            rows = read_long(match)
            told = told_edition(match.source, rows, file)
        except InputError as fault:
            faults.append(fault)
            continue
        if told is not None:
            return match, rows
        silent.append((match, rows))
    if silent:
        return silent[0]
    raise faults[0]


def _with_variant(source: Source, table: pa.Table, variant: str) -> pa.Table:
    if variant and not source.variants:
        raise CallError(f"{source.id} has no variants. Leave out --variant.")
    if not variant:
        return table
    place = table.column_names.index("variant")
    return table.set_column(place, "variant", pa.repeat(pa.scalar(variant), table.num_rows))


def _with_edition(source: Source, table: pa.Table, edition: str) -> pa.Table:
    """Fill the column that the file leaves to its name."""
    column = source.edition.column
    if not column or column in table.column_names:
        return table
    kind = source.columns[column]
    value = int(edition[-4:]) if kind == "integer" else edition
    table = table.append_column(column, pa.repeat(pa.scalar(value), table.num_rows))
    return table.select([name for name in source.columns if name in table.column_names])


def _loaded(file: str, digest: str, matches: list[Match], table: pa.Table) -> LoadedFile:
    layout = matches[0].layout
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return LoadedFile(file, digest, layout.name, table.num_rows, now, layout.untested)


def _keep(home: HasStatistics | Path, source: Source, edition: str, table: pa.Table, file: LoadedFile) -> Added:
    folder = folder_of(home, source.id, edition)
    if not (folder / "manifest.json").is_file():
        return Added(_write(folder, source, edition, table, (file,)), "added", table.num_rows)
    manifest = read_manifest(folder)
    if any(one.sha256 == file.sha256 for one in manifest.files):
        return Added(manifest, "unchanged", 0)
    if not source.check.key:
        raise InputError(
            f"The edition {edition} of {source.id} is kept already, from {manifest.files[-1].name}. To replace it, "
            f"first `careshape data remove {source.id} {edition}`."
        )
    joined, new = _merge(source, pq.read_table(folder / "data.parquet"), table, edition, file.name)
    if not new and joined.num_rows == manifest.rows:
        return Added(manifest, "unchanged", 0)
    check_whole(source, joined, file.name)
    return Added(_write(folder, source, edition, joined, (*manifest.files, replace(file, rows=new))), "added to", new)


def _merge(source: Source, kept: pa.Table, table: pa.Table, edition: str, file: str) -> tuple[pa.Table, int]:
    """Rows kept and new ones together. Raises InputError where they give one figure differently."""
    key = list(source.check.key)
    both = kept.append_column("_", pa.repeat(True, kept.num_rows)).join(table, key, right_suffix=" new")
    for name in ("value", "marker") if source.figures else ():
        other = f"{name} new"
        differs = pc.and_kleene(pc.is_valid(both[other]), pc.not_equal(both[name], both[other]))
        rows = both.filter(pc.fill_null(differs, False))
        if rows.num_rows:
            row = rows.slice(0, 1).to_pylist()[0]
            raise InputError(
                f"{file} gives another figure than the edition {edition} of {source.id} that is kept: "
                f"{', '.join(f'{one} {row[one]}' for one in key)}: {row[other]} and not {row[name]} "
                f"({rows.num_rows} such). If it is a correction, first `careshape data remove {source.id} {edition}`."
            )
    fresh = table.join(kept.select(key), key, join_type="left anti").select(kept.column_names)
    return pa.concat_tables([kept, fresh.cast(kept.schema)]), fresh.num_rows


def _write(folder: Path, source: Source, edition: str, table: pa.Table, files: tuple[LoadedFile, ...]) -> Manifest:
    """Write rows, then manifest: an edition without a manifest is not there, and a row count that differs is mended."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / "data.parquet.part"
    pq.write_table(table, draft, compression="zstd")
    os.replace(draft, folder / "data.parquet")
    span = _span(source, table)
    areas = len(pc.unique(table["area_code"])) if "area_code" in table.column_names else 0
    manifest = Manifest(
        source.id,
        edition,
        source.title,
        source.publisher,
        source.licence,
        source.attribution,
        table.num_rows,
        areas,
        *span,
        files,
    )
    draft = folder / "manifest.json.part"
    draft.write_text(json.dumps(asdict(manifest), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(draft, folder / "manifest.json")
    return manifest


def _span(source: Source, table: pa.Table) -> tuple[str, str]:
    """First and last year, or the edition's day, of the rows."""
    column = "year" if "year" in table.column_names else source.edition.column
    if not column or column not in table.column_names:
        return "", ""
    found = pc.min_max(table[column]).as_py()
    return str(found["min"]), str(found["max"])


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an edition. Raises InputError where it cannot be read."""
    try:
        raw = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return Manifest(**{**raw, "files": tuple(LoadedFile(**one) for one in raw["files"])})
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise InputError(
            f"The manifest of '{folder}' cannot be read ({fault}). Remove the folder and add again."
        ) from None


def remove(home: HasStatistics | Path, source: str, edition: str) -> Manifest:
    """Remove an edition from the data folder. Raises CallError where it is not there."""
    folder = folder_of(home, source, edition)
    if not EDITION.fullmatch(edition) or not (folder / "manifest.json").is_file():
        raise CallError(f"No edition '{edition}' of {source} is kept. `careshape data list` shows what is.")
    manifest = read_manifest(folder)
    shutil.rmtree(folder)
    return manifest
