"""The registers of a council: providers and settings by their number in the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from careshape.ledger.ledger import REGISTER_SCHEMA
from careshape.ledger.store import Table, quote

QUERIES: Final = {
    "providers": """
        SELECT public_number(coalesce(provider_reference, provider_name)) AS id,
            coalesce(provider_reference, provider_name) AS reference,
            coalesce(provider_name, provider_reference) AS name, coalesce(provider_type, 0)::SMALLINT AS type
        FROM (SELECT provider_reference, max(provider_name) AS provider_name, max(provider_type) AS provider_type
            FROM kept_rows WHERE provider_reference IS NOT NULL GROUP BY ALL
            UNION ALL SELECT NULL, provider_name, max(provider_type)
            FROM kept_rows WHERE provider_reference IS NULL AND provider_name IS NOT NULL GROUP BY ALL)""",
    "settings": """
        SELECT public_number(setting_reference) AS id, setting_reference AS reference, setting_reference AS name,
            0::SMALLINT AS type
        FROM (SELECT DISTINCT setting_reference FROM kept_rows WHERE setting_reference IS NOT NULL)""",
}


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
