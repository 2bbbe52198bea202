"""Kills of people who prepare, agree and release editions, and of those who follow them, comment and answer, as a part
of the rig that ``crash_rig`` is.

What an edition says is worked out once and remembered, for it takes seconds and writes nothing: the kills fall on what
is pinned, written and put in place, and on what the database and its log are told.
"""

from __future__ import annotations

import json
import pickle
import random
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from careshape.accounts.models import Account, Council, Membership, Message, Organisation
from careshape.accounts.sealed import opened
from careshape.audit.change import SYSTEM, change, named
from careshape.audit.models import Event
from careshape.editions import prepare as preparing
from careshape.editions.begin import prepare
from careshape.editions.folders import MANIFEST, PAGES, digest, digests, edition_path, editions_path
from careshape.editions.models import Edition
from careshape.editions.models import State as Step
from careshape.editions.settle import agree, discard, release
from careshape.home import Home
from careshape.policy import Principal
from careshape.readers.comment import answer, comment
from careshape.readers.follow import Wish, follow
from careshape.readers.models import Comment, Follow, Notice, State, What
from careshape.readers.said import said
from careshape.readers.tell import tell
from tests.editions.conftest import RULE
from tests.ledger import crash_rig as ledger_rig
from tests.site.crash_care import HALF, STUCK, killed_in_an_act
from tests.statement.sample import make_sample

COUNCIL: Final = "worcestershire"
STEPS: Final = ("follow", "prepare", "agree", "release", "tell", "comment", "answer")
READERS: Final = 3
READY: Final = -2
"""What a child says when it has reached its database: the clock of a kill begins then."""
REMEMBERED: Final = "worked out"
ANSWER: Final = "We will call you this week."


@dataclass
class Round:
    """One edition on its way: who acts on it, and how many of the steps were seen done.

    edition, message: the greatest keys of both before it began; folders: those of the editions before it.
    """

    writer: Principal
    second: Principal
    readers: tuple[Principal, ...]
    edition: int
    message: int
    folders: frozenset[Path]
    at: int = 0

    @property
    def row(self) -> Edition | None:
        """The edition, once it is prepared."""
        return Edition.objects.filter(council=COUNCIL, pk__gt=self.edition).first()


def releases(kills: int, draw: random.Random, folder: Path) -> Counter[str]:
    """Kill who follows, prepares, agrees, releases, tells, comments and answers: each is whole or was never there."""
    here, settings.CARESHAPE_DIR = settings.CARESHAPE_DIR, folder / "released"
    try:
        return _releases(kills, draw)
    finally:
        settings.CARESHAPE_DIR = here


def _releases(kills: int, draw: random.Random) -> Counter[str]:
    preparing.work_out = _remembered  # type: ignore[assignment]
    # By a child, as every look at the ledger: what forks must have no threads.
    assert ledger_rig.finished(*ledger_rig.child(_first)), "the first edition was not prepared"
    found: Counter[str] = Counter()
    one, times = begin(), list[float]()
    done = killed_in_an_act(lambda tell, one=one: go_on(one, tell), len(STEPS) + 1, draw, times)
    one.at = shown(one)
    assert (done, one.at) == ([READY, *range(1, len(STEPS) + 1)], len(STEPS)), (done, one.at)
    # Seconds within which a step is killed. A new child takes longer over its first than one that has done others: who
    # got nowhere is given longer, however busy the machine is.
    within = times[1:]
    for _ in range(kills):
        if one.at in (HALF, len(STEPS)):  # what is half done is found once
            end(one)
            one = begin()
        said_so = killed_in_an_act(lambda tell, one=one: go_on(one, tell), 1, draw, [], within[one.at])
        acknowledged = [number for number in said_so if number not in (READY, STUCK)]
        before, one.at = one.at, shown(one)
        if one.at == before:
            within[before] *= 2
        found += Counter(
            kills=1,
            acknowledged=len(acknowledged),
            stuck=said_so.count(STUCK),
            half=int(one.at == HALF),
            lost=int(one.at != HALF and one.at < max([before, *acknowledged])),
        )
    end(one)
    return found


def _first() -> bool:
    """Make the council, and an edition of which what was worked out is remembered."""
    make_sample(settings.CARESHAPE_DIR)
    Home(settings.CARESHAPE_DIR).council_path(COUNCIL).joinpath("disclosure.toml").write_text(RULE, "utf-8")
    discard(SYSTEM, prepare(SYSTEM, COUNCIL))
    return (Path(settings.CARESHAPE_DIR) / REMEMBERED).exists()


