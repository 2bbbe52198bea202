"""Which fields of what is said of people are shown, and to whom: the policy against the table written by hand."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

import careshape
from careshape.accounts.end import change_role
from careshape.errors import CatalogueError
from careshape.policy import Principal, policy, roles
from careshape.policy.fields import seen
from careshape.policy.rules import Allow, Record, read_records
from careshape.privacy.classification import tables
from tests.policy import who_sees

SOURCE = Path(careshape.__file__).parent
WHOLE = (
    "accounts/listing.py", "policy/listing.py", "work/asking.py", "work/column_views.py", "work/register_views.py",
    "readers/change_views.py", "work/reader_views.py",
    "reuse/regional_views.py", "work/tables.py", "work/writing_views.py", "work/intention_views.py",
    "work/care/list_views.py", "work/care/provider_views.py",
    "work/care/provider_keep_views.py", "work/care/evidence_views.py", "work/care/tender_views.py",
    "work/care/return_views.py", "work/care/return_file_views.py",
    "work/care/price_views.py", "work/care/grade_views.py", "work/care/standing_views.py",
    "work/care/capacity_views.py", "work/care/alert_views.py", "work/care/room_views.py",
    "work/care/kept_views.py", "work/care/switch_views.py", "work/care/application_views.py",
    "work/care/approach_views.py", "work/care/settle_views.py",
)  # fmt: skip
"""Modules with lists of what says nothing of people: teams, organisations, registers, figures, columns of files, what
changed, parts of a statement with their posts, intentions, lists, capacity and alerts of the market; and of what
somebody follows themselves."""


def test_policy_shows_what_the_table_written_by_hand_shows():
    stated = {
        (act.id, record, field, role)
        for act in policy().acts.values()
        for record in policy().records
        for role in roles()
        for field in policy().fields(Principal(role=role, account=0), act.id, record)
    }
    assert stated == set(who_sees.rows())


def test_every_table_that_is_personal_and_reached_by_others_has_a_record():
    """Rows that an account alone reaches are its own, and shown whole; what nobody reaches has no page."""
    recorded = {name for record in policy().records.values() for name in record.models}
    used = {
        name for name, table in tables().items() if table.personal and set(getattr(table.model, "scopes", {})) - {"own"}
    }
    assert used - recorded == set()


def test_field_that_nobody_states_is_shown_to_nobody():
    auditor = Principal(role="auditor", account=1, council="worcestershire")
    values = {"name": "Somebody", "email": "somebody@example.org", "href": "/x/"}
    assert seen(auditor, "accounts.read", "person", values) == {"name": "Somebody", "href": "/x/"}
    assert seen(Principal(role="broker", account=1), "accounts.read", "person", values) == {"href": "/x/"}
    assert seen(auditor, "no.such_act", "person", values) == {"href": "/x/"}
    limited = Principal(role="auditor", account=1, token=1, acts=frozenset({"work.postings"}))
    assert seen(limited, "accounts.read", "person", values) == {"href": "/x/"}


def test_field_that_no_file_lists_cannot_be_shown_at_all():
    with pytest.raises(KeyError, match="shoe_size"):
        seen(Principal(role="administrator", account=1), "accounts.read", "person", {"shoe_size": 43})


@pytest.mark.parametrize(
    ("fields", "said"), [({"persom": ("name",)}, "no such record"), ({"person": ("shoe_size",)}, "no such field")]
)
def test_policy_that_names_what_there_is_not_is_refused(fields, said):
    from careshape.policy.rules import Act, _check_fields

    act = Act(id="a.b", title="x", allow=(Allow(roles=("broker",), rows="council", fields=fields),))
    with pytest.raises(CatalogueError, match=said):
        _check_fields(act, policy().records)
    assert read_records('[[record]]\nid = "one"\ntitle = "One"\nfields = ["a"]\n', "x") == [
        Record(id="one", title="One", fields=("a",))
    ]


def test_change_of_a_field_that_is_not_stated_is_refused(people, monkeypatch):
    stated = policy().acts["accounts.change"]
    fewer = stated.allow[0].model_copy(update={"fields": {"person": ("group", "locations")}})
    monkeypatch.setitem(policy().acts, "accounts.change", stated.model_copy(update={"allow": (fewer,)}))
    administrator, row = people.principal("administrator"), people.memberships["worcestershire", "broker"]
    change_role(administrator, row, "broker", team=people.teams["worcestershire"][1])
    row.refresh_from_db()
    assert row.team.name == "South"
    with pytest.raises(PermissionDenied):
        change_role(administrator, row, "analyst", team=row.team)
    row.refresh_from_db()
    assert row.role == "broker"


def test_lists_of_what_is_said_of_people_are_made_in_the_one_place_that_cuts_them():
    makers = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if "print" not in file.parts  # a listing on paper is another thing: what becomes of a table that is too wide
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Listing"
    }
    assert makers <= set(WHOLE)
