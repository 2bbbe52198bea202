"""Under which licence a council lets its statement be used again: what it has set, and nothing where it set none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from careshape.errors import InputError

NOT_SET: Final = "No licence has been set"
NONE_SET: Final = (
    f"{NOT_SET} for this statement. Its words and figures are the council’s: ask the council before using them again."
)
LONGEST: Final = 200
_WEB: Final = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(frozen=True)
class Licence:
    """A licence by its name, and where it is read."""

    name: str
    address: str = ""

    def __str__(self) -> str:
        return f"{self.name}, {self.address}" if self.address else self.name


def read_licence(raw: object) -> Licence | None:
    """The table [licence] of statement.toml; None where none is set. Raises InputError where it is wrong."""
    where = "statement.toml: [licence]"
    if raw is None:
        return None
    if not isinstance(raw, Mapping) or any(name not in ("name", "address") for name in raw):
        raise InputError(f"{where} has a name, an address where it is read, and nothing else.")
    name, address = raw.get("name", ""), raw.get("address", "")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST:
        raise InputError(f"{where}: 'name' must be given, such as Open Government Licence v3.0.")
    if not isinstance(address, str) or (address and (len(address) > 500 or not _WEB.fullmatch(address))):
        raise InputError(f"{where}: 'address' is '{str(address)[:80]}'. Write it as https://...")
    return Licence(name.strip(), address)
