"""Bring another council's statement, and withdraw it: checked first, kept whole, told in the log."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import lru_cache
from pathlib import PurePath
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from careshape.accounts.models import Account
from careshape.audit.change import change
from careshape.catalogue import catalogue
from careshape.editions.released import has_released
from careshape.errors import CallError, InputError
from careshape.exchange.validate import Validated, validate_content
from careshape.home import Home
from careshape.policy import Principal
from careshape.reuse.models import Brought

ACT: Final = "reuse.bring"
REGIONAL: Final = "reuse.regional"
LARGEST: Final = 10_000_000
"""Bytes of a file that is brought, and of its statement as JSON."""
SHOWN: Final = 20
"""Faults that a refusal tells."""


class Faulty(InputError):
    """A file that keeps not to the rules of the open form, with its faults."""

    def __init__(self, found: Validated) -> None:
        self.found = found
        lines = "\n".join(map(str, found.faults[:SHOWN]))
        super().__init__(f"{found.file} does not keep to the open form, so it was not taken:\n{lines}")


def bring(principal: Principal, name: str, content: bytes) -> Brought:
    """Keep the statement of another council and lay it beside the others; one that stands already is given again.

    Raises Faulty where it breaks the rules of the open form, and InputError where it is too large, or is of a council
    whose own released edition stands here, or that works here and speaks for itself.
    """
    if len(content) > LARGEST:
        raise InputError(f"The file is larger than {LARGEST // 1_000_000} MB. Leave out tables that nobody compares.")
    short = PurePath(name).name[:200] or "statement"
    found = validate_content(short, content)
    if not found.valid:
        raise Faulty(found)
    statement = found.statement
    assert statement is not None
    text = json.dumps(statement, ensure_ascii=False)
    if len(text) > LARGEST:
        raise InputError("The statement holds more than can be laid beside others. Leave out what nobody compares.")
    code = statement["council"]["code"]
    _may_stand(principal, code, statement["council"]["name"])
    checksum = hashlib.sha256(content).hexdigest()
    mine = Brought.objects.filter(council=principal.council, code=code, withdrawn_at__isnull=True).defer("statement")
    with change(principal, ACT) as told:
        row = mine.order_by("-added_at", "-pk").first()
        if row is None or row.checksum != checksum:
            # An earlier file that is brought again stands anew; the row of its first time is only the past.
            mine.filter(checksum=checksum).update(withdrawn_at=timezone.now(), withdrawn_by=_account(principal))
            row = Brought.objects.create(
                council=principal.council, name=statement["council"]["name"], file_name=short, checksum=checksum,
                code=code, added_at=timezone.now(), added_by=_account(principal), statement=text, **_about(statement),
            )  # fmt: skip
        told(row, step="brought", code=code, checksum=checksum)
    return row


def _may_stand(principal: Principal, code: str, name: str) -> None:
    """Whether a statement in a council's name may be brought. Raises InputError where that council speaks for itself.

    Who runs the installation (no council) may bring that of a council which has released nothing here.
    """
    here = [slug for slug in _own() if _code(slug) == code]
    if any(map(has_released, here)):
        raise InputError(f"{name} releases its statement here, so it stands there already.")
    if principal.council and any(slug != principal.council for slug in here):
        raise InputError(f"{name} works here itself. Only it, or who runs this service, can lay its statement here.")


def withdraw(principal: Principal, row: Brought) -> None:
    """Take a statement away from beside the others; it is kept, so that the log stays true."""
    with change(principal, ACT, lock=[row]) as told:
        row.refresh_from_db()
        if row.withdrawn_at is not None:
            raise CallError(f"{row} was withdrawn already.")
        row.withdrawn_at, row.withdrawn_by = timezone.now(), _account(principal)
        row.save()
        told(row, step="withdrawn", code=row.code, checksum=row.checksum)


def standing(principal: Principal) -> list[Brought]:
    """The statements that stand beside the others, without their text: of each council the one brought last.

    Each council brings for itself: what one brings never takes the place of what another brought, and the same file
    of two stands once.
    """
    last: dict[tuple[str, str], Brought] = {}
    for row in Brought.objects.reached(principal, REGIONAL).defer("statement").order_by("-added_at", "-pk"):
        last.setdefault((row.council, row.code), row)
    found = {(row.code, row.checksum): row for row in last.values()}
    return sorted(found.values(), key=lambda one: (one.name, one.pk))


def statement_brought(row: Brought) -> dict[str, Any]:
    """The statement of a row, read once for as long as it is asked for."""
    return _statement(row.pk, row.checksum)


@lru_cache(maxsize=32)
def _statement(pk: int, checksum: str) -> dict[str, Any]:
    text = Brought.objects.filter(pk=pk, checksum=checksum).values_list("statement", flat=True).get()
    found: dict[str, Any] = json.loads(text)
    return found


def _about(statement: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": statement["title"], "edition": statement["edition"], "synthetic": bool(statement.get("synthetic")),
        "known_on": date.fromisoformat(statement["known_on"]),
    }  # fmt: skip


def _own() -> list[str]:
    return Home(settings.CARESHAPE_DIR).authorities()


def _code(slug: str) -> str:
    place = catalogue().lists["authority"].by_id.get(slug)
    return str(getattr(place, "ons_code", ""))


def _account(principal: Principal) -> Account | None:
    return Account.objects.get(pk=principal.account) if principal.account else None
