"""Installations for tests of workers."""

from tests.installation import installation, postgres_address, postgres_template, sqlite_template, zygote

__all__ = ["installation", "postgres_address", "postgres_template", "sqlite_template", "zygote"]
