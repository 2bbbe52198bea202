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
            coalesce(any_value(provider_reference), any_value(provider_name)) AS reference,
            coalesce(max(provider_name), any_value(provider_reference)) AS name,
            coalesce(max(provider_type), 0)::SMALLINT AS type
        FROM checked SEMI JOIN incoming ON incoming.row = checked.rowid
        WHERE provider_reference IS NOT NULL OR provider_name IS NOT NULL GROUP BY ALL""",
    "settings": """
        SELECT public_number(setting_reference) AS id, any_value(setting_reference) AS reference,
            any_value(setting_reference) AS name, 0::SMALLINT AS type
        FROM checked SEMI JOIN incoming ON incoming.row = checked.rowid WHERE setting_reference IS NOT NULL GROUP BY ALL""",
}


def add(connection: duckdb.DuckDBPyConnection, folder: Path, checksum: str) -> None:
    """Add the providers and settings that a file names and the registers do not have, or have under another name.

    The entries count only once a posting with this checksum stands in the ledger, so that a killed import leaves nothing
    behind that anybody sees; its repetition finds them there and adds none.
    """
    for register, query in QUERIES.items():
        table = Table(folder / register, REGISTER_SCHEMA)
        columns = "id, reference, name, type"
        new = (
            f"SELECT {columns}, {quote(checksum)} AS checksum FROM (SELECT id, any_value(reference) AS reference, "
            f"max(name) AS name, max(type) AS type FROM ({query}) GROUP BY id) "
            f"EXCEPT SELECT {columns}, {quote(checksum)} FROM {table.relation()}"
        )
        if connection.execute(f"SELECT count(*) FROM ({new})").fetchall()[0][0]:
            table.append(connection, new, f"{checksum}-{register}")
