"""What the commands share that ask the site's database."""

from __future__ import annotations

import os
from pathlib import Path

from careshape.cli.web import web_part
from careshape.folders import own


def installed(data: Path) -> None:
    """Set Django up for the installation with this data folder. Raises CallError where the web part is missing or the
    configuration has a fault.
    """
    os.environ["CARESHAPE_DIR"] = str(data.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careshape.site.settings")
    own(data)
    web_part("django").setup()
