"""Comment on a section of an edition, and answer: nothing is public before the council publishes it."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Final

from django.utils import timezone

from careshape.accounts.mail import link, write
from careshape.accounts.models import Account
from careshape.audit.change import change
from careshape.editions.models import Edition
from careshape.editions.models import State as Step
from careshape.errors import CallError
from careshape.policy import Principal
from careshape.readers.models import LONGEST, Comment, State
from careshape.readers.said import Said
from careshape.statement.slots import SLOTS

ACT: Final = "readers.comment"
ANSWER: Final = "readers.answer"
SHORTEST: Final = 10
A_DAY: Final = 5
"""Comments that one account may write in a day."""
WAITING: Final = 20
"""Comments of one account that may wait for an answer."""
KINDS: Final = {"provider": "A provider", "voluntary": "A voluntary organisation"}
"""Role -> what the public reads in place of a name."""
STAFF: Final = "Somebody who works for the council"


def kind_of(role: str) -> str:
    """The kind of commenter that a role is: never a name."""
    return KINDS.get(role, STAFF)


def comment(principal: Principal, row: Edition, said: Said, segment: str, slot: str, text: str) -> Comment:
    """Say something of a section of a released edition. It waits for the council's answer, and nobody else sees it.

    Raises CallError for a section that the edition does not have, for a text that is none, and where somebody says more
    than there are people to answer.
    """
    if row.state != Step.RELEASED.value:
        raise CallError("This edition is not released, so it cannot be commented on yet.")
    if faults := wrong(said, segment, slot, text):
        raise CallError(" ".join(faults.values()))
    clean = plain(text, "comment")
    account = Account.objects.get(pk=principal.account)
    with change(principal, ACT, lock=[account], chain=row.council) as told:
        mine = Comment.objects.filter(author=account)
        if mine.filter(made_at__gte=timezone.now() - timedelta(days=1)).count() >= A_DAY:
            raise CallError(f"You have written {A_DAY} comments today. Write on tomorrow, so that each gets an answer.")
        if mine.filter(state=State.WAITING.value).count() >= WAITING:
            raise CallError(f"{WAITING} of your comments wait for an answer. Wait for one of them first.")
        if mine.filter(state=State.WAITING.value, council=row.council, segment=segment, slot=slot, text=clean).exists():
            raise CallError("You have said this already, and it waits for an answer.")
        made = Comment.objects.create(
            council=row.council, edition=row.number, segment=segment, slot=slot, author=account, role=principal.role,
            text=clean, state=State.WAITING.value,
        )  # fmt: skip
        told(made, edition=row.number, segment=segment, slot=slot)
    return made


def wrong(said: Said, segment: str, slot: str, text: str) -> dict[str, str]:
    """All that is wrong with a comment, by field: the section that it is of, and its text."""
    found = {}
    if not segment:
        found["section"] = "Choose the section that your comment is about."
    elif segment not in said.segments or (slot and slot not in {one["id"] for one in said.segments[segment]["slots"]}):
        found["section"] = "The edition has no such section. Choose one of the list."
    try:
        plain(text, "comment")
    except CallError as error:
        found["text"] = str(error)
    return found


def plain(text: str, what: str) -> str:
    """A text as it is kept: plain words, without what no keyboard writes. Raises CallError where too little is left."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = "".join(one for one in lines if one == "\n" or unicodedata.category(one)[0] != "C").strip()
    if len(clean) < SHORTEST:
        raise CallError(f"Write your {what} in {SHORTEST} characters or more.")
    if len(clean) > LONGEST:
        raise CallError(f"Your {what} has {len(clean):,} characters. Write at most {LONGEST:,}.")
    return clean


def withdraw(principal: Principal, row: Comment, back: bool = False) -> None:
    """Take back what one has said, answered or not: it is gone from every page. Or let it wait again."""
    with change(principal, ACT, lock=[row], chain=row.council) as told:
        row.refresh_from_db()
        if back != (row.state == State.WITHDRAWN.value):
            raise CallError("It waits already." if back else "You have taken it back already.")
        row.state = State.WAITING.value if back else State.WITHDRAWN.value
        row.save(update_fields=["state"])
        told(row, state=row.state)


def answer(principal: Principal, row: Comment, text: str, publish: bool) -> None:
    """Answer a comment, to its writer alone or for everybody to read. The writer is told by mail.

    Raises CallError for an answer that is none, and for a comment that its writer has taken back.
    """
    clean = plain(text, "answer")
    with change(principal, ANSWER, lock=[row], chain=row.council) as told:
        row.refresh_from_db()
        _need(row)
        again = row.answer == clean
        row.answer, row.answered_at = clean, timezone.now()
        row.answered_by = Account.objects.get(pk=principal.account) if principal.account else None
        row.state = State.PUBLISHED.value if publish else State.ANSWERED.value
        row.save()
        told(row, state=row.state)
        if not again:
            _tell(row)


def settle(principal: Principal, row: Comment, back: bool = False) -> None:
    """Close a comment without an answer, or open it again. What was published is no longer."""
    with change(principal, ANSWER, lock=[row], chain=row.council) as told:
        row.refresh_from_db()
        _need(row)
        if back != (row.state == State.SETTLED.value):
            raise CallError("It is not settled." if back else "It is settled already.")
        row.state = State.WAITING.value if back else State.SETTLED.value
        row.save(update_fields=["state"])
        told(row, state=row.state)


def section_of(row: Comment, said: Said | None) -> str:
    """The section that a comment is of, in words."""
    title = said.segments.get(row.segment, {}).get("title", row.segment) if said else row.segment
    slot = SLOTS.get(row.slot, "")
    return f"{title}: {slot[:1].lower()}{slot[1:]}" if slot else str(title)


def _need(row: Comment) -> None:
    if row.state == State.WITHDRAWN.value:
        raise CallError("Its writer has taken this comment back.")


def _tell(row: Comment) -> None:
    """Write to who commented that there is an answer; somebody who has left is not written to."""
    if row.author.is_active:
        write(
            row.author.email, "readers/mail/answered", council=row.council, public=row.state == State.PUBLISHED.value,
            address=link(f"/work/comments/{row.pk}/"),
        )  # fmt: skip
