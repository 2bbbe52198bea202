"""Tell a council's statement of unmet need: whole months of it, written beside the ledger where figures are counted.

Of a person nothing is told but what care was asked for, and where. The file is derived: it is written anew each night,
and before an edition is prepared.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from careshape.catalogue import UNKNOWN
from careshape.catalogue.periods import month_label, month_ordinal
from careshape.home import Home
from careshape.ledger.posting import uk_day
from careshape.records.unmet_need import FILE, Row, as_text, known
from careshape.source.models import Request
from careshape.source.taught.unmet import Kind, Unmet, unmet

TELL: Final = "source.tell_unmet"
"""The kind of background work."""


def tell_unmet(council: str) -> int:
    """Write what was not met in the whole months that are over; how many times that was.

    Where no request was sent in a month that is over, there is no file. One that would be the same is not written, so
    that no page is counted anew.
    """
    requests = Request.objects.filter(person__council=council)
    sent = requests.filter(sent_at__isnull=False).order_by("sent_at").values_list("sent_at", flat=True).first()
    last = month_ordinal(uk_day(timezone.now())) - 1
    path = Home(settings.CARESHAPE_DIR).council_path(council) / FILE
    if sent is None or month_ordinal(uk_day(sent)) > last:
        path.unlink(missing_ok=True)
        return 0
    first = month_ordinal(uk_day(sent))
    rows = [row for one in unmet(requests) for row in _rows(one, first, last)]
    text = as_text(month_label(first), month_label(last), rows)
    if not path.is_file() or path.read_text("utf-8") != text:
        _put(path, text)
    return len(rows)


def _rows(one: Unmet, first: int, last: int) -> Iterator[Row]:
    """What is told of one line of the ledger of unmet need, where its month is one of those that are told."""
    month, person = month_ordinal(_day(one)), one.request.person
    if first <= month <= last:
        yield Row(
            month_label(month), _how(one), one.request.service, known("client_group", person.client_group),
            known("district", one.request.district), known("zone", one.request.zone or UNKNOWN), person.pk,
        )  # fmt: skip


def _day(one: Unmet) -> date:
    """The day on which it was not met: of care that nobody has yet, when it should have begun."""
    return one.request.starts_on if one.kind is Kind.WAITING else one.on


def _how(one: Unmet) -> str:
    return known("unmet", one.code) if one.kind is Kind.REFUSED else one.kind.value


def _put(path: Path, text: str) -> None:
    """Write the file whole or not at all; only the council's own processes read it."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.new")
    try:
        draft.touch(mode=0o600)
        draft.write_text(text, "utf-8")
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
