"""Messages to who must act, and to who waits for an answer; they name the page, and nothing of what is written."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from careshape.accounts.mail import link, write
from careshape.accounts.models import Account
from careshape.accounts.who_may import who_may
from careshape.writing.kinds import kind_of
from careshape.writing.models import Comment, State, Version


def tell_who_may_agree(row: Version) -> None:
    """Tell everybody who may agree a version, but its writer."""
    _tell(who_may("writing.agree", row.council).exclude(pk=row.written_by_id), "proposed", row)


def tell_writer(row: Version, template: str) -> None:
    """Tell the writer of a version what became of it; nobody where it was there before anybody wrote here."""
    if row.written_by is not None:
        _tell([row.written_by], template, row)


def tell_of_comment(row: Comment) -> None:
    """Tell the writer of a version that a colleague said something of it, and everybody who has its file under way."""
    of = row.version
    under_way = Q(state__in=(State.DRAFT.value, State.PROPOSED.value)) | Q(pk=of.pk)
    rows = Version.objects.filter(under_way, council=of.council, file=of.file).exclude(written_by=row.written_by)
    for one in {each.written_by_id: each for each in rows.select_related("written_by")}.values():
        tell_writer(one, "comment")


def tell_of_answer(row: Comment) -> None:
    """Tell who commented that there is an answer."""
    if row.answered_by_id != row.written_by_id:
        _tell([row.written_by], "answer", row.version)


def _tell(accounts: Iterable[Account], template: str, row: Version) -> None:
    """Write to those of them who still work for the council: who has left is told nothing more."""
    title = kind_of(row.file).name(row.council, row.file)
    still_here = set(who_may("writing.see", row.council))
    for one in still_here.intersection(accounts):
        write(
            one.email, f"writing/mail/{template}", council=row.council, page=title, number=row.number,
            address=link(f"/work/writing/versions/{row.pk}/"),
        )  # fmt: skip
