"""One pass over the bytes of a file: its checksum, whether it is text, and which physical line a record stands on."""

from __future__ import annotations

import codecs
import hashlib
import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

BLOCK: Final = 1 << 20
NEWLINE: Final = 10


@dataclass(frozen=True)
class Survey:
    """What the bytes of a file say."""

    checksum: str
    """SHA-256."""
    size: int
    newlines: int
    quoted: bool
    """Whether there is a double quotation mark; without any, every line is a record."""
    has_nul: bool
    bad_line: int | None
    """Line of the first byte that is not UTF-8; None where all are."""
    records_follow: bool
    """Whether anything but spaces follows the first line."""


def survey(path: Path, *, text: bool = True) -> Survey:
    """Read a file once, in blocks."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = newlines = 0
    quoted = has_nul = records_follow = False
    bad_line: int | None = None
    for block in _blocks(path):
        digest.update(block)
        size += len(block)
        if not text:
            continue
        if bad_line is None:
            bad_line = _bad_line(decoder, block, newlines)
        has_nul = has_nul or b"\0" in block
        if not records_follow:
            rest = block if newlines else block.partition(b"\n")[2]
            records_follow = bool(rest.strip())
        newlines += int(np.count_nonzero(np.frombuffer(block, np.uint8) == NEWLINE))
        quoted = quoted or b'"' in block
    return Survey(digest.hexdigest(), size, newlines, quoted, has_nul, bad_line, records_follow)


def _bad_line(decoder: codecs.IncrementalDecoder, block: bytes, newlines: int) -> int | None:
    pending = decoder.getstate()[0]
    if block.isascii() and not pending:
        return None
    try:
        decoder.decode(block)
    except UnicodeDecodeError as error:
        return newlines + 1 + (pending + block)[: error.start].count(b"\n")
    return None


def record_lines(path: Path, found: Survey, records: Sequence[int], skipped: Sequence[int]) -> dict[int, int]:
    """Physical line (counted from 1) on which each record of a CSV starts; record 0 is the first after the header.

    ``skipped`` holds the byte positions of rows that the CSV reader set aside, which have no record number. Blank lines
    are no records. A line break inside quotation marks belongs to its record, so line and record numbers drift apart.
    """
    if not records:
        return {}
    starts, lines = _starts(path)
    outside = ~np.isin(np.arange(len(starts)), _owners(starts, skipped))
    outside[0] = False  # the header
    kept = lines[outside]
    return {record: int(kept[record]) if record < len(kept) else record + 2 for record in records}


def starts_of_text(path: Path, positions: Sequence[int]) -> list[int]:
    """Each byte position moved past line breaks: the CSV reader places a row at the break or blank line before it."""
    if not positions:
        return []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = []
        for position in positions:
            while position < len(content) and content[position] in b"\r\n":
                position += 1
            found.append(position)
    return found


def lines_at(path: Path, positions: Sequence[int]) -> list[int]:
    """Physical line that each byte position stands on."""
    if not positions:
        return []
    ends = np.concatenate([np.zeros(0, np.int64), *(offset + _at(block, 10) for offset, block in _offsets(path))])
    return [int(np.searchsorted(ends, position, side="left")) + 1 for position in positions]


def other_line_end(path: Path) -> int | None:
    """The first line that ends otherwise than the first one, line breaks in quotation marks aside; None if none."""
    usual, line, inside = None, 1, False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for found in re.finditer(rb'"|\r\n|\n|\r', content):
            if found[0] == b'"':
                inside = not inside
                continue
            usual = usual or found[0]
            if found[0] != usual and not inside:
                return line
            line += 1
    return None


def _owners(starts: np.ndarray, positions: Sequence[int]) -> np.ndarray:
    """Index of the record that holds each byte position."""
    return np.searchsorted(starts, np.asarray(positions, np.int64), side="right") - 1


def _starts(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Byte position and physical line of the start of every record that is not blank, the header first."""
    starts, lines = [np.zeros(1, np.int64)], [np.ones(1, np.int64)]
    inside = 0
    line = 1
    size = path.stat().st_size
    for offset, block in _offsets(path):
        breaks, marks = _at(block, 10), _at(block, 34)
        open_marks = (np.searchsorted(marks, breaks) + inside) % 2
        ends = open_marks == 0
        starts.append(offset + breaks[ends] + 1)
        lines.append((line + 1 + np.arange(len(breaks)))[ends])
        inside = (inside + len(marks)) % 2
        line += len(breaks)
    start, number = np.concatenate(starts), np.concatenate(lines)
    length = np.diff(np.append(start, size))
    blank = length <= 2  # at most a carriage return and a line feed: no record of two or more columns is so short
    blank &= _all_blank(path, start, length)
    blank[0] = False
    return start[~blank], number[~blank]


def _all_blank(path: Path, start: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Whether a short stretch holds nothing but line ends; only stretches of up to two bytes are looked at."""
    result = np.zeros(len(start), bool)
    with path.open("rb") as file:
        for index in np.nonzero(length <= 2)[0]:
            file.seek(int(start[index]))
            result[index] = not file.read(int(length[index])).strip(b"\r\n")
    return result


def _at(block: bytes, byte: int) -> np.ndarray:
    return np.nonzero(np.frombuffer(block, np.uint8) == byte)[0].astype(np.int64)


def _offsets(path: Path) -> Iterator[tuple[int, bytes]]:
    offset = 0
    for block in _blocks(path):
        yield offset, block
        offset += len(block)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
