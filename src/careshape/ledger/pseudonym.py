"""Keyed pseudonyms: the ledger knows a person by a number that says nothing about who they are.

From an identifier the holder of the council's key works out a handle: the first 63 bits of HMAC-SHA256 (RFC 2104) over
the council and the identifier. Of a demonstration the handle itself is the number, so that every build gives the same
ledger. Of a council with real people the number is drawn by chance, and an entry under the handle says whose it is
(``careshape.ledger.keytable``): it can be destroyed. Key and entries are kept outside the data folder, so that a copy
of the data says nothing about who the people are.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from array import array
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
from duckdb.func import ARROW, SPECIAL
from duckdb.sqltypes import BIGINT, VARCHAR

from careshape.errors import InputError
from careshape.ledger.durable import flush
from careshape.ledger.keytable import FOLDER, KeyTable

KEY_VARIABLE: Final = "CARESHAPE_KEY_FILE"
"""Environment variable with the path of the key file."""
KEY_BYTES: Final = 32
DEMONSTRATION_KEY: Final = hashlib.sha256(b"careshape demonstration: synthetic people only").digest()
"""Public key of demonstration councils: their people are synthetic, and every build must give the same pseudonyms."""

REMEMBERED: Final = 1 << 17
"""Identifiers whose pseudonyms an import remembers: more people than a council supports in a year, in some 30 MB."""

_BLOCK: Final = 64
_SEPARATOR: Final = "\x1f"


def key_path() -> Path:
    """Where the key of councils with real people is kept: the file that CARESHAPE_KEY_FILE names, or the user's own."""
    named = os.environ.get(KEY_VARIABLE)
    return Path(named) if named else Path.home() / ".config" / "careshape" / "pseudonym.key"


def people_folder(authority: str) -> Path:
    """Where the keys of a council's people are kept: beside the council's key."""
    return key_path().parent / FOLDER / authority


def pseudonym_key(data_folder: Path, *, demonstration: bool, create: bool = True) -> bytes:
    """The key for a council, created when it is first needed.

    Raises InputError where the key file lies inside the data folder, is open to other users, or holds no key. With
    ``create`` False a missing key is answered by a throwaway one and nothing is written.
    """
    if demonstration:
        return DEMONSTRATION_KEY
    path = key_path()
    if path.resolve().is_relative_to(data_folder.resolve()):
        raise InputError(
            f"The pseudonym key {path} lies inside the data folder {data_folder}, where every copy of the data would "
            f"carry it along. Move it outside and set {KEY_VARIABLE} to its path."
        )
    if not path.exists():
        return _new_key(path) if create else secrets.token_bytes(KEY_BYTES)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InputError(f"The pseudonym key {path} can be read by other users. Run: chmod 600 {path}")
    return _read_key(path)


def fingerprint(key: bytes) -> str:
    """What tells one key from another and gives nothing of it away: 64 bits of an HMAC, as hexadecimal text."""
    return hmac.digest(key, b"careshape key fingerprint", "sha256")[:8].hex()


def _new_key(path: Path) -> bytes:
    """Write a new key so that it appears whole or not at all; of two writers at once, both read the first one's key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    flush(path.parent)  # a key lost in a power cut would be lost for good
    return _read_key(path)


def _read_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (ValueError, OSError) as error:
        raise InputError(f"The pseudonym key {path} cannot be read ({error}). Restore it from its backup.") from None
    if len(key) != KEY_BYTES:
        raise InputError(
            f"The pseudonym key {path} holds {len(key)} bytes instead of {KEY_BYTES}. Restore it from its backup."
        )
    return key


def pseudonym(key: bytes, authority: str, identifier: str) -> int:
    """Handle of a person, and of a demonstration the number: ``Ledger.person`` finds the number of any council.

    It is a positive number below 2**63, the same for the same council, identifier (whatever its case) and key.
    """
    with duckdb.connect() as connection:
        install(connection, key, authority)
        ((number,),) = connection.execute("SELECT person_number(?)", [identifier.strip()]).fetchall()
    return int(number)


def install(connection: duckdb.DuckDBPyConnection, key: bytes, authority: str, table: KeyTable | None = None) -> None:
    """Give a connection the SQL macros ``person_number``, ``line_number``, ``reference_number`` and ``public_number``.

    The second numbers by a keyed hash what has no reference of its own, and gives the handle of one that has; the
    third numbers a line item by its reference in the source system, which may itself name a person; the fourth a
    provider or a setting by a plain hash of its reference, the same in every council's ledger. With a table of keys
    people and references have numbers by chance: a person's is found or drawn there, a reference's follows from a
    secret that this connection alone has, and vanishes with it. The key stands in no query text, so no error message
    or profile can show it.
    """
    connection.create_function(
        "pseudonyms", _pseudonyms(key, authority, table), [VARCHAR], BIGINT, type=ARROW, null_handling=SPECIAL
    )
    prefix = _line_prefix(key, authority)
    connection.execute("SET VARIABLE line_prefix = ?", [prefix])
    connection.execute(
        "SET VARIABLE reference_prefix = ?", [prefix if table is None else secrets.token_bytes(KEY_BYTES)]
    )
    number = "(('0x' || left({hash}, 16))::UBIGINT >> 1)::BIGINT"
    macros = {
        "person_number": "pseudonyms(upper(x))",
        "line_number": number.format(hash="sha256(getvariable('line_prefix') || encode(upper(x)))"),
        "reference_number": number.format(hash="sha256(getvariable('reference_prefix') || encode(upper(x)))"),
        "public_number": number.format(hash="sha256(upper(x))"),
    }
    for name, sql in macros.items():
        connection.execute(f"CREATE OR REPLACE TEMP MACRO {name}(x) AS {sql}")


def _pseudonyms(key: bytes, authority: str, table: KeyTable | None) -> Callable[[pa.ChunkedArray], pa.Array]:
    """The function from a column of tidied identifiers to their pseudonyms.

    A person has many rows, so each identifier is worked out once for as long as it is remembered. What is remembered
    stays in memory and goes with the connection.
    """
    inner_pad, outer_pad = (bytes(byte ^ fill for byte in key.ljust(_BLOCK, b"\0")) for fill in (0x36, 0x5C))
    # The council comes before every identifier, so that it can stand behind the padding once and for all.
    inner = hashlib.sha256(inner_pad + f"{authority}{_SEPARATOR}".encode())
    outer = hashlib.sha256(outer_pad)

    @lru_cache(REMEMBERED)
    def number(identifier: str) -> int:
        first, second = inner.copy(), outer.copy()
        first.update(identifier.encode())
        second.update(first.digest())
        handle = int.from_bytes(second.digest()[:8], "big") >> 1
        return handle if table is None else table.number(handle)

    def numbers(identifiers: pa.ChunkedArray) -> pa.Array:
        coded = identifiers.combine_chunks().dictionary_encode()
        distinct = array("q", map(number, coded.dictionary.to_pylist()))
        # Not pa.array: it imports pandas where that is installed, which takes longer than a million pseudonyms.
        return pa.Array.from_buffers(pa.int64(), len(distinct), [None, pa.py_buffer(distinct)]).take(coded.indices)

    return numbers


def _line_prefix(key: bytes, authority: str) -> bytes:
    return hmac.digest(key, f"line{_SEPARATOR}{authority}".encode(), "sha256")
