"""The text of a template: found in its source as it is loaded, so that no template has to mark it.

A message is what stands in one text node or one spoken attribute, with its values as {0}, {1}; or a text among the
arguments of an expression. Tags and statements part messages. A value that is itself a message, such as the label of a
status, is put through the words as the page is made; ids, classes and addresses never are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from jinja2 import Environment

ATTRIBUTES: Final = ("alt", "aria-label", "title", "placeholder", "aria-description", "data-title")
"""Attributes that are read out or shown."""
UNSPOKEN: Final = ("script", "style")
Translate = Callable[[str], str]
_LETTER: Final = re.compile(r"[^\W\d_]")
_ENTITY: Final = re.compile(r"&#?\w+;")
_EXPRESSION: Final = re.compile(r"\A(\{\{[-+]?)(.*?)([-+]?\}\})\Z", re.DOTALL)
_HOLE: Final = re.compile(r"\{(\d+)\}")
_TAG_NAME: Final = re.compile(r"<\s*/?\s*([a-zA-Z][\w-]*)")
_ATTRIBUTE: Final = re.compile(r"([\w:-]+)\s*=\s*([\"'])$")
_MACHINE: Final = re.compile(r"govuk|cs-|^[\w./#:-]+$|[{}<>=%]|^[a-z0-9_-]+( [a-z0-9_!-]+)*-[\w!-]+")
"""What no person reads: classes, ids, addresses."""
CLASSES: Final = re.compile(r"\s*((?:cs|govuk)-[\w!-]+\s*)+")
"""What a template puts into a class of the page that it extends: it stands between statements as text does."""
_PLUMBING: Final = ("from", "extends", "include", "import", "block", "macro", "endblock", "call")
_COMPARED: Final = ("==", "!=", "in", "|", ".", "[")


@dataclass
class _Piece:
    kind: str
    """data, expression, statement or other."""
    text: str


@dataclass
class _Run:
    """What stands in one node so far: pieces of text, and values between them."""

    parts: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def close(self, translate: Translate) -> str:
        """The run as it is to be written, and an empty one."""
        text = "".join(self.parts)
        words = _HOLE.sub("", _ENTITY.sub("", text))
        if _LETTER.search(words) and not CLASSES.fullmatch(text):
            core = text.strip()
            lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
            text = f"{lead}{translate(' '.join(core.split()))}{trail}"
        written = _HOLE.sub(lambda match: self.values[int(match[1])], text)
        self.parts, self.values = [], []
        return written


def translated(environment: Environment, source: str, translate: Translate, name: str | None = None) -> str:
    """The source of a template with every message put through ``translate``."""
    return _Reader(translate).read(_pieces(environment, source, translate, name))


def messages(environment: Environment, source: str, name: str | None = None) -> list[str]:
    """The messages of a template, in the order in which they stand."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    translated(environment, source, note, name)
    return found


def _pieces(environment: Environment, source: str, translate: Translate, name: str | None) -> Iterator[_Piece]:
    """The source in pieces, with the texts among the arguments of its expressions translated."""
    inside: list[tuple[str, str]] = []
    ends = {"variable_end": "expression", "block_end": "statement"}
    raw = environment.overlay(trim_blocks=False, lstrip_blocks=False)
    for _, kind, text in raw.lexer.tokeniter(source, name):
        if kind == "data" and not inside:
            yield _Piece("data", text)
        elif kind in ("variable_begin", "block_begin") or inside:
            inside.append((kind, text))
            if kind in ends:
                yield _Piece(ends[kind], _arguments(inside, translate))
                inside = []
        else:
            yield _Piece("other", text)


def _arguments(tokens: list[tuple[str, str]], translate: Translate) -> str:
    """An expression or statement with its texts translated."""
    spoken = [(kind, text) for kind, text in tokens if kind != "whitespace"]
    first = next((text for kind, text in spoken if kind == "name"), "")
    if spoken[0][0] == "block_begin" and first in _PLUMBING:
        return "".join(text for _, text in tokens)
    written = []
    for at, (kind, text) in enumerate(tokens):
        if kind == "string" and _is_text(text[1:-1]) and not _compared(tokens, at):
            said = translate(text[1:-1])
            text = f"{text[0]}{said.replace(text[0], chr(8217))}{text[0]}"
        written.append(text)
    return "".join(written)


def _is_text(text: str) -> bool:
    """Whether a person reads it: words, and no class, id or address."""
    if not _LETTER.search(text) or _MACHINE.search(text.strip()):
        return bool(re.fullmatch(r"[A-Z][a-z]+", text))
    return True


def _compared(tokens: list[tuple[str, str]], at: int) -> bool:
    """Whether a text is a key, or is compared with something: such are names of things, and not said."""
    before = next((text for kind, text in reversed(tokens[:at]) if kind != "whitespace"), "")
    after = next((text for kind, text in tokens[at + 1 :] if kind != "whitespace"), "")
    return before in _COMPARED or after in (":", "==", "!=", "in")


class _Reader:
    """Reads pieces as HTML: which are said, and which are markup."""

    def __init__(self, translate: Translate) -> None:
        self.translate = translate
        self.run = _Run()
        self.out: list[str] = []
        self.tag = ""
        """What stands of a tag so far; empty outside of one."""
        self.quote = ""
        self.spoken = False
        """Whether the quotes are those of an attribute that is read out."""
        self.silent = ""
        """The element whose content nobody reads."""

    def read(self, pieces: Iterator[_Piece]) -> str:
        """All pieces, written again."""
        for piece in pieces:
            if piece.kind == "data":
                for char in piece.text:
                    self._char(char)
            elif piece.kind == "expression" and self._said():
                self.run.parts.append(f"{{{len(self.run.values)}}}")
                self.run.values.append(_EXPRESSION.sub(r"\1 (\2)|spoken \3", piece.text))
            else:
                self._close()
                self.out.append(piece.text)
        self._close()
        return "".join(self.out)

    def _said(self) -> bool:
        return not self.silent and (not self.tag or bool(self.quote and self.spoken))

    def _close(self) -> None:
        self.out.append(self.run.close(self.translate))

    def _char(self, char: str) -> None:
        if self.quote:
            self._quoted(char)
        elif self.tag:
            self._in_tag(char)
        elif char == "<":
            self._close()
            self.tag = char
            self.out.append(char)
        elif self.silent:
            self.out.append(char)
        else:
            # A brace of the text itself is no place of a value.
            self.run.parts.append(char)

    def _quoted(self, char: str) -> None:
        if char == self.quote:
            self._close()
            self.quote, self.spoken = "", False
            self.out.append(char)
        elif self.spoken:
            self.run.parts.append(char)
        else:
            self.out.append(char)

    def _in_tag(self, char: str) -> None:
        self.tag += char
        self.out.append(char)
        if char in "\"'":
            named = _ATTRIBUTE.search(self.tag)
            self.quote, self.spoken = char, bool(named and named[1].lower() in ATTRIBUTES)
        elif char == ">":
            name = _TAG_NAME.match(self.tag)
            lower = name[1].lower() if name else ""
            if self.tag.startswith("</"):
                self.silent = "" if lower == self.silent else self.silent
            elif lower in UNSPOKEN and not self.tag.endswith("/>"):
                self.silent = lower
            self.tag = ""
