"""The policy that enforces and the table that judges it agree, address by address, without a request being made."""

from __future__ import annotations

import pytest

from careshape.policy import policy, roles
from careshape.policy.rules import read_policy
from careshape.policy.table import UNDECLARED, addresses, expected, table
from careshape.policy.views import act_of, methods_of
from tests.policy import who_may


def mismatches() -> list[str]:
    judge, found = who_may.rows(), []
    for one in addresses():
        url = f"/{one.url}"
        rows = who_may.rows_of(url, judge)
        stated = set(methods_of(one.view)) - {"HEAD"}
        judged = {method for row in rows for method in row.methods}
        for method in sorted(stated | judged):
            for role in roles():
                for kind in one.objects:
                    has = expected(act_of(one.view, method), role, kind) if method in stated else "no-method"
                    should = who_may.expected(rows, method, role, kind)
                    if has != should:
                        found.append(f"{method} {url} as {role} on {kind}: the policy says {has}, the table {should}")
    return found


def test_policy_agrees_with_the_table_written_by_hand(db):
    assert mismatches() == []


def test_every_address_states_its_act(db):
    assert [row["url"] for row in table() if row["expected"] == UNDECLARED] == []


def test_every_row_of_the_table_is_of_an_address(db):
    urls = [f"/{one.url}" for one in addresses()]
    assert [row.url for row in who_may.rows() if not any(row.covers(url) for url in urls)] == []


def test_file_with_an_unknown_role_is_refused():
    from careshape.errors import CatalogueError

    text = '[[act]]\nid = "a.b"\ntitle = "x"\n[[act.allow]]\nroles = ["commisioner"]\nrows = "council"\n'
    with pytest.raises(CatalogueError, match="There is no such role"):
        read_policy(text, "x/policy.toml")


def test_scope_all_is_given_only_to_acts_that_touch_no_row():
    """Acts whose rows are ``all`` touch no row of a council; whoever adds one has to add it here too."""
    assert {act.id for act in policy().acts.values() if any(allow.rows == "all" for allow in act.allow)} <= {
        "accounts.sign_in", "readers.stop", "reuse.about", "site.health", "site.static", "source.answer_link",
            "statement.help",
        "work.describe", "work.home", "work.search",
    }  # fmt: skip
