"""Answers of the API where no operation was reached: problems as JSON, and never a page or a way to sign in."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from careshape.work.tokens import API, OPEN

DOCUMENTATION = (f"{API}v1/", f"{API}v1/openapi.json", f"{OPEN}v1/")
WORDS = {
    400: "The request cannot be read.",
    401: "Send a token that is good: Authorization: Bearer …",
    403: "The token, or who made it, may not do this.",
    404: "There is none, or none in reach.",
    405: "There is no such method here.",
    413: "The request is too large.",
    500: "Something of ours failed. Try again later.",
    503: "It cannot be done at the moment. Try again in a few seconds.",
}

IN_THE_CLEAR = "Ask by HTTPS. What was sent could be read on its way: revoke the token, and make another."


class ApiProblems:
    """Puts what others answered below the address of the API into its words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        if settings.CARESHAPE_HTTPS and request.path.startswith(API) and not request.is_secure():
            return JsonResponse({"detail": IN_THE_CLEAR}, status=403)
        response = self.get_response(request)
        if not request.path.startswith(API) or request.path in DOCUMENTATION:
            return response
        if response.headers.get("Content-Type", "").startswith("application/json"):
            return response
        status = 401 if response.status_code in (301, 302) else response.status_code
        if status not in WORDS:
            return response
        made = JsonResponse({"detail": WORDS[status]}, status=status)
        if status == 401:
            made["WWW-Authenticate"] = "Bearer"
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                made[name] = response[name]
        return made
