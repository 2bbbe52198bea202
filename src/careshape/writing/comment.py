"""What colleagues say of a version: a comment, an answer, and that it is settled."""

from __future__ import annotations

from django.utils import timezone

from careshape.accounts.models import Account
from careshape.audit.change import change
from careshape.errors import CallError
from careshape.policy import Principal
from careshape.statement.slots import SLOTS
from careshape.writing.models import Comment, Version
from careshape.writing.notices import tell_of_answer, tell_of_comment

ACT = "writing.comment"
MOST = 2000


def comment(principal: Principal, version: Version, text: str, part: str = "") -> Comment:
    """Say something of a version, or of one part of it. Raises CallError for an empty or too long text."""
    text = _clean(text)
    if part and part not in SLOTS:
        raise CallError(f"There is no part '{part}'. Choose one of the list, or the whole page.")
    with change(principal, ACT, chain=version.council) as told:
        row: Comment = Comment.objects.create(
            version=version, part=part, text=text, written_at=timezone.now(),
            written_by=Account.objects.get(pk=principal.account),
        )  # fmt: skip
        told(row, version=version.pk)
        tell_of_comment(row)
    return row


def answer(principal: Principal, row: Comment, text: str) -> Comment:
    """Answer a comment. Raises CallError where it has an answer, or is settled."""
    text = _clean(text)
    with change(principal, ACT, lock=[row], chain=row.version.council) as told:
        row.refresh_from_db()
        if row.answer or row.settled_at is not None:
            raise CallError("This comment is answered or settled already. Write another comment.")
        row.answer, row.answered_at = text, timezone.now()
        row.answered_by = Account.objects.get(pk=principal.account)
        row.save()
        told(row, done="answered")
        tell_of_answer(row)
    return row


def settle(principal: Principal, row: Comment) -> Comment:
    """Say that a comment needs nothing more; done again, it changes nothing."""
    with change(principal, ACT, lock=[row], chain=row.version.council) as told:
        row.refresh_from_db()
        if row.settled_at is None:
            row.settled_at, row.settled_by = timezone.now(), Account.objects.get(pk=principal.account)
            row.save()
        told(row, done="settled")
    return row


def _clean(text: str) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise CallError("Write what you want to say.")
    if len(text) > MOST:
        raise CallError(f"This has {len(text):,} characters, and at most {MOST:,} are kept. Make it shorter.")
    return text
