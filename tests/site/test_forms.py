"""What a form answers that was not sent from one of our pages, and who may read the database's file."""

from __future__ import annotations

import stat

from django.db import connections
from django.test import Client

from careshape.site import migrations


def test_form_that_is_not_ours_is_refused_in_our_words(db):
    answer = Client(enforce_csrf_checks=True, SERVER_NAME="localhost").post("/sign-in/", {"email": "a@b.example"})
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "This form could not be taken" in text
    assert "Nothing was changed" in text
    assert "<style" not in text


def test_database_file_is_made_for_its_owner_alone(tmp_path, monkeypatch):
    file = tmp_path / "careshape.sqlite3"
    connection = connections["default"]
    monkeypatch.setitem(connection.settings_dict, "NAME", file)
    monkeypatch.setattr(type(connection), "vendor", "sqlite")
    migrations._close("default")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
