"""Who asks: an account in one of its memberships, or anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PUBLIC: Final = "public"
"""The role of those who have not signed in."""


@dataclass(frozen=True)
class Principal:
    """One who asks for something, as the policy sees them."""

    role: str = PUBLIC
    account: int | None = None
    """Key of the account; None for anybody."""
    membership: int | None = None
    council: str = ""
    """Slug of the council whose member they are; empty for anybody."""
    team: int | None = None
    organisation: int | None = None
    token: int | None = None
    """Key of the token by which a program asks; None for a person."""
    acts: frozenset[str] | None = None
    """The acts to which a token is limited; None where nothing is."""

    @property
    def signed_in(self) -> bool:
        """Whether it is known who asks."""
        return self.account is not None


ANYBODY: Final = Principal()
