"""Write a version of a file, and propose it: the steps of who writes."""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from careshape.accounts.councils import council_row
from careshape.accounts.models import Account
from careshape.audit.change import Told, change
from careshape.errors import CallError, InputError
from careshape.home import Home
from careshape.policy import Principal
from careshape.statement.lint import Fault
from careshape.writing import every_kind  # noqa: F401  (registers the kinds)
from careshape.writing.kinds import kind_of
from careshape.writing.models import State, Version
from careshape.writing.notices import tell_who_may_agree
from careshape.writing.place import digest, in_force

ACT: Final = "writing.write"
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters but newline and tab: no feed and no document may hold them."""
MOST_WHY: Final = 500
SAY_WHY: Final = "Say why you change it: who agrees it reads that first."
BEFORE: Final = "As it stood before it was changed here."


class Refused(InputError):
    """A version that was not proposed, because of what is wrong with it; it is kept as a draft."""

    def __init__(self, version: Version, faults: list[Fault]) -> None:
        self.version, self.faults = version, faults
        many = "1 thing is" if len(faults) == 1 else f"{len(faults)} things are"
        super().__init__(f"{many} to be put right first. Your draft is kept. {faults[0]}")


class Meanwhile(CallError):
    """Somebody else's words took the place of what a version was written against; both are kept."""

    def __init__(self, version: Version) -> None:
        self.version = version
        super().__init__(
            "The page was changed since you began. Your draft is kept. Look at both texts, and bring yours up to date."
        )


class Elsewhere(CallError):
    """The same writer saved another text of the same draft in another window; what came second is not saved."""

    def __init__(self, version: Version) -> None:
        self.version = version
        super().__init__(
            "You saved another text of this page in another window. Your words here are below and are not saved yet: "
            "save them to have them in the place of the others."
        )


def save(
    principal: Principal, council: str, file: str, content: str, why: str = "", *, base: str | None = None,
    seen: str | None = None,
) -> Version:  # fmt: skip
    """Keep a content as the principal's draft of a file.

    Args:
        principal: who writes.
        council: slug of the council.
        file: place of the file in the council's folder: statement/18-home-care.md.
        content: the whole of the file.
        why: what the writer says of the change.
        base: digest of what the writer began from; what is in force now by default.
        seen: digest of the draft that the writer saw, empty for none; where another was saved since, Elsewhere is
            raised. By default nothing is compared.

    Raises CallError for a file that is not changed here, InputError for a content that cannot be kept.
    """
    content, why = _clean(content, kind_of(file).most), _said(why)
    row = council_row(council)
    with change(principal, ACT, lock=[row], chain=council) as told:
        return _save(told, principal, council, file, content, why, base, seen)


def _save(
    told: Told, principal: Principal, council: str, file: str, content: str, why: str, base: str | None,
    seen: str | None,
) -> Version:  # fmt: skip
    keep_what_was(told, council, file)
    now = in_force(Home(settings.CARESHAPE_DIR), council, file)
    draft = own_draft(principal, council, file)
    if draft is not None and seen is not None and seen != draft.digest and draft.content != content:
        raise Elsewhere(draft)
    if draft is None:
        begun = base if base is not None else (digest(now) if now is not None else "")
        draft = Version(
            council=council, file=file, number=next_number(council, file), base=begun, state=State.DRAFT.value,
            written_by=Account.objects.get(pk=principal.account),
        )  # fmt: skip
    elif base is not None:
        draft.base = base
    draft.content, draft.digest, draft.written_at = content, digest(content), timezone.now()
    draft.why = why or draft.why
    draft.save()
    told(draft, act=ACT, file=file, number=draft.number, state=draft.state)
    return draft


