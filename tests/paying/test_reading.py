from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careshape.errors import InputError
from careshape.paying import Funding, book
from careshape.paying.reading import KINDS, read
from careshape.paying.told import Telling
from tests.paying.packages import april

LINE = {
    "id": "award", "known": "2024-04-01", "kind": "line", "line": "core", "component": "core", "from": "2024-04-01",
    "units_per_week": "1", "price": "812.50",
}  # fmt: skip


def package(*tellings, **other):
    return json.dumps({"package": "p", "contract": "care-home", "told": list(tellings)} | other)


def test_pounds_units_and_percentages_become_whole_numbers():
    held = LINE | {"units_per_week": 7.25, "price": 812.5, "funding": {"council": "66.67", "person": 33.33}}
    raised = {"id": "u", "known": "2024-05-01", "kind": "uplift", "from": "2024-05-01", "percent": "-0.5"}
    case = read(package(held, raised), book())
    line, uplift = case.history.tellings
    assert (line.units, line.price, line.funding) == (725, 81_250, Funding(council=6_667, person=3_333))
    assert (line.first, uplift.percent) == (april(1), -50)


def test_terms_may_differ_for_one_package():
    assert read(package(LINE, terms={"notice_days": 3}), book()).terms.notice_days == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "It is not JSON"),
        ("[]", "The package is an object in curly brackets"),
        ('{"package": "p", "package": "q"}', "'package' stands twice"),
        ('{"package": "p", "told": []}', "needs the field 'contract'"),
        (package(contract="home"), "There is no contract 'home'. Contracts are care-home"),
        (package(told=[3]), "no. 1 of 'told': there is no kind None. Kinds are line, change"),
        (package(LINE | {"units": 1}), "No. 1 of 'told' has no field 'units'. Its fields are kind, id"),
        (package({name: LINE[name] for name in LINE if name != "from"}), "needs the field 'from'"),
        (package(LINE | {"price": "812.505"}), "'price': '812.505' must be a number of at most two decimals"),
        (package(LINE | {"price": 1e30}), "must be a number of at most two decimals"),
        (package(LINE | {"price": True}), "must be a number of at most two decimals"),
        (package(LINE | {"from": "01/04/2024"}), "'from': '01/04/2024' is not a day"),
        (package(LINE | {"funding": {"council": 60}}), "the parts must come to 100 percent"),
        (package(LINE | {"id": 3}), "'id': 3 must be a text"),
        (package(LINE, terms={"day_count": "both"}), "'terms', field 'day_count'"),
        (package(LINE, terms=[1]), "'terms' holds terms that differ"),
        (package(LINE, visits=[{"reference": "v"}]), "No. 1 of 'visits' needs the field 'line'"),
        (package(LINE, visits={}), "'visits' is a list in square brackets"),
    ],
)
def test_what_cannot_be_read_is_told(text, said):
    with pytest.raises(InputError) as fault:
        read(text, book())
    assert said in str(fault.value)


def test_every_kind_of_telling_can_be_read():
    made = {cls for cls, _, _ in KINDS.values()}
    below = {cls for cls in Telling.__subclasses__() if cls.__name__ != "Priced"}
    assert made >= below


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("2024-04-01"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*LINE, "to"]), inner, max_size=3),
    max_leaves=6,
)


ALL = LINE | {"to": "2024-05-01", "on": "2024-05-01", "given": "2024-04-20", "percent": 5, "reason": "hospital"}


@settings(max_examples=100, deadline=None)
@given(kind=st.sampled_from(list(KINDS)), data=st.data(), junk=JUNK)
def test_whatever_stands_in_a_field_is_read_or_told(kind, data, junk):
    fields = ["id", "known", "corrects", "kind", *KINDS[kind][1]]
    good = {name: value for name, value in ALL.items() if name in fields} | {"id": "b", "kind": kind}
    with contextlib.suppress(InputError):
        read(package(LINE, good | {data.draw(st.sampled_from(fields)): junk}), book())
