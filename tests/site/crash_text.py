"""Kills of people who write a page and agree it, as a part of the rig that ``crash_rig`` is."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from careshape.accounts.models import Account
from careshape.home import Home
from careshape.ledger.ledger import SETTINGS_FILE
from careshape.policy import Principal
from careshape.writing.kinds import Kind, register
from careshape.writing.models import Version
from careshape.writing.place import digest, in_force, put
from careshape.writing.settle import agree, put_due_in_force
from careshape.writing.write import propose

FILE = "rig/page.md"
register(Kind("rig", "A page of the rig", re.compile(r"rig/page\.md"), lambda *given: [], lambda council: None))
Killed = Callable[[Callable[[Callable[[int], None]], None], float], list[int]]


def texts(kills: int, draw: random.Random, folder: Path, safe: bool, killed: Killed) -> Counter[str]:
    """Kill who proposes and agrees; what is in force must be what a second person agreed, and must be all of it."""
    slug, home = f"rig-{'safe' if safe else 'unsafe'}-{draw.getrandbits(32)}", Home(folder)
    home.council_path(slug).mkdir(parents=True)
    (home.council_path(slug) / SETTINGS_FILE).write_text(f'authority = "{slug}"\nname = "Rig"\n', "utf-8")
    writer, second = (
        Principal(
            role="commissioner", account=Account.objects.create_user(f"{who}@{slug}.example", None).pk, council=slug
        )
        for who in ("writer", "second")
    )

    def task(tell: Callable[[int], None], first: int) -> None:
        for number in range(first, first + 1000):
            content = f"{number}\n" * 2000
            if not safe:
                put(home, slug, FILE, content)  # the control: the text first, and then that it is agreed
                time.sleep(0.02)
            now = in_force(home, slug, FILE)
            row = propose(writer, slug, FILE, content + "agreed\n", "Rig", base=digest(now) if now else "")
            tell(2 * number)
            agree(second, row)
            tell(2 * number + 1)

    began = time.monotonic()
    agree(second, propose(writer, slug, FILE, "before\n", "Rig"))
    agree(second, propose(writer, slug, FILE, "then\n", "Rig"))
    usual = (time.monotonic() - began) / 2
    found: Counter[str] = Counter()
    for turn in range(kills):
        acknowledged = killed(lambda tell, turn=turn: task(tell, turn * 1000), draw.uniform(0.5, 6) * usual)
        there = in_force(home, slug, FILE)
        agreed = Version.objects.filter(council=slug, state="agreed")
        half = there is not None and not agreed.filter(digest=digest(there)).exists()
        put_due_in_force()
        asked = list(Version.objects.filter(council=slug, number__gt=2, state__in=("proposed", "agreed")))
        Version.objects.filter(council=slug, state__in=("draft", "proposed")).update(state="discarded")
        left = in_force(home, slug, FILE)
        last = agreed.order_by("-number").first()
        # A proposal that was told is kept, and so is an agreement: twice its number, and one more.
        told = {2 * int(row.content.partition("\n")[0]) for row in asked}
        told |= {2 * int(row.content.partition("\n")[0]) + 1 for row in agreed.filter(number__gt=2)}
        found += Counter(
            kills=1,
            acknowledged=len(acknowledged),
            lost=sum(number not in told for number in acknowledged)
            + int(safe and last is not None and digest(left or "") != last.digest),
            half=int(half),
        )
    return found
