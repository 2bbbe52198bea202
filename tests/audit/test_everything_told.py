"""Nothing writes to the database but inside a change that tells of it, or where it is written down why not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import careshape

SOURCE = Path(careshape.__file__).parent
WRITES = {"create", "update", "delete", "save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
MANAGERS = {"objects", "_base_manager", "_default_manager"}
TELLS = {"change", "tell", "tell_postings"}
REASONS = {
    "accounts/councils.py": "the row of a council that has a folder; making the folder is told as ledger.create",
    "accounts/mail.py": "messages are written within the change that they tell of, and go when they are handed over",
    "accounts/models/account.py": "the manager that verbs call within their change",
    "accounts/one_time.py": "called by second_factor within its change; using a code is told as a sign-in",
    "accounts/passkeys.py": "called by second_factor within its change; using a passkey is told as a sign-in",
    "accounts/sessions.py": "the store of sessions: signing in and out are told",
    "accounts/tries.py": "counts of failed tries: each is told as a refusal",
    "audit/retire.py": "the log itself: it writes an event of its own, audit.retire",
    "audit/write.py": "the log itself",
    "jobs/worker.py": "signs of life of workers",
    "providers/capacity/take.py": "what is promised is written within the change that is handed in",
    "source/judged/judging.py": "what the rules said is written within the change that is handed in",
    "source/packages/lines.py": "lines are written within the change that is handed in",
    "source/together/accept.py": "what became of a proposal: the award or the sending that it became is told",
    "work/api/replay.py": "answers that are kept for a day: what they answer is told",
    "work/background.py": "how far an import is",
    "demo_year/year.py": "takes back what the year of a demonstration would still hand over; its acts are told",
    "cli/bench_load.py": "makes a folder of synthetic people to measure under load",
    "cli/load_desk.py": "makes what a broker of that folder reads",
}


def untold(source: str) -> bool:
    """Whether a module writes rows and neither opens a change nor tells."""
    tree = ast.parse(source)
    calls = {name for node in ast.walk(tree) if isinstance(node, ast.Call) for name in _name(node.func)}
    return any(_writes(node) for node in ast.walk(tree)) and not calls & TELLS


def _name(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr


def _writes(node: ast.AST) -> bool:
    """Whether it is a call such as X.objects.filter(...).update(...)."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
        return False
    inner: ast.expr = node.func.value
    while isinstance(inner, ast.Call | ast.Attribute):
        if isinstance(inner, ast.Attribute) and inner.attr in MANAGERS:
            return True
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return False


def test_every_module_that_writes_rows_tells_of_it(promise):
    modules = [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]
    found = {str(path.relative_to(SOURCE)) for path in modules if untold(path.read_text("utf-8"))}
    assert found - set(REASONS) == set(), "write inside audit.change(...), or state here why it need not be told"
    writing = sum(any(map(_writes, ast.walk(ast.parse(path.read_text("utf-8"))))) for path in modules)
    # The control: a module that writes and does not tell is found.
    assert untold("from x import Row\ndef f(pk):\n    Row.objects.filter(pk=pk).update(name='x')\n")
    assert not untold(
        "def f(row):\n    with change(p, 'a.b') as told:\n        Row.objects.create()\n        told(row)\n"
    )
    told = writing - len(found)
    promise("R5 audit sweep", f"{told} of {writing} modules that write tell of it, {len(found)} state why not")
