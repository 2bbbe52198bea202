"""The data folder of an installation: one folder a council, and the published pages."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from careshape.errors import CallError, InputError
from careshape.folders import sweep
from careshape.ledger import Ledger
from careshape.ledger.ledger import SETTINGS_FILE

DEFAULT = Path("careshape-data")


@dataclass(frozen=True)
class Home:
    """The folder that ``--dir`` names."""

    path: Path

    @property
    def councils_path(self) -> Path:
        """Where the councils' folders stand."""
        return self.path / "councils"

    @property
    def site_path(self) -> Path:
        """Where the static export is written."""
        return self.path / "site"

    @property
    def statistics_path(self) -> Path:
        """Where official statistics are kept, shared by all councils: a folder a source, and in it one an edition."""
        return self.path / "statistics"

    def council_path(self, authority: str) -> Path:
        """The folder of one council, whether it is there or not."""
        return self.councils_path / authority

    def authorities(self) -> list[str]:
        """Slugs of the councils that this folder holds."""
        if not self.councils_path.is_dir():
            return []
        return sorted(entry.parent.name for entry in self.councils_path.glob(f"*/{SETTINGS_FILE}"))

    def ledger(self, authority: str | None) -> Ledger:
        """Open one council's ledger; None means the only council there is.

        Raises InputError for a folder without councils and CallError for a council that is not there or not named.
        """
        sweep(self.path)
        known = self.authorities()
        if not known:
            raise InputError(
                f"The folder '{self.path}' holds no council yet. `careshape new AUTHORITY` makes one, "
                "`careshape demo` two demonstration councils; or name another folder with --dir."
            )
        if authority is None:
            if len(known) > 1:
                raise CallError(f"The folder '{self.path}' holds {', '.join(known)}. Say which with --authority.")
            return Ledger.open(self.council_path(known[0]))
        if authority not in known:
            near = difflib.get_close_matches(authority, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise CallError(f"'{self.path}' holds no council '{authority}'.{hint} It holds {', '.join(known)}.")
        return Ledger.open(self.council_path(authority))

    def ledgers(self, authority: str | None = None) -> list[Ledger]:
        """Open the named council's ledger, or all of them."""
        if authority is not None or not self.authorities():
            return [self.ledger(authority)]
        return [self.ledger(name) for name in self.authorities()]
