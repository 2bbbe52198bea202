"""The criteria by which a council ranks: the file in its folder, or the packaged one."""

from __future__ import annotations

from django.conf import settings

from careshape.home import Home
from careshape.matching.criteria import FILE, Criteria, criteria


def criteria_of(council: str) -> Criteria:
    """The criteria of a council. Raises CatalogueError where its own file breaks the schema."""
    own = Home(settings.CARESHAPE_DIR).council_path(council) / FILE
    return criteria(own if own.is_file() else None)
