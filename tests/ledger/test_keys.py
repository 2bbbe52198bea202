"""A person can be forgotten: once their key is destroyed, no file posted later and no copy of the keys finds them."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from careshape.errors import CallError, InputError
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.ledger.pseudonym import people_folder, pseudonym
from tests.ledger.numbers import line_number, person_number
from tests.ledger.writing import delivery, event, package

PERSON, OTHER = "PERSON-SYNTHETIC-4711", "PERSON-SYNTHETIC-4712"


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A council that is no demonstration, with keys of its own outside the data folder."""
    monkeypatch.setenv("CARESHAPE_KEY_FILE", str(tmp_path / "keys" / "pseudonym.key"))
    return Ledger.create(tmp_path / "data" / "councils" / "worcestershire", "worcestershire")


def rows(ledger: Ledger) -> list[tuple[int, int]]:
    """Person and line of each row."""
    return duckdb.sql(f"SELECT person, line FROM {ledger.table.relation()} ORDER BY posting, line, sign").fetchall()


def test_numbers_follow_from_nothing_that_stays(real: Ledger, write) -> None:
    import_file(real, write("p.csv", [package("L-1", person_id=PERSON), package("L-2", person_id=PERSON)]))
    (first, second) = rows(real)
    assert first[0] == second[0] == real.person(f" {PERSON.lower()} ")
    assert first[1] != second[1]
    assert real.person("NOBODY") is None
    key = real.key()
    assert first[0] not in (person_number(key, "worcestershire", PERSON), pseudonym(key, "worcestershire", PERSON))
    assert line_number(key, "worcestershire", "L-1") not in {line for _, line in rows(real)}
    for file in people_folder("worcestershire").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file


def test_later_files_meet_the_people_and_lines_of_earlier_ones(real: Ledger, write, standing) -> None:
    import_file(real, write("p.csv", [package("L-1", person_id=PERSON)]))
    import_file(real, write("q.csv", [package("L-1", person_id=PERSON, weekly_cost="1.00"), package("L-2")]))
    import_file(real, write("d.csv", [delivery("L-1"), delivery("L-9")]))
    import_file(real, write("c.csv", [event("L-1") | {"LA_Person_Unique_Identifier": PERSON}]))
    mine = [row for row in standing(real) if row["person"] == real.person(PERSON)]
    assert len({row["line"] for row in mine}) == 1
    assert {row["record"] for row in mine} >= {1, 2}
    assert real.postings()[2].counts["refused"] == 1, "a delivery of a line that nobody knows"


def test_forgotten_person_is_met_by_no_later_file(real: Ledger, write) -> None:
    both = [package("L-1", person_id=PERSON), package("L-2", person_id=OTHER)]
    import_file(real, write("p.csv", both))
    mine, other = real.person(PERSON), real.person(OTHER)
    (line,) = [line for person, line in rows(real) if person == mine]
    before = rows(real)
    keys = people_folder("worcestershire")
    shutil.copytree(keys, keys.parent / "copy")
    assert real.forget(mine) == 2, "the key of the person and that of the line"
    assert rows(real) == before, "the rows stay, as care of nobody"
    assert (real.person(PERSON), real.person(OTHER)) == (None, other)
    stored = b"".join(file.read_bytes() for file in keys.iterdir())
    assert mine.to_bytes(8, "little") not in stored
    assert line.to_bytes(8, "little") not in stored
    assert other.to_bytes(8, "little") in stored, "the rig finds what is there"
    # The very file again under another name, and a delivery: they meet somebody new, or nobody.
    again = [package("L-1", person_id=PERSON, weekly_cost="2.00"), package("L-2", person_id=OTHER)]
    assert import_file(real, write("q.csv", again)).unchanged == 1
    assert real.person(PERSON) not in (None, mine)
    assert [one for one in rows(real) if one not in before and one[0] == mine] == []
    # An older copy of the keys does not bring the old number back.
    shutil.rmtree(keys)
    (keys.parent / "copy").rename(keys)
    assert real.person(PERSON) is None
    assert import_file(real, write("r.csv", [package("L-1", person_id=PERSON)])).unchanged == 0
    assert {person for person, one in rows(real) if one == line} == {mine}


def test_line_that_was_corrected_to_somebody_else_stays_theirs(real: Ledger, write, standing) -> None:
    import_file(real, write("p.csv", [package("L-1", person_id=PERSON)]))
    import_file(real, write("q.csv", [package("L-1", person_id=OTHER)]))
    assert real.forget(real.person(PERSON)) == 1, "the key of the person alone"
    import_file(real, write("r.csv", [package("L-1", person_id=OTHER, weekly_cost="2.00")]))
    assert [row["person"] for row in standing(real)] == [real.person(OTHER)], "their care counts once"


def test_control_without_destruction_the_same_file_meets_the_person(real: Ledger, write) -> None:
    import_file(real, write("p.csv", [package("L-1", person_id=PERSON)]))
    import_file(real, write("q.csv", [package("L-1", person_id=PERSON, weekly_cost="2.00")]))
    assert len(set(rows(real))) == 1


def test_demonstration_and_ledgers_of_before_keep_numbers_that_cannot_be_destroyed(real: Ledger, write) -> None:
    import_file(real, write("p.csv", [package("L-1", person_id=PERSON)]))
    mark = real.path / "key.fingerprint"
    mark.write_text(mark.read_text("ascii").split()[0] + "\n", "ascii")  # as an earlier version left it
    import_file(real, write("q.csv", [package("L-2", person_id=PERSON)]))
    wanted = person_number(real.key(), "worcestershire", PERSON)
    assert rows(real)[-1] == (wanted, line_number(real.key(), "worcestershire", "L-2"))
    with pytest.raises(CallError, match="before people had keys"):
        real.forget(wanted)
    with pytest.raises(CallError, match="synthetic people"):
        Ledger.create(real.path.parent / "thurrock", "thurrock", demonstration=True).forget(1)


def test_lost_keys_are_refused_instead_of_doubling_people(real: Ledger, write) -> None:
    import_file(real, write("p.csv", [package("L-1", person_id=PERSON)]))
    folder = people_folder("worcestershire")
    shutil.move(folder, folder.parent / "away")
    with pytest.raises(InputError, match="people are missing"):
        import_file(real, write("q.csv", [package("L-2")]))
    shutil.move(folder.parent / "away", folder)
    assert import_file(real, write("q.csv", [package("L-2")])).accepted == 1


def test_dry_run_draws_no_lasting_number(real: Ledger, write) -> None:
    import_file(real, write("p.csv", [package("L-1", person_id=PERSON)]), dry_run=True)
    assert not people_folder("worcestershire").exists()


def test_ledger_has_no_column_for_a_birth_date_or_a_full_postcode() -> None:
    from careshape.ledger.columns import COLUMNS

    meanings = {column.name: column.meaning for column in COLUMNS}
    assert not {"birth_date", "birth_day", "date_of_birth", "postcode", "name", "nhs_number"} & set(meanings)
    assert "no day of birth" in meanings["birth_month"]
    assert "never the whole" in meanings["postcode_district"]
