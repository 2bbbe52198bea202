"""The registers of a council: providers and settings by their number in the ledger.

A provider can be a person (a Shared Lives carer, a personal assistant), and a setting somebody's home. They are known
by a keyed number, and neither their reference nor their name is kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from careshape.catalogue import catalogue
from careshape.catalogue.entries import Service
from careshape.ledger.ledger import REGISTER_SCHEMA
from careshape.ledger.store import Table, quote

HOMES: Final = {"own-home", "shared-lives-household", "supported-living-setting"}
"""Care settings that are somebody's home rather than an establishment."""

_PROVIDER: Final = "coalesce(provider_reference, provider_name)"
_NUMBER: Final = (
    "CASE WHEN upper({reference}) IN (FROM private_{register}) THEN {private} ELSE public_number({reference}) END"
)
_PRIVATE: Final = "line_number('private' || chr(31) || {reference})"


def _number(register: str, reference: str) -> str:
    return _NUMBER.format(register=register, reference=reference, private=_PRIVATE.format(reference=reference))


NUMBERED: Final = (
    f"kept_rows LEFT JOIN numbered_providers ON of_provider = {_PROVIDER} "
    "LEFT JOIN numbered_settings ON of_setting = setting_reference"
)
"""SQL, to stand after FROM: the kept rows with ``provider_number`` and ``setting_number``; needs ``set_numbers``."""


def _entries(register: str, rows: str, name: str) -> str:
    """SQL for the entries of rows (reference, name, type) of a register."""
    number = _number(register, "reference")
    shown = f"{quote(name)} || right(lower(hex(id)), 6)"
    private = f"upper(reference) IN (FROM private_{register})"
    return (
        f"SELECT id, CASE WHEN {private} THEN {shown} ELSE reference END AS reference, "
        f"CASE WHEN {private} THEN {shown} ELSE name END AS name, type "
        f"FROM (SELECT *, {number} AS id FROM ({rows}))"
    )


QUERIES: Final = {
    "providers": _entries(
        "providers",
        """SELECT coalesce(provider_reference, provider_name) AS reference,
            coalesce(provider_name, provider_reference) AS name, coalesce(provider_type, 0)::SMALLINT AS type
        FROM (SELECT provider_reference, max(provider_name) AS provider_name, max(provider_type) AS provider_type
            FROM kept_rows WHERE provider_reference IS NOT NULL GROUP BY ALL
            UNION ALL SELECT NULL, provider_name, max(provider_type)
            FROM kept_rows WHERE provider_reference IS NULL AND provider_name IS NOT NULL GROUP BY ALL)""",
        "Individual carer ",
    ),
    "settings": _entries(
        "settings",
        """SELECT DISTINCT setting_reference AS reference, setting_reference AS name, 0::SMALLINT AS type
        FROM kept_rows WHERE setting_reference IS NOT NULL""",
        "Home ",
    ),
}


def set_numbers(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Put the number of every provider and setting of ``kept_rows`` into ``numbered_providers`` and
    ``numbered_settings``, and those that stand for a person or a home into ``private_providers`` and
    ``private_settings``, in capitals. Needs the macros of ``pseudonym.install``.

    A provider is a person where a row says so; a setting is a home where no row has it for a service of an
    establishment. What a register holds already decides first, so that nobody changes number.
    """
    carer = catalogue().code("provider_type", "individual-carer")
    services = [one for one in catalogue().list("service").entries if isinstance(one, Service)]
    shared = [one.code for one in services if one.settings and not HOMES & set(one.settings)]
    kept = {
        "providers": (_PROVIDER, f"coalesce(provider_type, 0) = {carer}", "found"),
        "settings": (
            "setting_reference",
            f"coalesce(list_contains({shared}::SMALLINT[], service), false) AND coalesce(provider_type, 0) <> {carer}",
            "NOT found",
        ),
    }
    for register, (reference, condition, private) in kept.items():
        known = f"SELECT id FROM {Table(folder / register, REGISTER_SCHEMA).relation()}"
        # Thousands of rows name the same provider: what it is, and its number, is worked out once.
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE named AS SELECT {reference} AS reference, bool_or({condition}) AS found "
            f"FROM kept_rows WHERE {reference} IS NOT NULL GROUP BY ALL"
        )
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE private_{register} AS
            WITH named AS (SELECT upper(reference) AS reference, bool_or(found) AS found FROM named GROUP BY ALL)
            SELECT reference FROM named WHERE CASE
                WHEN {_PRIVATE.format(reference="reference")} IN ({known}) THEN true
                WHEN public_number(reference) IN ({known}) THEN false ELSE {private} END"""
        )
        one = register.removesuffix("s")
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE numbered_{register} AS "
            f"SELECT reference AS of_{one}, {_number(register, 'reference')} AS {one}_number FROM named"
        )


def add(connection: duckdb.DuckDBPyConnection, folder: Path, checksum: str) -> None:
    """Add the providers and settings that a file names and the registers do not have, or have under another name.

    The entries count only once a posting with this checksum stands in the ledger, so that a killed import leaves
    nothing behind that anybody sees; its repetition finds them there and adds none.
    """
    for register, query in QUERIES.items():
        table = Table(folder / register, REGISTER_SCHEMA)
        columns = "id, reference, name, type"
        known = f"SELECT {columns} FROM {table.relation()} WHERE checksum = {quote(checksum)}"
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE entries AS SELECT id, any_value(reference) AS reference, max(name) AS name, "
            f"max(type) AS type FROM ({query}) GROUP BY id"
        )
        new = f"SELECT {columns}, {quote(checksum)} AS checksum FROM (SELECT {columns} FROM entries EXCEPT {known})"
        if connection.execute(f"SELECT count(*) FROM ({new})").fetchall()[0][0]:
            table.append(connection, new, f"{checksum}-{register}")
