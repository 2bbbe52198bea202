"""The functions of the expression language: declared once, and true to what they declare."""

from __future__ import annotations

from dataclasses import replace

import pytest

from careshape.statement import blocks
from careshape.statement.calls import ExpressionError, Place
from careshape.statement.expressions import parse
from careshape.statement.figures import FigureBook
from careshape.statement.functions import FUNCTIONS, GROUPS, read
from careshape.statement.lint import problem_of

HERE = Place("a.md", 1)


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_example_of_a_function_is_a_call_of_it(name):
    assert parse(FUNCTIONS[name].example, HERE).name == name


@pytest.mark.parametrize("name", [name for name, one in FUNCTIONS.items() if not one.block])
def test_example_of_a_function_refers_to_what_is_there(council, name):
    example = FUNCTIONS[name].example
    if name == "observation":
        example = example.replace("T-", "W-")
    # Without an outlook only names are checked, as the lint does.
    book = FigureBook(replace(council.sources, outlook=None), read)
    assert problem_of(parse(example, HERE), book) == ""


def test_functions_stand_in_one_group_each():
    names = [one.name for group in GROUPS.values() for one in group]
    assert len(names) == len(set(names)) == len(FUNCTIONS)


def test_function_that_is_laid_out_has_a_layout():
    assert set(blocks.LAYOUTS) == {name for name, one in FUNCTIONS.items() if one.block}


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("growth", "growth(earlier, later)"),
        ("sum", "sum(figure, …)"),
        ("measure", "measure(id, period=…, …=…)"),
        ("intention", "intention(id, field=…)"),
    ],
)
def test_signature_shows_what_a_function_takes(name, line):
    assert FUNCTIONS[name].signature == line


def test_every_function_takes_as_many_arguments_as_it_declares():
    one = "date('2021-03-31')"
    for function in FUNCTIONS.values():
        for many in (function.least - 1, function.most + 1):
            if many >= 0:
                with pytest.raises(ExpressionError, match="takes other arguments"):
                    parse(f"{function.name}({', '.join([one] * many)})", HERE)


def test_name_is_no_way_to_type_a_number(council):
    assert "is a number, not a name" in problem_of(parse('name("100,000")', HERE), council.book)
    assert problem_of(parse('name("T52")', HERE), council.book) == ""
