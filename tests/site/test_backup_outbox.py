"""A backup while lines go into the records: what is restored hands each line over once, and loses none."""

from __future__ import annotations

import json

import pytest

from tests.installation import Installation

FILL = """
import sys
from datetime import date
from pathlib import Path
from careshape.accounts.models import Account, Council
from careshape.ledger import Ledger
from careshape.policy import Principal
from careshape.source.packages.handover import hand_over
from careshape.source.requests.award import award, said_of
from tests.site.crash_care import _member, _offers
Ledger.create(Path(sys.argv[1]) / "councils" / "worcestershire", "worcestershire", demonstration=True)
council = Council.objects.create(slug="worcestershire", name="Worcestershire")
account = Account.objects.create_user("broker@tests.example", None)
broker = Principal(role="broker", account=account.pk, council=council.slug)
one, two, *_ = _offers(_member(council), account)
award(broker, one, said_of(one))
hand_over("worcestershire")
award(broker, two, said_of(two))  # waits
"""
BACKUP = """
import contextlib, os, sys, time
from pathlib import Path
from django.db import connections
from careshape.accounts.models import Account
from careshape.home import Home
from careshape.policy import Principal
from careshape.site import backup
from careshape.source.models import Offer
from careshape.source.packages.handover import hand_over
from careshape.source.requests.award import award, said_of
from tests.installation import running

def meanwhile():
    # Somebody awards, and the records take it, between the database and the files; as far as the backup lets them.
    account = Account.objects.get()
    offer = Offer.objects.order_by("-pk")[0]
    award(Principal(role="broker", account=account.pk, council="worcestershire"), offer, said_of(offer))
    hand_over("worcestershire")

# It is begun before the backup: a child that is forked within it would share its locks.
go, told = os.pipe()
connections.close_all()
child = os.fork()
if child == 0:
    os.close(told)
    os.read(go, 1)
    with contextlib.suppress(BaseException):
        meanwhile()
    os._exit(0)
write_files = backup._write_files

def slowly(archive, home):
    os.write(told, b"x")
    ends = time.monotonic() + float(sys.argv[3])
    while time.monotonic() < ends and running(child):
        time.sleep(0.05)
    return write_files(archive, home)

backup._write_files = slowly
if sys.argv[4] == "unsafe":
    backup.backup_outbox.held = lambda home: contextlib.nullcontext()
backup.backup(Home(Path(sys.argv[1])), Path(sys.argv[2]))
os.waitpid(child, 0)
"""
LOOK = """
import json, sys
from careshape.ledger import Ledger
from careshape.source.models import Award, Handover, Line
from careshape.source.packages.handover import hand_over, waiting
before = hand_over("worcestershire")
again = hand_over("worcestershire")
ledger = Ledger.open(sys.argv[1] + "/councils/worcestershire")
print(json.dumps(dict(
    handed=before, again=again, waiting=waiting("worcestershire"), lines=Line.objects.count(),
    awards=Award.objects.count(), rows=sum(one.rows for one in ledger.postings()),
    sources=[one.source for one in ledger.postings()],
)))
"""


def restored(place: Installation, file, variant: str) -> tuple[dict, list[dict]]:
    """What an installation finds that was restored from a backup under hand-over, and what its restoration proved."""
    place.python(FILL, place.data)
    place.python(BACKUP, place.data, file, 2 if variant == "safe" else 60, variant)
    there = Installation(file.parent / "restored", "", place.zygote)
    proofs = json.loads(there.done("restore", file, "--format", "json"))
    return json.loads(there.python(LOOK, there.data)), proofs


def test_what_is_restored_hands_each_line_over_once_and_loses_none(installation, tmp_path):
    found, proofs = restored(installation, tmp_path / "backup.zip", "safe")
    said = {one["what"]: one["found"] for one in proofs}["lines for the records worcestershire"]
    assert said == "1 rows wait for the records, 1 is their last posting of it"
    assert (found["awards"], found["lines"], found["waiting"], found["again"]) == (2, 2, False, 0)
    assert (found["handed"], found["rows"]) == (1, 2)
    assert found["sources"] == ["packages 000001.csv", "packages 000002.csv"]
    # Where the backup was taken all goes on: what waited for it went into the records afterwards.
    there = json.loads(installation.python(LOOK, installation.data))
    assert (there["lines"], there["rows"], there["handed"]) == (3, 3, 0)


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_rig_sees_what_a_backup_beside_the_hand_over_would_hold(installation, tmp_path):
    found, _ = restored(installation, tmp_path / "backup.zip", "unsafe")
    assert (found["lines"], found["rows"]) == (2, 3)  # the records hold a line of a package that the database has not
