"""What waits of what is written: to be agreed, to be taken up again, to be looked at again."""

from __future__ import annotations

from django.db.models import Q

from careshape.errors import CareshapeError
from careshape.work.desk import Desk
from careshape.work.found import Found
from careshape.writing.contents import contents
from careshape.writing.kinds import kind_of
from careshape.writing.models import Comment, State, Version

DUE = ("Due for review", "Overdue", "Empty")
_NAMED = 3


def pages_to_agree(desk: Desk) -> Found:
    """Versions that another person proposed."""
    rows = Version.objects.reached(desk.principal, "writing.agree").filter(state=State.PROPOSED.value)
    return _found(list(rows.exclude(written_by=desk.principal.account).defer("content").order_by("proposed_at")))


def own_pages(desk: Desk) -> Found:
    """Versions of one's own that were turned back and not taken up again, or on which a comment waits."""
    asked = Comment.objects.filter(answered_at__isnull=True, settled_at__isnull=True)
    asked = asked.exclude(written_by=desk.principal.account)
    own = Version.objects.reached(desk.principal, "writing.write").filter(written_by=desk.principal.account)
    rows = own.filter(Q(state=State.TURNED_BACK.value) | Q(pk__in=asked.values("version")))
    return _found(list(rows.defer("content").order_by("written_at")))


def parts_due(desk: Desk) -> Found | None:
    """Slots of the statement that nobody wrote, or that were to be looked at again."""
    if desk.council is None:
        return None
    try:
        due = [one for one in contents(desk.principal, desk.council) if one.state in DUE]
    except CareshapeError:
        return None
    said = "; ".join(f"{one.segment.title}, “{one.title}”" for one in due[:_NAMED])
    return Found(len(due), f"{said}{_more(len(due))}" if due else "")


def _found(rows: list[Version]) -> Found:
    names = [kind_of(row.file).name(row.council, row.file) for row in rows[:_NAMED]]
    link = f"/work/writing/versions/{rows[0].pk}/" if len(rows) == 1 else ""
    return Found(len(rows), f"{'; '.join(names)}{_more(len(rows))}" if rows else "", link)


def _more(many: int) -> str:
    return f" and {many - _NAMED:,} more." if many > _NAMED else "."
