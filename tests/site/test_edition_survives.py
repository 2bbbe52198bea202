"""A released edition outlives its machine and its database: it is restored elsewhere, and comes back byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests import postgres
from tests.installation import Installation, new_database

RELEASED = """
import sys
from pathlib import Path
from careshape.audit.change import SYSTEM
from careshape.editions.begin import prepare
from careshape.editions.settle import release
from tests.editions.conftest import RULE
from tests.statement.sample import make_sample
data = make_sample(Path(sys.argv[1]))
(data / "councils" / "worcestershire" / "disclosure.toml").write_text(RULE, "utf-8")
release(SYSTEM, prepare(SYSTEM, "worcestershire"))
"""
REBUILT = """
import json, sys
from pathlib import Path
from careshape.editions.models import Edition
from careshape.editions.rebuild import rebuild
from careshape.home import Home
found = rebuild(Home(Path(sys.argv[1])), "worcestershire", 1).as_dict()
row = Edition.objects.get()
print(json.dumps(found | {"state": row.state, "manifest": row.manifest}))
"""


@pytest.fixture
def elsewhere(installation: Installation, postgres_address: str) -> Iterator[Installation]:
    """An empty place to restore to, on the other database."""
    with ExitStack() as stack:
        url = "" if installation.url else stack.enter_context(new_database(postgres_address, postgres.TABLES))
        yield Installation(installation.data.parent / "restored", url, installation.zygote)


@pytest.mark.postgres
@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_edition_survives_backup_and_restore_on_the_other_database(installation, elsewhere, tmp_path):
    installation.python(RELEASED, installation.data)
    before = json.loads(installation.python(REBUILT, installation.data))
    file = tmp_path / "backup.zip"
    installation.done("backup", file)
    proofs = json.loads(elsewhere.done("restore", file, "--format", "json"))
    assert {proof["good"] for proof in proofs} == {"yes"}
    after = json.loads(elsewhere.python(REBUILT, elsewhere.data))
    assert (after["state"], after["equal"], after["moved"], after["differ"]) == ("released", True, [], [])
    assert after == before
    page = "councils/worcestershire/editions/1/pages/index.html"
    assert (elsewhere.data / page).read_bytes() == (installation.data / page).read_bytes()
