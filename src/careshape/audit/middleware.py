"""Where the log stands, said with every file that somebody of a council takes away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from careshape.audit.anchor import head_line
from careshape.policy import ANYBODY

HEADER: Final = "X-Audit-Head"


class AuditHead:
    """Gives each download of who is signed in the head of their council's chain: name, number and digest.

    The header stands beside the file, so that the file itself stays what it is. A log that is cut afterwards no longer
    has that head.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        principal = getattr(request, "principal", ANYBODY)
        taken = response.headers.get("Content-Disposition", "").startswith("attachment")
        if taken and principal.signed_in and (head := head_line(principal.council)):
            response.headers[HEADER] = head
        return response
