"""Every field of the database says whether it is about a person, and how long it is kept."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model

from careshape.privacy.classification import Table, faults, rules, tables


def test_every_field_of_every_table_is_classified_with_a_rule_of_keeping(promise):
    assert faults() == []
    known = [model._meta.label for model in apps.get_models(include_auto_created=True)]
    assert set(tables()) == set(known), "other packages' tables too"
    many = sum(len(one.classes()) for one in tables().values())
    # The control: a field, and a table, that nobody classified are named.
    account = tables()["accounts.Account"]
    left_out = account.model_copy(update={"personal": tuple(name for name in account.personal if name != "email")})
    said = faults([get_user_model()], {account.id: left_out})
    assert said == ["accounts.Account.email is not classified."]
    assert faults([get_user_model()], {}) == [
        "accounts.Account is not classified. State it in the room's privacy.toml."
    ]
    promise("R16 classification", f"{many} fields of {len(known)} tables classified; control: a new field is named")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"none": ("id", "email")}, "email is classified twice"),
        ({"personal": ("email", "nothing")}, "nothing is classified, and there is no such field"),
        ({"erase": "nobody"}, "nothing says what becomes of it"),
        ({"erase": "keep", "why": ""}, "nothing says why"),
        ({"erase": "delete", "subject": ""}, "nothing says whose"),
        ({"blank": {}}, "would keep email"),
    ],
)
def test_classification_that_contradicts_itself_is_named(change, said):
    whole = tables()["accounts.Account"]
    assert any(said in one for one in faults([get_user_model()], {whole.id: whole.model_copy(update=change)}))


def test_rules_say_why_and_tables_that_go_by_time_have_a_period():
    for rule in rules().values():
        assert len(rule.basis) > 20, rule.id
    for table in tables().values():
        rule = rules()[table.rule]
        if table.since:
            assert not rule.always, table.id
            assert table.since in {one.name for one in table.model._meta.local_concrete_fields}
        else:
            assert rule.always or table.id in ("accounts.Account", "audit.Event"), table.id


def test_table_is_read_strictly():
    with pytest.raises(ValueError, match="extra"):
        Table(id="a.B", rule="no-person", unknown=1)  # type: ignore[call-arg]
