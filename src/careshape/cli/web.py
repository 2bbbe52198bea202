"""What the commands that build or serve pages share: the web part is optional, and its absence is one sentence."""

from __future__ import annotations

import importlib
from types import ModuleType

from careshape.errors import CallError


def web_part(module: str) -> ModuleType:
    """Import a module of the web part. Raises CallError where the extra `web` is not installed."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("careshape"):
            raise
        raise CallError(
            f"Pages need the package '{error.name}', which is not installed: pip install 'careshape[web]'."
        ) from error
