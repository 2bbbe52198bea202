"""Whether the site lives, and whether it can serve: for what watches over it, without a word on why not."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from careshape.policy.views import does
from careshape.site.databases import reachable
from careshape.site.migrations import standing

PATH: Final = "/health/"
log = logging.getLogger("careshape.health")


@does("site.health")
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers; it asks nothing else."""
    return JsonResponse({"live": True})


@does("site.health")
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """The database can be asked and is of this version, and the data folder can be written; else status 503.

    What is wrong stands in the log, and `careshape doctor` says it.
    """
    wrong = _wrong()
    if wrong:
        log.warning("not ready: %s", wrong)
    return JsonResponse({"ready": not wrong}, status=503 if wrong else 200)


class AnyName:
    """Lets what watches over the site ask for its health by whatever name it reaches it, such as an address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        if request.path.startswith(PATH):
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"
        return self.get_response(request)


def _wrong() -> str:
    if reachable():
        return "the database cannot be reached"
    if not standing().current:
        return "the database is not of this version"
    if not os.access(settings.CARESHAPE_DIR, os.R_OK | os.W_OK | os.X_OK):
        return "the data folder cannot be written"
    return ""
