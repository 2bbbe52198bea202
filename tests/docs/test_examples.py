"""Every example of the documentation is run, file by file and in order, in a folder of its own.

In a page of ``docs/``, fenced blocks mean:

- ``python``: run, in one namespace a page; a ``text`` block right after it is what it prints.
- ``console``: each line after ``$ `` is a command, ``careshape ...`` or ``export NAME=value``; lines below it are its
  output, compared if there are any, where a line ``...`` stands for any lines. ``console exit=1`` expects the last
  command to end with that code.
- any block with ``file=NAME`` after its language: written to that file first, so that later blocks can read it.
- ``not-run`` after the language: shown and not run, for what needs another machine, such as ``git clone``.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests import warm
from tests.once import SHARED

from careshape.ledger.posting import uk_day

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w+)(?P<options>[^\n]*)\n(?P<body>.*?)^(?P=indent)```[ \t]*$", re.M | re.S
)
RUN = ("python", "console")
TIME_LIMIT = 300


@dataclass
class Block:
    """A fenced block: its line, language and options, and what a text block after it expects it to print."""

    line: int
    language: str
    options: list[str]
    body: str
    expected: str | None = None


@dataclass
class Page:
    """What the examples of one page share: a folder, a Python namespace and environment variables."""

    path: Path
    folder: Path
    namespace: dict[str, Any] = field(default_factory=lambda: {"__name__": "example"})
    environment: dict[str, str] = field(default_factory=dict)

    def run(self) -> int:
        """Run every block; the number of blocks run."""
        run = 0
        for block in blocks(self.path.read_text(encoding="utf-8")):
            for option in block.options:
                if option.startswith("file="):
                    target = self.folder / option.removeprefix("file=")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(block.body, encoding="utf-8")
            if block.language not in RUN or "not-run" in block.options:
                continue
            run += 1
            if block.language == "python":
                self._python(block)
            else:
                self._console(block)
        return run

    def _python(self, block: Block) -> None:
        code = compile("\n" * block.line + block.body, str(self.path), "exec")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, self.namespace)
        if block.expected is not None:
            self._compare(block, printed.getvalue(), block.expected)

    def _console(self, block: Block) -> None:
        wanted = next((int(option[5:]) for option in block.options if option.startswith("exit=")), 0)
        commands = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", block.body, re.M)
        assert commands, f"{self.path}:{block.line}: a console block holds commands, each after '$ '"
        for number, (command, expected) in enumerate(commands, start=1):
            name, _, rest = command.partition(" ")
            if name == "export":
                variable, _, value = rest.partition("=")
                self.environment[variable] = value
                continue
            assert name == "careshape", f"{self.path}:{block.line}: only careshape is run here; mark the block not-run"
            seen = os.environ | self.environment
            done = warm.careshape(*shlex.split(rest), cwd=self.folder, env=seen, timeout=TIME_LIMIT)
            allowed = wanted if number == len(commands) else 0
            assert done.returncode == allowed, f"{self.path}:{block.line}: {command}\n{done.stdout}{done.stderr}"
            if expected.strip():
                self._compare(block, done.stdout + done.stderr, expected)

    def _compare(self, block: Block, printed: str, expected: str) -> None:
        assert matches(printed, expected), (
            f"{self.path}:{block.line}: the example prints\n{printed}\nand the page says\n{expected}"
        )


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    end = 0
    for match in FENCE.finditer(text):
        body = re.sub(f"^{match['indent']}", "", match["body"], flags=re.M)
        if match["language"] == "text" and found and not text[end : match.start()].strip():
            found[-1].expected = body
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(line, match["language"], match["options"].split(), body))
        end = match.end()
    return found


def matches(printed: str, expected: str) -> bool:
    """Whether output is what a page says; a line of three dots stands for any lines, none included.

    ``<today>`` stands for the day on which it runs, which no page can know.
    """
    said = [line.rstrip() for line in expected.strip("\n").splitlines()]
    pattern = "".join(r"(?:[^\n]*\n)*?" if line == "..." else _line(line) + r"\n" for line in said)
    got = "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").splitlines())
    return re.fullmatch(pattern, got) is not None


def _line(said: str) -> str:
    return re.escape(said).replace(re.escape("<today>"), today())


def today() -> str:
    """The day on which an example runs, as the product says it."""
    return uk_day(datetime.now(UTC)).isoformat()


def pages() -> list[Path]:
    """Pages with at least one example to run."""
    return [
        path
        for path in sorted(DOCS.rglob("*.md"))
        if any(
            block.language in RUN and "not-run" not in block.options
            for block in blocks(path.read_text(encoding="utf-8"))
        )
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to work in, as the home of a user without settings; what an example sets is undone."""
    before = dict(os.environ)
    for name in [name for name in before if name.startswith("CARESHAPE_") and name != SHARED]:
        del os.environ[name]
    os.environ.update({"HOME": str(tmp_path), "COLUMNS": "120", "NO_COLOR": "1"})
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    yield work
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(DOCS)))
def test_examples_of_page_do_what_it_says(path: Path, folder: Path) -> None:
    assert Page(path, folder).run() > 0


def run_text(text: str, folder: Path) -> int:
    path = folder / "page.md"
    path.write_text(text, encoding="utf-8")
    return Page(path, folder).run()


def test_runner_shares_names_between_blocks_and_writes_files(folder: Path) -> None:
    text = (
        "```toml file=a/b.toml\nx = 1\n```\n\n"
        "```python\nfrom pathlib import Path\ny = Path('a/b.toml').read_text()\n```\n"
        "Then:\n\n```python\nprint(y)\n```\n\n```text\nx = 1\n```\n"
    )
    assert run_text(text, folder) == 2


@pytest.mark.parametrize(
    "text",
    [
        "```python\nprint(1)\n```\n\n```text\n2\n```\n",  # prints something else
        "```python\nprint(1)\n```\n\n```text\n```\n",  # prints what the page does not show
        "```python\nraise ValueError\n```\n",  # fails
        "```console\n$ careshape no-such-command\n```\n",  # exits with another code
        "```console\n$ careshape --help\nnot what it says\n```\n",  # says something else
        "```console\n$ rm nothing\n```\n",  # is no command of careshape, and the page does not say not-run
    ],
)
def test_runner_fails_on_example_that_does_not_hold(text: str, folder: Path) -> None:
    with pytest.raises((AssertionError, ValueError)):
        run_text(text, folder)


def test_runner_leaves_out_blocks_marked_not_run(folder: Path) -> None:
    assert run_text("```console not-run\n$ git clone somewhere\n```\n", folder) == 0


@pytest.mark.parametrize(
    ("printed", "expected", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a  \nb", "a\nb\n", True),  # blanks at the end of a line do not count
        ("a\nb\nc\n", "a\n...\nc\n", True),
        ("a\nc\n", "a\n...\nc\n", True),
        ("a\nb\n", "a\n", False),
        (f"a {today()}\n", "a <today>\n", True),
        ("a 2020-01-01\n", "a <today>\n", False),
        ("a.c\n", "a...\n", False),  # dots inside a line are dots
    ],
)
def test_matches_reads_three_dots_as_any_lines(printed: str, expected: str, same: bool) -> None:
    assert matches(printed, expected) is same
