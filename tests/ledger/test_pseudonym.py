"""The engine numbers people, lines, providers and settings as their definition says, whatever they are called."""

from __future__ import annotations

import string

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careshape.ledger.pseudonym import install, pseudonym
from tests.ledger.numbers import line_number, person_number, public_number

KEY = b"k" * 32
TEXT = st.text(string.ascii_letters + string.digits + string.punctuation + "éÀñø ", min_size=1)


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as made:
        install(made, KEY, "worcestershire")
        yield made


@given(TEXT.map(str.strip).filter(bool))
def test_numbers_are_those_of_their_definition(connection, text):
    query = "SELECT person_number($1), line_number($1), public_number($1)"
    found = connection.execute(query, [text]).fetchall()[0]
    wanted = person_number(KEY, "worcestershire", text), line_number(KEY, "worcestershire", text), public_number(text)
    assert found == wanted
    assert all(0 <= number < 2**63 for number in found)


def test_a_person_is_found_by_identifier_however_it_is_written(connection):
    wanted = person_number(KEY, "worcestershire", "P-1")
    assert pseudonym(KEY, "worcestershire", " p-1 ") == wanted
    assert connection.execute("SELECT person_number('p-1'), person_number(NULL)").fetchall() == [(wanted, None)]


def test_people_of_a_column_stand_beside_their_own_rows(connection):
    people = [None if number % 7 == 0 else f"p-{number % 40}" for number in range(5000)]
    found = connection.execute("SELECT person_number(x) FROM (SELECT unnest(?) AS x)", [people]).fetchall()
    assert found == [(one and person_number(KEY, "worcestershire", one),) for one in people]


def test_numbers_of_two_councils_and_two_keys_have_nothing_in_common():
    keys, councils = (b"a" * 32, b"b" * 32), ("worcestershire", "thurrock")
    assert len({pseudonym(key, council, "P-1") for key in keys for council in councils}) == 4
