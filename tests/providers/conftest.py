"""What tests of the providers' register share."""

from __future__ import annotations

from tests.installation import installation, postgres_address, postgres_template, sqlite_template, zygote

__all__ = ("installation", "postgres_address", "postgres_template", "sqlite_template", "zygote")
