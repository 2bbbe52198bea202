"""Outward postcodes: one number for each, however the postcode is written and whether or not it is a usual one."""

from __future__ import annotations

import duckdb
import pytest

from careshape.ledger.postcodes import number_sql, outward_sql, postcode_number, postcode_text, set_outwards

WRITTEN = {
    # as they are written in full, for each shape of an outward part
    "WR1 1AA": "WR1",
    "WR11 1AA": "WR11",
    "B1 1AA": "B1",
    "B11 1AA": "B11",
    "W1A 1AA": "W1A",
    "EC1A 1BB": "EC1A",
    # without a space, with several, in small letters, and the outward part alone
    "WR111AA": "WR11",
    "WR11AA": "WR1",
    "W  1A1A A": "W1A",
    "wr1 1aa": "WR1",
    "WR1": "WR1",
    "B1": "B1",
    # neither a whole nor an outward postcode
    "WR1 1A": None,
    "WR1 11A": None,
    "WR": None,
    "1AA": None,
    "WR1 1AA, Worcester": None,
    "": None,
}


@pytest.fixture(params=[[], ["WR1", "W1A"]], ids=["none", "some"])
def connection(request: pytest.FixtureRequest):
    with duckdb.connect() as made:
        set_outwards(made, request.param)
        yield made


def test_postcodes_are_read_alike_whichever_are_known_beforehand(connection) -> None:
    query = f"SELECT text, {number_sql(outward_sql('text'))} FROM (SELECT unnest(?) AS text)"
    found = connection.execute(query, [[*WRITTEN, None]]).fetchall()
    wanted = {text: outward and postcode_number(outward) for text, outward in WRITTEN.items()}
    assert dict(found) == wanted | {None: None}


def test_number_of_an_outward_postcode_tells_which_it_is() -> None:
    outwards = {outward for outward in WRITTEN.values() if outward}
    assert all(postcode_text(postcode_number(outward)) == outward for outward in outwards)
