"""Everything that is wrong with a statement: its text, what it says of its figures, and what has moved since."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from careshape.cli.group import careshape
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.statement.proof import prove
from tests.statement.sample import HEADER, LINE, make_sample

PLACE = Path("councils") / "worcestershire"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, whose ledger learned of a move out of nursing care years after its first posting."""
    data = make_sample(tmp_path_factory.mktemp("base") / "d")
    later = data / "later.csv"
    line = LINE.format(
        n=3, group="older-people", service="nursing", district="wychavon", start="2019-04-01", end="2020-10-31",
        cost="900.00",
    )  # fmt: skip
    later.write_text(HEADER + line, encoding="utf-8")
    import_file(Ledger.open(data / PLACE), later, recorded_at=datetime(2027, 6, 1, tzinfo=UTC))
    return data


@pytest.fixture
def made(base: Path, tmp_path: Path) -> Path:
    """A copy of it, for a test to write faults into."""
    return Path(shutil.copytree(base, tmp_path / "d"))


def edit(data: Path, file: str, old: str, new: str) -> None:
    path = data / PLACE / "statement" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rules(data: Path) -> list[tuple[str, str]]:
    return [(fault.rule, fault.message) for fault in prove(data, "worcestershire").faults]


def test_a_sound_statement_has_no_fault(made):
    proof = prove(made, "worcestershire")
    assert [str(fault) for fault in proof.faults] == []
    assert (proof.computed, proof.compared) == (("worcestershire",), 0)


def test_a_figure_that_moved_since_its_words_were_agreed_is_told_with_both_values(made):
    edit(made, "02-care-homes.md", "services =", "slots.need.agreed = 2027-01-31\nservices =")
    found = rules(made)
    assert [rule for rule, _ in found] == ["moved figure"]
    assert "was five when this was agreed, as known on 31 January 2027, and is four now: it moved by 20%" in found[0][1]
    assert prove(made, "worcestershire").compared == 2


def test_a_statement_sets_by_how_much_a_figure_may_move(made):
    edit(made, "02-care-homes.md", "services =", "slots.need.agreed = 2027-01-31\nservices =")
    edit(made, "statement.toml", "[slots]", "[slots]\nmoved_percent = 20")
    assert rules(made) == []


def test_what_was_agreed_before_anything_was_recorded_is_not_compared(made):
    edit(made, "02-care-homes.md", "services =", "slots.need.agreed = 1999-01-31\nservices =")
    assert rules(made) == []


def test_a_planted_contradiction_and_a_dead_figure_are_found_in_text_and_note(made):
    growth = '{{ growth(measure("bed_nights", period="2019/20"), measure("bed_nights", period="2020/21")) }}'
    edit(made, "02-care-homes.md", "On {{", f"Nights fell by {growth}. On {{{{")
    edit(made, "02-care-homes.md", "On {{", 'Nothing: {{ measure("mean_weekly_cost", period="1990-01-01") }}. On {{')
    edit(made, "tables.toml", "'Last day: {{", f"'It saw a drop of {growth}. Last day: {{{{")
    found = rules(made)
    assert sorted(rule for rule, _ in found) == ["contradiction", "contradiction", "dead figure"]
    assert any("Table 'people-by-district', note: The text says 'drop'" in message for _, message in found)


def test_a_contradiction_between_text_and_table_is_found(made):
    edit(made, "02-care-homes.md", "On {{", "The fewest people in care homes live in Wychavon. On {{")
    ((rule, message),) = rules(made)
    assert rule == "contradiction"
    assert "it is Bromsgrove in " in message


def test_a_figure_of_a_day_that_is_still_to_come_is_no_figure(made):
    """It would be the count of whoever was open on the last day, as if nobody came or went for ten years."""
    edit(made, "02-care-homes.md", "On {{", 'Soon {{ measure("care_home_people", period="2031-06") }} people. On {{')
    edit(made, "02-care-homes.md", "On {{", '{{ largest("bed_nights", by="district", period="2030/31") }} leads. On {{')
    found = rules(made)
    assert [rule for rule, _ in found] == ["dead figure", "dead figure"]
    assert all("counted as going on to" in message for _, message in found)


def test_lint_prints_the_counts_that_others_read_and_ends_with_one_on_a_fault(made):
    edit(made, "01-population.md", "The county had", 'The county of 6 districts had {{ observation("W-PF-999") }} and')
    words = ["--dir", str(made), "statement", "lint", "--authority", "worcestershire", "--format", "json"]
    run = CliRunner().invoke(careshape, words, standalone_mode=False)
    counts = json.loads(run.stdout)
    assert run.return_value == 1, run.output
    assert (counts["typed_numbers"], counts["dead_figures"]) == (1, 1)
    assert counts["faults"][0]["file"] == "01-population.md"
    assert counts["faults"][0]["line"] == 10


def test_lint_of_the_text_alone_computes_nothing(made):
    assert prove(made, "worcestershire", figures=False).computed == ()
