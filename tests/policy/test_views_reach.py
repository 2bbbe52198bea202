"""Nothing in a view reaches around the scoped querysets: each row that a page shows was reached by an act."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import careshape

SOURCE = Path(careshape.__file__).parent
REACHING = {"reach", "reached"}
MANAGERS = {"objects", "_base_manager", "_default_manager"}
AROUND = {
    ("accounts/views/invitation.py", "Account"): "the link of an invitation leads to who has an account already",
    ("accounts/views/sign_on.py", "IdentityProvider"): "providers are offered to who has not signed in",
    ("accounts/views/signing_in.py", "IdentityProvider"): "providers are offered to who has not signed in",
    ("accounts/views/signing_in.py", "OneTimeCodes"): "of who has shown a first factor, and is nobody yet",
    ("accounts/views/signing_in.py", "Passkey"): "of who has shown a first factor, and is nobody yet",
    ("work/audit_views.py", "Account"): "names of those who did what was reached",
    ("work/api/log.py", "Account"): "names of those who did what was reached",
    ("work/api/privacy.py", "Account"): "names of those whom the council's holds cover, and of who placed them",
    ("work/audit_views.py", "Head"): "of the principal's own council; its number and digest are on every download",
}
"""Module and model -> why a view asks for rows that no act reaches."""


def views() -> list[Path]:
    """The modules that answer requests: those in which a function says which act it does."""
    return [file for file in SOURCE.rglob("*.py") if _states_an_act(ast.parse(file.read_text("utf-8")))]


def _states_an_act(module: ast.Module) -> bool:
    return any(
        isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("does", "doing")
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef)
        for decorator in function.decorator_list
        for call in ast.walk(decorator)
    )


def around(text: str) -> list[str]:
    """The models of which a module takes rows without reaching them."""
    module = ast.parse(text)
    above = {child: parent for parent in ast.walk(module) for child in ast.iter_child_nodes(parent)}
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            chain: ast.AST = node
            reached = False
            while isinstance(above[chain], ast.Attribute | ast.Call) and getattr(above[chain], "args", None) != [chain]:
                chain = above[chain]
                reached = reached or (isinstance(chain, ast.Attribute) and chain.attr in REACHING)
            if not reached and not _reached_later(chain, above):
                found.append(ast.unparse(node.value).rpartition(".")[2])
    return found


def _reached_later(chain: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """Whether a queryset is kept under a name of which nothing but what is reached is used."""
    kept = above[chain]
    if not (isinstance(kept, ast.Assign) and isinstance(kept.targets[0], ast.Name)):
        return False
    function: ast.AST = kept
    while not isinstance(function, ast.FunctionDef | ast.Module):
        function = above[function]
    name = kept.targets[0].id
    uses = [
        above[one]
        for one in ast.walk(function)
        if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load)
    ]
    return bool(uses) and all(isinstance(one, ast.Attribute) and one.attr in REACHING for one in uses)


def test_views_take_rows_by_reaching_them_alone():
    found = {(str(file.relative_to(SOURCE)), model) for file in views() for model in around(file.read_text("utf-8"))}
    assert len(views()) > 15
    assert found - set(AROUND) == set(), "take these by .reached or .reach, or say here why not"
    assert set(AROUND) - found == set(), "nothing of what is excused is gone"


@pytest.mark.parametrize(
    ("line", "goes_around"),
    [
        ("Team.objects.reached(p, 'a').filter(x=1).first()", False),
        ("Team.objects.select_related('x').reach(p, 'a', pk=1)", False),
        ("rows = Team.objects.select_related('x')\n    rows.reach(p, 'a')", False),
        ("rows = Team.objects.select_related('x')\n    rows.reach(p, 'a'); rows.get(pk=1)", True),
        ("Team.objects.get(pk=1)", True),
        ("Team._base_manager.all()", True),
        ("[one for one in Team.objects.filter(pk=1)]", True),
        ("list(Team.objects.all())", True),
    ],
)
def test_what_goes_around_is_found(line, goes_around):
    assert around(f"def view(p):\n    {line}\n") == (["Team"] if goes_around else [])