def propose(
    principal: Principal, council: str, file: str, content: str, why: str, *, base: str | None = None,
    seen: str | None = None,
) -> Version:  # fmt: skip
    """Keep a content as the principal's draft, and propose it to a second person.

    The arguments are those of ``save``. Raises Refused where the content has faults, Meanwhile where the file was
    changed since the draft was begun, and CallError where it says what is in force already or where nothing is said of
    why; the draft is kept in each case.
    """
    draft = save(principal, council, file, content, why, base=base, seen=seen)
    if not draft.why:
        raise CallError(f"{SAY_WHY} Your draft is kept.")
    now = in_force(Home(settings.CARESHAPE_DIR), council, file)
    if now is not None and digest(now) == draft.digest:
        raise CallError("This is what is in force already: there is nothing to agree.")
    if draft.base != (digest(now) if now is not None else ""):
        raise Meanwhile(draft)
    faults = kind_of(file).check(council, file, draft.content)
    if faults:
        raise Refused(draft, faults)
    with change(principal, ACT, lock=[draft], chain=council) as told:
        draft.refresh_from_db()
        if draft.state != State.DRAFT.value or draft.digest != digest(_clean(content, kind_of(file).most)):
            raise CallError("The draft was changed in another window. Open it again.")
        draft.state, draft.proposed_at = State.PROPOSED.value, timezone.now()
        draft.save()
        told(draft, act="writing.propose", file=file, number=draft.number, state=draft.state)
        tell_who_may_agree(draft)
    return draft


def take_back(principal: Principal, row: Version) -> Version:
    """Make a draft again of what the principal proposed. Raises CallError where it is not theirs, or not proposed."""
    with change(principal, ACT, lock=[row], chain=row.council) as told:
        row.refresh_from_db()
        if row.written_by_id != principal.account:
            raise CallError("Another person wrote this. You may turn it back, and say why.")
        if row.state not in (State.PROPOSED.value, State.TURNED_BACK.value):
            raise CallError(f"This version is not one to be taken back: {row.state_words.lower()}.")
        if own_draft(principal, row.council, row.file) is not None:
            raise CallError("You have a draft of this page already. Propose or discard that first.")
        if row.agreed_at is not None:  # its day had not come when it was turned back: nobody's agreement holds
            now = in_force(Home(settings.CARESHAPE_DIR), row.council, row.file) or ""
            row.content = kind_of(row.file).taken_up(now, row.content)
            row.digest, row.agreed_at, row.agreed_by = digest(row.content), None, None
        row.state, row.proposed_at, row.ended_at, row.ended_by = State.DRAFT.value, None, None, None
        row.save()
        told(row, file=row.file, number=row.number, state=row.state)
    return row


def own_draft(principal: Principal, council: str, file: str) -> Version | None:
    """The principal's draft of a file, if there is one."""
    found: Version | None = Version.objects.filter(
        council=council, file=file, state=State.DRAFT.value, written_by_id=principal.account, written_by__isnull=False
    ).first()
    return found


def next_number(council: str, file: str) -> int:
    """The number of a file's next version."""
    last = Version.objects.filter(council=council, file=file).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


def keep_what_was(told: Told, council: str, file: str) -> None:
    """Keep what is in force as a version where none says it: before the first change, and where a hand changed it."""
    now = in_force(Home(settings.CARESHAPE_DIR), council, file)
    if now is None or standing(council, file, digest(now)) is not None:
        return
    at = timezone.now()
    row = Version.objects.create(
        council=council, file=file, number=next_number(council, file), content=now, digest=digest(now), why=BEFORE,
        state=State.AGREED.value, written_at=at, agreed_at=at, in_force_at=at,
    )  # fmt: skip
    told(row, act="writing.found", file=file, number=row.number)


def standing(council: str, file: str, of: str) -> Version | None:
    """The version that is in force, by the digest of the file as it is; None where no version says just that.

    One that was agreed and whose file was written when the process ended counts: the rest of it follows.
    """
    found: Version | None = (
        Version.objects.filter(council=council, file=file, state=State.AGREED.value, digest=of)
        .order_by("-number").first()
    )  # fmt: skip
    return found


def _clean(content: str, most: int) -> str:
    """A content as it is kept: lines end in one way, and the last one ends."""
    content = content.replace("\r\n", "\n").replace("\r", "\n").rstrip() + "\n"
    if found := _CONTROLS.search(content):
        name = "NUL" if found[0] == "\x00" else f"U+{ord(found[0]):04X}"
        raise InputError(f"The text holds a character that no text holds ({name}). Paste it again as plain text.")
    if len(content) > most:
        raise InputError(f"The text has {len(content):,} characters, and at most {most:,} are kept. Make it shorter.")
    return content


def _said(why: str) -> str:
    why = " ".join(_CONTROLS.sub("", why).split())
    if len(why) > MOST_WHY:
        raise InputError(f"What you say of the change has {len(why)} characters, and at most {MOST_WHY} are kept.")
    return why
