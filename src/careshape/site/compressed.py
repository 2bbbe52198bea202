"""Styles and scripts as they are sent: packed, for browsers that say that they unpack; each once a process."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware

PACKED: Final = (".css", ".js", ".mjs", ".svg")
LEAST: Final = 1000
"""Bytes from which on packing is worth its header."""
_TAKES_GZIP: Final = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))")


class CompressedFiles(WhiteNoiseMiddleware):
    """Serves static files, and those that are text packed with gzip to whoever takes that."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> Any:
        """The answer of the base class, or the same packed; a part of a file and "not modified" stay as they are."""
        answer: Any = WhiteNoiseMiddleware.serve(static_file, request)
        path = Path(static_file.alternatives[-1][1])
        if answer.status_code != 200 or path.suffix not in PACKED:
            return answer
        packed = _packed(path, path.stat().st_mtime_ns)
        if packed is None:
            return answer
        answer["Vary"] = "Accept-Encoding"
        if not _TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")):
            return answer
        if answer.file_to_stream is not None:
            answer.file_to_stream.close()  # the answer itself stays open: closing it would end the request
        again = HttpResponse(packed if request.method == "GET" else b"")
        for name, value in answer.items():
            again[name] = value
        again["Content-Encoding"], again["Content-Length"] = "gzip", str(len(packed))
        return again


@lru_cache(maxsize=128)
def _packed(path: Path, changed: int) -> bytes | None:
    """A file packed with gzip, as it was at its last change; None where that would hardly be smaller."""
    content = path.read_bytes()
    small = gzip.compress(content, mtime=0)
    return small if len(content) >= LEAST and len(small) < 0.9 * len(content) else None
