"""The words that code and data files put on a page: found in their sources, so that nothing has to be marked.

A phrase is a text that stands whole in the code, such as a title, a status or a refusal, or the label of an entry of a
data file. What is put together from values is written with ``say("... {name} ...", name=...)``.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_WORDS: Final = re.compile(r"(?:[A-Z“]|\d+% )[\w’'“”£%&,.:;?!()/ –-]*")
"""A title or sentence: it begins with a capital and holds nothing but words and stops."""
_WITH_VALUES: Final = re.compile(r"(?:[A-Z]|\{\w+\} )[^<>\\|=#\[\]]*(?:\{\w+\}|[a-z])[^<>\\|=#\[\]]*")
_SPOKEN: Final = re.compile(r"[a-z]{2}")
_MACHINE: Final = re.compile(r"^[A-Z][\w-]*[A-Z_/]\w*$|^[A-Z]-|^\w+/\w+$|-[A-Z]\w+$|\.(?:toml|csv|json|html|py|md)\b")
"""What no person reads: names of headers, classes and files."""
LABELS: Final = frozenset({
    "label", "title", "description", "what", "formula", "limitations", "updated", "source", "question", "said", "asks",
    "short", "plural", "reason",
})  # fmt: skip
"""Fields of data files that people read."""
TABLES: Final = frozenset({"narrowed_by"})
"""Tables of data files of which people read every value."""
DICTIONARIES: Final = ("WORDS", "BASES", "ORIGINS")
"""How names of dictionaries of the code end of which people read every value."""
LEFT_OUT: Final = frozenset({"cli", "bench", "demo", "migrations", "site"})
"""Rooms whose words stand on no page; commands speak English."""


def phrases(root: Path) -> list[str]:
    """Every phrase of the package at ``root``, each once, in the order of its files."""
    found: dict[str, None] = {}
    for file in sorted(root.rglob("*.py")):
        if not LEFT_OUT & set(file.relative_to(root).parts):
            found |= dict.fromkeys(of_code(file.read_text("utf-8")))
    for file in sorted(root.rglob("*.toml")):
        if "content" not in file.relative_to(root).parts and "starter" not in file.relative_to(root).parts:
            found |= dict.fromkeys(_of_data(tomllib.loads(file.read_text("utf-8"))))
    return list(found)


def of_code(source: str) -> Iterator[str]:
    """The phrases of a module: texts of ``say``, and texts that stand whole; no docstrings, no parts of others."""
    tree = ast.parse(source)
    silent = {id(one) for node in ast.walk(tree) for one in _silent(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            if _is_phrase(node.value):
                yield node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and node.args:
            yield from _said(node.args[0], tree)
        elif isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Dict):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name) and target.id.endswith(DICTIONARIES):
                yield from (str(one.value) for one in node.value.values if isinstance(one, ast.Constant))


def _said(first: ast.expr, tree: ast.Module) -> Iterator[str]:
    """The text that ``say`` is given: itself, or the constant of the module that is named."""
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield first.value
    elif isinstance(first, ast.IfExp):
        yield from (*_said(first.body, tree), *_said(first.orelse, tree))
    elif isinstance(first, ast.Name):
        for node in tree.body:
            target = getattr(node, "target", None) or next(iter(getattr(node, "targets", [])), None)
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and target.id == first.id and isinstance(value, ast.Constant):
                yield str(value.value)


def pieces(source: str, refusals: bool = True) -> Iterator[str]:
    """What stands between the values of texts that code puts together otherwise: no file of words can reach it.

    Without ``refusals``, only what is not within a ``raise``.
    """
    tree = ast.parse(source)
    raised = {id(one) for node in ast.walk(tree) if isinstance(node, ast.Raise) for one in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and (refusals or id(node) not in raised):
            for one in node.values:
                if isinstance(one, ast.Constant) and len(re.findall(r"[A-Za-z]{2,}", str(one.value))) > 1:
                    yield " ".join(str(one.value).split())


def _silent(node: ast.AST) -> Iterator[ast.AST]:
    """What of a node nobody reads: docstrings, texts on their own, and the pieces of texts with values."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from node.values


def _is_phrase(text: str) -> bool:
    whole = _WORDS.fullmatch(text) or _WITH_VALUES.fullmatch(text)
    return bool(whole and _SPOKEN.search(text) and not _MACHINE.search(text))


def _of_data(entry: Any) -> Iterator[str]:
    if isinstance(entry, dict):
        for name, value in entry.items():
            if name in TABLES and isinstance(value, dict):
                yield from (one for one in value.values() if isinstance(one, str))
            elif name in LABELS and isinstance(value, str) and re.search(r"[A-Za-z]{2}", value):
                yield value
            else:
                yield from _of_data(value)
    elif isinstance(entry, list):
        for value in entry:
            yield from _of_data(value)
