"""Uploads of bounded size: what comes beyond it is read and thrown away, and never kept."""

from __future__ import annotations

from typing import Any, Final

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from careshape.work.intake.guard import LIMITS

TOO_LARGE: Final = "careshape.upload.too_large"
"""What the request's META holds where a file was larger than is taken."""


class CappedUpload(FileUploadHandler):
    """Stands before the handlers that keep files, and ends an upload that is larger than any file of records."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass a block on, unless it is one too many."""
        self.seen += len(raw_data)
        if self.seen > LIMITS.size:
            self.request.META[TOO_LARGE] = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that keep it."""
        return None