def _remembered(home: Home, authority: str, folder: Path, number: int, *given: Any) -> preparing.Made:
    """What was worked out the first time, in which a sentence is another in each edition."""
    file = Path(settings.CARESHAPE_DIR) / REMEMBERED
    if not file.exists():
        file.write_bytes(pickle.dumps(WORK_OUT(home, authority, folder, number, *given)))
    made: preparing.Made = pickle.loads(file.read_bytes())
    return replace(made, said=made.said.replace("There is some.", f"There is some: {number}."))


WORK_OUT: Final = preparing.work_out


def begin() -> Round:
    """The people of a round; all readers but the first follow the statement already."""
    council, mark = Council.objects.get(slug=COUNCIL), secrets.token_hex(6)
    provider, _ = Organisation.objects.get_or_create(council=council, kind="provider", name="Synthetic provider W-001")

    def made(role: str, organisation: Organisation | None = None) -> Principal:
        account = Account.objects.create_user(f"{secrets.token_hex(4)}@{mark}.example", None)
        Membership.objects.create(account=account, council=council, role=role, organisation=organisation)
        return Principal(
            role=role, account=account.pk, council=COUNCIL, organisation=organisation.pk if organisation else None
        )

    one = Round(
        made("commissioner"), made("commissioner"), tuple(made("provider", provider) for _ in range(READERS)),
        _last(Edition), _last(Message), frozenset(_folders()),
    )  # fmt: skip
    for reader in one.readers[1:]:
        follow(reader, Wish(What.STATEMENT))
    return one


def _last(model: Any) -> int:
    return int(model.objects.aggregate(last=Max("pk"))["last"] or 0)


def end(one: Round) -> None:
    """Let the people of a round be told of no later one."""
    accounts = [each.account for each in (one.writer, one.second, *one.readers)]
    Follow.objects.filter(account__in=accounts).update(stopped_at=timezone.now())
    Membership.objects.filter(account__in=accounts).update(ended_at=timezone.now())


def go_on(one: Round, tell: Callable[[int], None]) -> None:
    """Do what is left, step by step, and acknowledge each. Who cannot go on where a killed one stopped says so."""
    connection.ensure_connection()
    tell(READY)
    for step in range(one.at, len(STEPS)):
        try:
            act(one, STEPS[step])
        except Exception:
            tell(STUCK)
            raise
        tell(step + 1)


def act(one: Round, step: str) -> None:
    """One step of an edition."""
    row, reader = one.row, one.readers[0]
    if step == "follow":
        follow(reader, Wish(What.STATEMENT))
    elif row is None:
        prepare(one.writer, COUNCIL)
    elif step == "agree":
        agree(one.second, row)
    elif step == "release":
        release(one.writer, row)
    elif step == "tell":
        tell(row)
    elif step == "comment":
        says = said(Home(settings.CARESHAPE_DIR), COUNCIL, row.number)
        comment(reader, row, says, "care-homes", "need", "We could take four more people.")
    else:
        answer(one.writer, Comment.objects.get(author=reader.account), ANSWER, True)


def shown(one: Round) -> int:
    """How many steps of an edition show; HALF where anything of one is missing, or stands without one before it."""
    row, reader = one.row, one.readers[0].account
    wrote = Comment.objects.filter(author=reader).first()
    told = Notice.objects.filter(account__in=[each.account for each in one.readers])
    steps = [
        Follow.objects.filter(account=reader).exists(),
        row is not None,
        row is not None and row.state in (Step.AGREED.value, Step.RELEASED.value),
        row is not None and row.state == Step.RELEASED.value,
        told.count() == READERS,
        wrote is not None,
        wrote is not None and wrote.state == State.PUBLISHED.value,
    ]
    many = sum(steps)
    halves = (
        steps != [True] * many + [False] * (len(STEPS) - many),
        not all(whole(folder) for folder in _folders() if folder not in one.folders),
        Edition.objects.filter(council=COUNCIL, pk__gt=one.edition).count() > 1,
        row is not None and not _is_told(one, row, steps),
        not all(_is_written(each) for each in told),
        not _is_said(wrote),
    )
    return HALF if any(halves) else many


def _folders() -> list[Path]:
    folder = editions_path(Home(settings.CARESHAPE_DIR), COUNCIL)
    return [each for each in folder.iterdir() if each.name.isdigit()]


