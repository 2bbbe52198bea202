"""The packaged collections: complete, typed, without names of people and without sentences of the documents."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from careshape.design import decided
from careshape.records import actions, authorities, dataset, intentions, lost_figures, observations
from careshape.records.descriptor import DATA

SHARED = Path(__file__).parents[2].parent / "shared"
SEEDS = {"worcestershire": "000_a6ecfc05098d5ad0.txt", "thurrock": "002_1427089d4069f884.txt"}
with_shared = [
    pytest.mark.data,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the folder `shared` is not beside the checkout"),
]
LONGEST_RUN = 11
"""Words in a row that headings, names of groups and the wording of a figure may share with a document."""


def test_every_file_is_described_and_every_description_has_its_file():
    for authority in authorities():
        files = {entry.file for entry in dataset(authority).tables.values()}
        assert files == {path.name for path in (DATA / authority).iterdir() if path.name.endswith(".csv")}


def test_every_observation_has_source_unit_kind_and_period_or_says_why_not():
    for row in observations():
        assert row.source
        assert row.unit
        assert row.kind
        assert row.measure
        assert row.dims


def test_words_load_typed_and_complete():
    assert (len(intentions("worcestershire")), len(intentions("thurrock"))) == (139, 69)
    assert (len(actions("worcestershire")), len(actions("thurrock"))) == (0, 174)
    assert len(decided("thurrock").views) == 17
    assert (len(lost_figures("worcestershire")), len(lost_figures("thurrock"))) == (20, 21)
    with_target = [row for row in intentions("worcestershire") if row.target_value is not None]
    assert with_target
    assert all(row.target_measure for row in with_target)
    assert {action.number for action in actions("thurrock") if action.part == "segment"} == set(range(1, 13))
    assert {action.number for action in actions("thurrock") if action.part == "driver"} == set(range(1, 12))


@pytest.mark.parametrize("authority", sorted(SEEDS))
class TestAgainstTheDocuments:
    pytestmark = with_shared

    def test_every_published_figure_is_carried_with_its_value(self, authority):
        ours = observations(authority)
        for path in sorted((SHARED / "published" / authority).glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            if "value" not in rows[0]:
                continue
            name = next(entry.name for entry in dataset(authority).tables.values() if entry.file == path.name)
            mine = ours.find(table=name)
            assert [(str(row.value), row.unit, row.source_line) for row in mine] == [
                (row["value"], row["unit"], int(row["source_line"])) for row in rows
            ]

    def test_no_sentence_of_the_document_is_carried(self, authority):
        document = words((SHARED / "seeds" / SEEDS[authority]).read_text(encoding="utf-8"))
        runs = {tuple(document[at : at + LONGEST_RUN]) for at in range(len(document) - LONGEST_RUN + 1)}
        files = [entry.file for entry in dataset(authority).tables.values()]
        files += [f"design/{path.name}" for path in (DATA / authority / "design").iterdir()]
        for file in files:
            for number, line in enumerate((DATA / authority / file).read_text(encoding="utf-8").splitlines()):
                for cell in next(csv.reader([line])):
                    own = words(cell)
                    copied = [
                        at for at in range(len(own) - LONGEST_RUN + 1) if tuple(own[at : at + LONGEST_RUN]) in runs
                    ]
                    assert not copied, f"{file}:{number}: {cell}"


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())
