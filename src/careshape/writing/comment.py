"""What colleagues say of a version: a comment, an answer, and that it is settled."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from careshape.accounts.councils import council_row
from careshape.accounts.models import Account
from careshape.audit.change import Told, change
from careshape.errors import CallError
from careshape.home import Home
from careshape.policy import Principal
from careshape.writing.kinds import kind_of
from careshape.writing.models import Comment, State, Version
from careshape.writing.notices import tell_of_answer, tell_of_comment
from careshape.writing.place import digest, in_force
from careshape.writing.write import keep_what_was, standing

ACT = "writing.comment"
MOST = 2000


def comment(principal: Principal, version: Version, text: str, part: str = "") -> Comment:
    """Say something of a version, or of one part of it. Raises CallError for an empty or too long text."""
    text = _clean(text)
    with change(principal, ACT, chain=version.council) as told:
        return _said(told, principal, version, text, part)


def comment_on_file(principal: Principal, council: str, file: str, text: str, part: str = "") -> Comment:
    """Say something of a file where it is read: of what was proposed last, else of what is in force.

    Who has it under way is told. Raises CallError as ``comment`` does, and where there is no such file.
    """
    text = _clean(text)
    with change(principal, ACT, lock=[council_row(council)], chain=council) as told:
        version = _proposed(council, file)
        if version is None:
            keep_what_was(told, council, file)
            now = in_force(Home(settings.CARESHAPE_DIR), council, file)
            version = standing(council, file, digest(now)) if now is not None else _newest(council, file)
        if version is None:
            raise CallError("There is nothing of this page yet that could be commented on.")
        return _said(told, principal, version, text, part)


def _said(told: Told, principal: Principal, version: Version, text: str, part: str) -> Comment:
    if part and part not in kind_of(version.file).parted.titles(version.content):
        raise CallError(f"There is no part '{part}'. Choose one of the list, or the whole page.")
    row: Comment = Comment.objects.create(
        version=version, part=part, text=text, written_at=timezone.now(),
        written_by=Account.objects.get(pk=principal.account),
    )  # fmt: skip
    told(row, act=ACT, version=version.pk)
    tell_of_comment(row)
    return row


def _proposed(council: str, file: str) -> Version | None:
    rows = Version.objects.filter(council=council, file=file, state=State.PROPOSED.value)
    found: Version | None = rows.order_by("-number").first()
    return found


def _newest(council: str, file: str) -> Version | None:
    found: Version | None = (
        Version.objects.filter(council=council, file=file)
        .exclude(state=State.DISCARDED.value)
        .order_by("-number")
        .first()
    )
    return found


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
