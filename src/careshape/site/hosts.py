"""The host names under which the site may be asked for."""

from __future__ import annotations

import re
from typing import Final

from careshape.errors import CallError

OWN: Final = ("127.0.0.1", "localhost", "[::1]")
"""The names of the machine itself, for an installation that sets none."""
EVERYWHERE: Final = ("0.0.0.0", "::")  # nosec B104: names what a person may ask for, and listens on nothing
"""Addresses to listen on that stand for all of the machine's."""
NAME: Final = re.compile(r"\*|\.?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")


def hosts(text: str) -> list[str]:
    """The host names in a setting, with commas between; this machine's own where it is empty.

    Raises CallError for what is no host name, such as an address with a scheme or a port.
    """
    named = [one.strip() for one in text.split(",") if one.strip()]
    for one in named:
        if not NAME.fullmatch(one):
            raise CallError(
                f"CARESHAPE_ALLOWED_HOSTS holds '{one}', which is no host name. Write names with commas between, "
                "without https:// and without a port: statements.example.org,localhost."
            )
    return named or list(OWN)


def hosts_for(text: str, host: str) -> list[str]:
    """The host names of a server that listens on an address: who listens on all of them answers to every name, unless
    the installation sets its own.
    """
    named = hosts(text)
    if host in EVERYWHERE:
        return named if text.strip() else ["*"]
    shown = f"[{host}]" if ":" in host else host
    return named if shown in named or "*" in named else [*named, shown]
