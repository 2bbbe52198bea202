"""From SQLite to PostgreSQL and back: every row, every guard, and where each table goes on counting."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests import postgres
from tests.installation import Installation, new_database
from tests.site.filling import FILL, GUARDED, NEXT_TEAM, VERIFY
from tests.tables import sqlite_tables

TABLES = "from django.db import connection; import json; print(json.dumps(connection.introspection.table_names()))"
pytestmark = pytest.mark.postgres


@pytest.fixture
def place(tmp_path: Path, zygote) -> Installation:
    """An installation on SQLite."""
    return Installation(sqlite_tables(tmp_path / "data"), "", zygote)


MOVE = """
import json, sys
from careshape.site.move import move
print(json.dumps([vars(one) for one in move(sys.argv[1])]))
"""
CHECK = """
import json
from careshape.site.move import contents
print(json.dumps({one.table: one.sha256 for one in contents()}))
"""


def moved(place: Installation, url: str) -> list[dict]:
    return json.loads(place.python(MOVE, url))


def refusal(place: Installation, url: str) -> str:
    """Why a move is refused."""
    run = place.start(MOVE, url)
    assert run.wait() == 1
    return run.err.read_text().splitlines()[-1]


def test_database_moves_there_and_back_with_every_row(place, postgres_address, promise):
    gone = int(place.python(FILL))
    with new_database(postgres_address) as url:
        there = moved(place, url)
        far = Installation(place.data, url, place.zygote)
        assert far.python(GUARDED) == "4", "constraints and triggers guard the rows there, too"
        assert far.python(VERIFY) == "[]"
        back_at = place.data.parent / "back" / "careshape.sqlite3"
        back_at.parent.mkdir()
        back = moved(far, f"sqlite:///{back_at}")
        assert int(far.python(NEXT_TEAM)) == gone + 1
    near = Installation(back_at.parent, "", place.zygote)
    assert near.python(GUARDED) == "4"
    assert near.python(VERIFY) == "[]"
    assert int(near.python(NEXT_TEAM)) == gone + 1, "a number that was given is not given again"
    for sides in (there, back):
        assert all(row["equal"] for row in sides)
        assert all(row["rows"] == row["rows_there"] for row in sides)
    assert [(row["table"], row["sha256"]) for row in there] == [(row["table"], row["sha256"]) for row in back]
    filled = {row["table"]: row["rows"] for row in there}
    assert filled["accounts_team"] == 34
    assert filled["jobs_job"] == 2
    assert filled["accounts_membership_locations"] == 1
    assert set(filled) == set(json.loads(place.python(TABLES))) - {"django_migrations"}, "every table is moved"
    rows = sum(filled.values())
    promise("R13 move", f"SQLite to PostgreSQL to SQLite: {len(filled)} tables, {rows} rows equal by checksum; "
            f"control: {caught(place, back_at)} change seen")  # fmt: skip


def caught(place: Installation, file: Path) -> int:
    """The control: one letter of one row is changed, and the checksums must differ."""
    near = Installation(file.parent, "", place.zygote)
    before = json.loads(near.python(CHECK))
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE accounts_team SET name = name || 'x' WHERE id = 7")
    connection.close()
    after = json.loads(near.python(CHECK))
    differ = [table for table in before if before[table] != after[table]]
    assert differ == ["accounts_team"]
    return len(differ)


def test_database_that_holds_something_is_left_alone(place, postgres_address):
    place.python(FILL)
    with new_database(postgres_address, postgres.TABLES) as url:
        Installation(place.data, url, place.zygote).python(FILL)
        assert "The database is not empty: its table accounts_account is in use." in refusal(place, url)
    with new_database(postgres_address) as url:
        Installation(place.data, url, place.zygote).python(
            "from django.db import connection; connection.cursor().execute('CREATE TABLE theirs (x int)')"
        )
        assert "its table theirs is in use" in refusal(place, url)


def test_move_that_cannot_be_made_leaves_no_rows(place, postgres_address):
    place.python(FILL + "Team.objects.create(council=council, name='a NUL \\x00 character')")
    with new_database(postgres_address, postgres.TABLES) as url:
        assert "The table accounts_team holds something that this database does not take" in refusal(place, url)
        far = Installation(place.data, url, place.zygote)
        assert far.python("from careshape.accounts.models import Council; print(Council.objects.count())") == "0"
        assert "accounts_team" in refusal(place, url), "a second try may be made"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://x/y", "'mysql:' is no database that careshape knows."),
        ("postgresql://nobody@127.0.0.1:1/none", "cannot be reached"),
        ("sqlite:////nowhere/at/all.sqlite3", "The folder of '/nowhere/at/all.sqlite3' is not there."),
    ],
)
def test_wrong_address_is_told_in_a_sentence(place, url, said):
    assert said in refusal(place, url)


def test_command_prints_both_sides_and_what_to_do_next(place, postgres_address):
    with new_database(postgres_address, postgres.TABLES) as url:
        printed = place.done("database", "move", "--to", url)
    assert "rows: equal on both sides." in printed
    assert "Set database.url" in printed
    refused = place.cli("database", "move", "--to", "mysql://x/y")
    assert (refused.returncode, "no database that careshape knows" in refused.stderr) == (2, True)
