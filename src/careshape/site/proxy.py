"""Who asks, where a server of one's own stands before the site (setting ``site.proxy``)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ReaderAddress:
    """Takes the network address of a reader from the last entry of X-Forwarded-For, which the server before us wrote.

    Entries before it are the reader's own word. Without the setting the header means nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        if settings.CARESHAPE_CONFIGURATION["site.proxy"]:
            last = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
            with contextlib.suppress(ValueError):  # no address: the one of the server before us stands
                request.META["REMOTE_ADDR"] = str(ip_address(last))
        return self.get_response(request)
