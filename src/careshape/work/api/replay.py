"""Idempotency keys: a request that comes again with its key is answered as it was, and done once."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.errors import HttpError

from careshape.work.models import Answer

HEADER: Final = "Idempotency-Key"
KEPT: Final = timedelta(days=2)
"""For how long an answer can be had again."""
UNANSWERED: Final = timedelta(minutes=10)
"""After so long a request that was never answered may be made again."""
_KEY: Final = re.compile(r"[!-~]{1,100}")

Operation = Callable[..., Any]


class Replayed(Exception):
    """Carries the answer that was given before."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def response(self) -> HttpResponse:
        """The answer as it was."""
        response = _written(self.answer.status or 500, self.answer.body)
        response["Idempotent-Replayed"] = "true"
        return response


def once(operation: Operation) -> Operation:
    """Do an operation once for each idempotency key; without one, each time.

    The operation gives status and content. The same key with another request is answered with 422, and while the first
    request is under way with 409.
    """

    @functools.wraps(operation)
    def done(request: HttpRequest, *args: Any, **named: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return _written(*_encoded(operation(request, *args, **named)))
        if not _KEY.fullmatch(key):
            raise HttpError(422, f"{HEADER} must have 1 to 100 letters, digits or signs, without blanks.")
        claim = _claimed(request, key)
        try:
            status, body = _encoded(operation(request, *args, **named))
        except BaseException:
            claim.delete()  # nothing was done, so the request may be made again
            raise
        Answer.objects.filter(pk=claim.pk).update(status=status, body=body)
        return _written(status, body)

    return done


def _encoded(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], json.dumps(answer[1])


def _written(status: int, body: str) -> HttpResponse:
    """An answer in the bytes in which it can be given again."""
    return HttpResponse(body, status=status, content_type="application/json")


def _claimed(request: HttpRequest, key: str) -> Answer:
    """Take a key for a request. Raises Replayed, or HttpError where it is taken by another one or not answered yet."""
    token, asked = request.principal.token, asked_of(request)
    Answer.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()
    Answer.objects.filter(status__isnull=True, asked_at__lt=timezone.now() - UNANSWERED).delete()
    try:
        with transaction.atomic():
            return Answer.objects.create(token_id=token, key=key, asked=asked)
    except IntegrityError:
        found = Answer.objects.filter(token_id=token, key=key).first()
    if found is None:
        raise HttpError(409, "The request with this key was just given up. Make it again.")
    if found.asked != asked:
        raise HttpError(422, f"This {HEADER} was used for another request. Choose another key.")
    if found.status is None:
        raise HttpError(409, "The request with this key is under way. Ask again in a moment.")
    raise Replayed(found)


def asked_of(request: HttpRequest) -> str:
    """What a request asks, as a digest: the same for the same content, however a form parts its fields."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        for name, values in sorted(request.POST.lists()):
            digest.update(json.dumps([name, values]).encode())
        for name, file in sorted(request.FILES.items()):
            digest.update(json.dumps([name, file.name, file.size]).encode())
            for block in file.chunks():
                digest.update(block)
            file.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()
