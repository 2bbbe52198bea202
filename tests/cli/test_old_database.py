"""Long work on a database of an older version is refused before it begins, and not when all was worked out."""

from __future__ import annotations

import pytest

from careshape.cli import main, recording
from careshape.editions import begin
from careshape.home import Home
from careshape.site import migrations
from careshape.site.migrations import Standing


@pytest.mark.parametrize("command", [["edition", "prepare"], ["release", "1"]])
def test_edition_is_not_begun_on_a_database_of_an_older_version(tmp_path, monkeypatch, capsys, command):
    from careshape.ledger import Ledger

    Ledger.create(Home(tmp_path).council_path("thurrock"), "thurrock", demonstration=True)
    old = Standing((("editions", "0001_initial"),), (("editions", "0004_disclosure_rule"),), ())
    monkeypatch.setattr(recording, "has_database", lambda home: True)
    monkeypatch.setattr(migrations, "standing", lambda using="default": old)
    monkeypatch.setattr(begin, "prepare_files", lambda *given: pytest.fail("It was begun."))
    assert main(["--dir", str(tmp_path), *command, "--authority", "thurrock"]) != 0
    said = capsys.readouterr().err
    assert "The database is of an older version: editions.0004_disclosure_rule is missing." in said
    assert "careshape database migrate" in said