def whole(folder: Path) -> bool:
    """Whether the folder of an edition holds all that its manifest says."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (FileNotFoundError, ValueError):  # not begun, or not written to its end
        return False
    return bool(digests(folder / PAGES) == manifest["pages"])


def _is_told(one: Round, row: Edition, steps: list[bool]) -> bool:
    """Whether the folder is that of the row, and the log and who must act were told of each step, and once."""
    content = (edition_path(Home(settings.CARESHAPE_DIR), COUNCIL, row.number) / MANIFEST).read_bytes()
    events = [_events(f"editions.{step}", row) for step in ("prepare", "agree", "release")]
    asked = [_mails(who, f"/work/editions/{row.number}/", one.message) for who in (one.second, one.writer)]
    return digest(content) == row.manifest and events == steps[1:4] and asked == steps[1:3]


def _is_written(notice: Notice) -> bool:
    """Whether a follower who was dealt with has one mail, and the log one event of it."""
    mails = _mails(notice.account_id, f"/{COUNCIL}/editions/{notice.edition}/")
    return notice.changes > 0 and mails == 1 == _events("readers.tell", notice)


def _is_said(wrote: Comment | None) -> bool:
    """Whether a comment has its event, and its answer its text, its event and its mail."""
    if wrote is None:
        return True
    there = wrote.state == State.PUBLISHED.value
    mails = _mails(wrote.author_id, f"/work/comments/{wrote.pk}/")
    return (_events("readers.comment", wrote), _events("readers.answer", wrote), mails, bool(wrote.answer)) == (
        1, there, there, there
    )  # fmt: skip


def _events(act: str, row: Any) -> int:
    return Event.objects.filter(act=act, object=named(row)).count()


def _mails(who: Principal | int, words: str, after: int = 0) -> int:
    """Mails to somebody that have some words: no worker hands them over meanwhile."""
    address = Account.objects.get(pk=who.account if isinstance(who, Principal) else who).email
    texts = (json.loads(opened(row.content)) for row in Message.objects.filter(council=COUNCIL, pk__gt=after))
    return sum(one["to"] == address and words in one["text"] for one in texts)


def bare_releases(kills: int, draw: random.Random, folder: Path) -> dict[str, Counter[str]]:
    """The control: a folder that is written where it is to stand, a release and an answer without their transaction."""
    found: dict[str, Counter[str]] = {name: Counter() for name in ("folder", "release", "answer")}
    tasks = {"folder": _bare_folder, "release": _bare_release, "answer": _bare_answer}
    slug = f"rig-release-{secrets.token_hex(6)}"
    account = Account.objects.create_user(f"reader@{slug}.example", None)
    there = _folder_to_copy(folder / slug)
    for name, task in tasks.items():
        for number in range(1, kills + 1):
            row, wrote, at = _row(slug, number, name), _comment(slug, account), folder / slug / f"{name}-{number}"

            def bare(tell: Callable[[int], None], task: Any = task, given: Any = (row, wrote, there, at)) -> None:
                connection.ensure_connection()
                tell(READY)
                task(*given)

            killed_in_an_act(bare, 1, draw, [], 0.04)
            row.refresh_from_db()
            wrote.refresh_from_db()
            released = row.state == Step.RELEASED.value
            found[name]["half"] += {
                "folder": at.exists() and not whole(at),
                "release": released and _events("editions.release", row) != 1,
                "answer": bool(wrote.answer) != bool(_events("readers.answer", wrote)),
            }[name]
    return found


def _folder_to_copy(folder: Path) -> Path:
    (folder / PAGES).mkdir(parents=True)
    for number in range(20):
        (folder / PAGES / f"{number}.html").write_text("x" * 1000, "utf-8")
    (folder / MANIFEST).write_text(json.dumps({"pages": digests(folder / PAGES)}), "utf-8")
    return folder


def _row(slug: str, number: int, name: str) -> Edition:
    at = ("folder", "release", "answer").index(name) * 1000 + number
    made: Edition = Edition.objects.create(
        council=slug, number=at, state=Step.PREPARED.value, posting=1, known_on=timezone.now().date(), manifest="",
        prepared_at=timezone.now(),
    )  # fmt: skip
    return made


def _comment(slug: str, account: Account) -> Comment:
    made: Comment = Comment.objects.create(
        council=slug, edition=1, segment="care-homes", slot="need", author=account, role="provider", text="We could.",
        state=State.WAITING.value,
    )  # fmt: skip
    return made


def _bare_folder(row: Edition, wrote: Comment, there: Path, at: Path) -> None:
    for file in (MANIFEST, *(f"{PAGES}/{number}.html" for number in range(20))):
        (at / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(there / file, at / file)
        time.sleep(0.002)


def _bare_release(row: Edition, wrote: Comment, there: Path, at: Path) -> None:
    now = timezone.now()
    Edition.objects.filter(pk=row.pk).update(state=Step.RELEASED.value, agreed_at=now, released_at=now)
    time.sleep(0.02)
    with change(SYSTEM, "editions.release", chain=row.council) as told:
        told(row, number=row.number)


def _bare_answer(row: Edition, wrote: Comment, there: Path, at: Path) -> None:
    Comment.objects.filter(pk=wrote.pk).update(state=State.PUBLISHED.value, answer=ANSWER, answered_at=timezone.now())
    time.sleep(0.02)
    with change(SYSTEM, "readers.answer", chain=wrote.council) as told:
        told(wrote, state=State.PUBLISHED.value)
