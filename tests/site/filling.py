"""What tests of moving and keeping write: rows in many tables, and whoever writes on while a backup is taken."""

FILL = """
import json, sys
from datetime import UTC, datetime, timedelta
from careshape.accounts.models import Team
from careshape.audit.change import SYSTEM, change
from careshape.jobs import clock
from careshape.jobs.enqueue import enqueue
from careshape.jobs.models import Job
from tests.accounts.people import make_people
from tests.jobs import kinds_for_tests

people = make_people()
council = people.councils["worcestershire"]
with change(SYSTEM, "accounts.change", chain="worcestershire") as told:
    for number in range(30):
        team = Team.objects.create(council=council, name=f"Tîm {number} “x” \\\\ 'y' \\t é 𝄞")
        told(team, nested={"a": [1, 2.5, None, True]})
people.memberships["worcestershire", "provider"].locations.set(
    people.organisations["worcestershire"][0].locations.all()
)
enqueue(people.principal("administrator"), "tests.note", {"text": "ü", "deep": {"b": 1, "a": [0.1, -3e-7]}}, key="k")
enqueue(SYSTEM, "tests.note", {"text": ""}, run_after=datetime(2031, 7, 1, 12, 30, 15, 123456, tzinfo=UTC))
# The last number that was given is that of a row which is gone: no other row may get it.
gone = Team.objects.create(council=council, name="gone")
print(gone.pk)
gone.delete()
"""
NEXT_TEAM = """
from careshape.accounts.models import Council, Team
print(Team.objects.create(council=Council.objects.get(slug="worcestershire"), name="the next").pk)
"""
GUARDED = """
from django.db import DatabaseError, transaction
from careshape.accounts.models import Membership, Team
from careshape.audit.models import Event
refused = 0
for wrong in (
    lambda: Event.objects.update(act="x"),
    lambda: Event.objects.all().delete(),
    lambda: Membership.objects.update(role="nobody"),
    lambda: Team.objects.update(name="the same"),
):
    try:
        with transaction.atomic():
            wrong()
    except DatabaseError:
        refused += 1
print(refused)
"""
VERIFY = """
from careshape.audit.verify import verify_all
print([str(one) for one in verify_all() if not one.whole])
"""
EDIT_ON = """
import itertools, sys
from careshape.accounts.models import Council, Team
from careshape.audit.change import SYSTEM, change
council = Council.objects.get(slug="worcestershire")
for number in itertools.count():
    with change(SYSTEM, "accounts.change", lock=[council], chain="worcestershire") as told:
        for part in range(3):
            told(Team.objects.create(council=council, name=f"edit {sys.argv[1]} {number} {part}"))
    print(number, flush=True)
"""
IMPORT_ON = """
import itertools, sys
from pathlib import Path
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from tests.ledger.writing import package, write_csv
for number in itertools.count():
    rows = [package(f"L-{number}-{line}", provider_reference=f"W-{number}") for line in range(40)]
    ledger = Ledger.open(sys.argv[1])
    report = import_file(ledger, write_csv(Path(sys.argv[2]) / f"{number}.csv", rows))
    print(report.posting, flush=True)
"""
LEDGER = """
import sys
from careshape.ledger import Ledger
Ledger.create(sys.argv[1], "worcestershire", demonstration=True)
"""
LOOK = """
import json, sys
from collections import Counter
from careshape.accounts.models import Team
from careshape.ledger import Ledger
names = Team.objects.filter(name__startswith="edit ").values_list("name", flat=True)
parts = Counter(name.rpartition(" ")[0] for name in names)
ledger = Ledger.open(sys.argv[1])
from careshape.ledger.engine import session
with session() as (connection, _):
    rows = connection.execute(f"SELECT posting, count(*) FROM {ledger.table.relation()} GROUP BY 1").fetchall()
known = ledger.providers()
print(json.dumps({
    "edits": parts, "postings": [one.number for one in ledger.postings()], "rows": dict(rows), "providers": len(known),
}))
"""
