"""The expression language: what it admits, what it refuses, and how it says so."""

from __future__ import annotations

import pytest

from careshape.statement.calls import ExpressionError, Place
from careshape.statement.expressions import find_expressions, parse

HERE = Place("06-home-care.md", 12)


def test_parse_reads_nested_calls_lists_and_a_format():
    call = parse('growth(measure("a", service=["x", "y"]), measure("b")) | percent1', HERE)
    assert call.name == "growth"
    assert call.style == "percent1"
    assert [one.name for one in call.calls()] == ["growth", "measure", "measure"]
    assert call.args[0].options == {"service": ("x", "y")}


def test_parse_writes_one_form_however_it_was_spaced():
    assert str(parse('measure( "a",\n  period = "2021-03" )', HERE)) == str(
        parse('measure("a",period="2021-03")', HERE)
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("__import__('os').system('id')", "no function '__import__('os').system'"),
        ("open('/etc/passwd')", "no function 'open'"),
        ("measure(1 + 1)", "may not stand here"),
        ("measure(lambda: 1)", "may not stand here"),
        ("measure(*['a'])", "may not stand here"),
        ("measure('a', **{'a': 'b'})", "'**' may not stand here"),
        ("measure(f'{1}')", "may not stand here"),
        ("measure('a', period=True)", "may not stand here"),
        ("12", "An expression is a call"),
        ("measure('a') | percnt", "Near matches: percent"),
        ("mesure('a')", "Near matches: measure"),
        ("measure(", "not of the form"),
        ("growth(measure('a'))", "takes other arguments"),
        ("date('2021-01-01', zone='x')", "takes no 'zone='"),
        ("growth(table('a'), measure('b'))", "on a line of its own"),
        ("measure('a', x='1', x='2')", "named more than once"),
    ],
)
def test_parse_refuses_what_is_not_on_the_whitelist(text, says):
    with pytest.raises(ExpressionError) as caught:
        parse(text, HERE)
    assert says in str(caught.value)
    assert "06-home-care.md, line 12" in str(caught.value)


def test_find_expressions_gives_lines_and_keeps_all_faults():
    text = 'One {{ date("2021-03-31") }}\n\nand {{ nothing() }}\nand {{ year("2021")\n}} end }} here'
    found, faults = find_expressions(text, "a.md", first_line=5)
    assert [(str(one.call), one.place.line) for one in found] == [('date("2021-03-31")', 5), ('year("2021")', 8)]
    assert [fault.place.line for fault in faults] == [7, 9]
    assert "two are missing" in str(faults[1])
