"""The words of the code: which texts are phrases that readers see, and which sentences no file of words can reach."""

from __future__ import annotations

import pytest

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
