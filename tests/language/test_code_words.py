"""The words of the code: which texts are phrases that readers see, and which sentences no file of words can reach."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import careshape
from careshape.language.code import of_code, pieces


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('TITLES = {"due": "Due for review"}', ["Due for review"]),
        (
            'def f():\n    """Says nothing to readers."""\n    return "Nothing is written here."',
            ["Nothing is written here."],
        ),
        ('A = "not known"\nB = say(A)', ["not known"]),
        ('say("{many} rows", many=3)', ["{many} rows"]),
        ('UNIT_WORDS: Final = {"gbp": "pounds"}', ["pounds"]),
        ('x = "80% interval"', ["80% interval"]),
        ('say("{n} more" if n > 0 else "{n} fewer", n=n)', ["{n} more", "{n} fewer"]),
        ('BASES = {"a": "places under contract"}', ["places under contract"]),
        # Names of headers, files, classes and keys, and what stands between values.
        ('h["Content-Type"], "Retry-After", "statement.toml", "govuk-tag--red", "id", f"Read {n} of them"', []),
    ],
)
def test_phrases_of_a_module(source, expected):
    assert list(dict.fromkeys(of_code(source))) == expected


def test_stretches_between_values_are_told_apart_from_phrases():
    assert list(pieces('f"{n} more than at the start of {year}."; "A whole one"; f"{a}, {b}"')) == [
        "more than at the start of"
    ]


COUNTED = ("evaluate", "exchange")
"""Rooms of which pages show sentences, though they know no page."""
ENGLISH = {
    "evaluate/cost/fees/compare.py": "the method of a download, by its id",
    "evaluate/cost/neighbours.py": "questions to a database",
    "evaluate/forecast/read.py": "questions to a database",
    "evaluate/measure/named.py": "refusals, raised by who asks for their words",
    "evaluate/near.py": "refusals, raised by who asks for their words",
    "evaluate/numbers.py": "a number of weeks that is fixed",
    "evaluate/published/check.py": "refusals of a mapping, raised by who asks for their words",
    "evaluate/scenario/mix.py": "the cheapest mix, which a command alone works out",
    "exchange/blank.py": "a file of instructions, which is given out in English",
}
"""Files of those rooms with sentences that no file of words can reach, and why: refusals apart, which stay English."""


def unsaid(source: str) -> list[str]:
    """Stretches of sentences that a module puts together without the words of a language; refusals left out."""
    return [one for one in pieces(source, refusals=False) if len(re.findall(r"[a-z]+", one)) > 3 and "/" not in one]


def test_sentences_of_rooms_that_count_can_be_said_in_another_language():
    root = Path(careshape.__file__).parent
    files = {str(one.relative_to(root)): one for room in COUNTED for one in sorted((root / room).rglob("*.py"))}
    found = {name: unsaid(file.read_text("utf-8")) for name, file in files.items()}
    assert {name: left for name, left in found.items() if left and name not in ENGLISH} == {}
    assert [name for name in ENGLISH if not found[name]] == []


def test_control_sentence_that_is_put_together_is_found():
    source = 'def f(n):\n    if not n:\n        raise CallError(f"{n} homes that are not here.")\n    return '
    assert unsaid(source + 'f"There are {n} homes that nobody counts."') == ["homes that nobody counts."]
    assert unsaid(source + 'say("There are {n} homes that nobody counts.", n=n)') == []
