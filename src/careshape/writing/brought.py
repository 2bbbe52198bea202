"""A statement that comes with careshape is brought in: agreed page by page as it stands, on the day of the records.

From that day on its figures are held against what they were: see ``careshape.statement.proof.Moves``.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.conf import settings
from django.utils import timezone

from careshape.accounts.councils import council_row
from careshape.accounts.models import Account
from careshape.audit.change import change
from careshape.errors import CallError
from careshape.home import Home
from careshape.policy import Principal
from careshape.writing.files import files_in_force
from careshape.writing.models import State, Version
from careshape.writing.place import digest, has_own, in_force, put_all
from careshape.writing.settle import ACT
from careshape.writing.texts import FOLDER, TEXT
from careshape.writing.write import next_number

WHY: Final = "The statement as it was brought in."


def bring_in(writer: Principal, second: Principal, council: str, on: date) -> int:
    """Agree every page of a statement that a council has not changed yet; how many pages have a day beside their slots.

    Args:
        writer: who answers for the words.
        second: another person, who agrees them.
        council: slug of the council.
        on: the day of the records that they were written from; figures are held against what was known then.

    A council with a text of its own is left as it is. Raises CallError where both are one person.
    """
    home = Home(settings.CARESHAPE_DIR)
    if writer.account == second.account:
        raise CallError("A second person agrees what one has written.")
    if has_own(home, council, FOLDER):
        return 0
    files = [one.file for one in files_in_force(home, council) if one.kind is TEXT]
    before = {file: now for file in files if (now := in_force(home, council, file)) is not None}
    made = {file: TEXT.agreed("", now, on) for file, now in before.items()}
    changed = {file: content for file, content in made.items() if content != before[file]}
    by, agreed_by, at = Account.objects.get(pk=writer.account), Account.objects.get(pk=second.account), timezone.now()
    with change(second, ACT, lock=[council_row(council)], chain=council) as told:
        for file, content in changed.items():
            row = Version.objects.create(
                council=council, file=file, number=next_number(council, file), content=content, digest=digest(content),
                base=digest(before[file]), why=WHY, state=State.AGREED.value, written_by=by, written_at=at,
                proposed_at=at, agreed_by=agreed_by, agreed_at=at, in_force_at=at,
            )  # fmt: skip
            told(row, file=file, number=row.number, state=row.state, digest=row.digest)
        if changed:
            put_all(home, council, changed)
    return len(changed)
