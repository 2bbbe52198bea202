"""What a reader knows besides an edition: what is no more than what, and what other documents printed."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pyarrow.parquet as pq
import pytest

from careshape.disclosure import AtMost, Cell, Edition, Ratio, Rule, Sum, Tables, Told, attack, protect
from careshape.disclosure.published import Published, hidden
from careshape.editions.counted import to_json
from careshape.editions.elsewhere import (
    RatioElsewhere,
    also_told,
    marked,
    printed_elsewhere,
    told_of,
    with_given_away,
)
from careshape.editions.gate import pass_gate, system_of
from careshape.editions.limits import limits
from careshape.editions.naming import in_words, name_of, plainly
from careshape.editions.questions import Asked, halves_at
from careshape.errors import InputError
from careshape.evaluate.measure import measures
from careshape.evaluate.measure.evaluate import open_context
from careshape.ledger import Ledger
from careshape.statement.council import open_council
from tests.statement.sample import make_sample

SUPPRESS = Rule(method="suppress", threshold=3, width=3, dominance_providers=0, near_percent=0)
WIDE = SUPPRESS.model_copy(update={"width": 5})
NURSING = {"service": "nursing"}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return make_sample(tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture(scope="module")
def context(data):
    return open_context(Ledger.open(data / "councils" / "worcestershire"))


@pytest.fixture
def asked():
    return Asked()


def tied(asked):
    """Pairs of what is no more than what, in short."""
    tables, _ = system_of(asked.cells)
    return {(one.part.partition("@")[0], one.whole[0].partition("@")[0]) for one in tables.limits}


def test_group_is_no_more_than_what_holds_it(context, asked):
    asked(context, "people_supported", period="2021-03-31")
    asked(context, "people_supported", where=NURSING, period="2021-03-31")
    asked(context, "people_supported", where={**NURSING, "district": "wychavon"}, period="2021-03-31")
    small, middle, large = sorted(asked.cells, key=len, reverse=True)
    tables, _ = system_of(asked.cells)
    # The chain says that the small one is within the large: not told again.
    assert set(tables.limits) == {AtMost(small, (middle,)), AtMost(middle, (large,))}


def test_day_is_within_its_year_and_who_serves_within_who_is_served(context, asked):
    asked(context, "people_supported", where=NURSING, period="2021-03-31")
    asked(context, "people_in_receipt", where=NURSING, period="2020/21")
    asked(context, "providers_in_use", where=NURSING, period="2021-03-31")
    asked(context, "line_items", where=NURSING, period="2021-03-31")
    assert tied(asked) == {
        ("people_on_date planned[service=nursing]", "people_over_period planned[service=nursing]"),
        ("people_on_date planned[service=nursing]", "lines planned[service=nursing]"),
        ("people_on_date planned provider[service=nursing]", "people_on_date planned[service=nursing]"),
    }


def test_other_days_and_other_groups_are_not_tied(context, asked):
    asked(context, "people_supported", where=NURSING, period="2021-03-31")
    asked(context, "people_supported", where=NURSING, period="2020-05-31")
    asked(context, "people_supported", where={"service": "home-care"}, period="2021-03-31")
    asked(context, "people_in_receipt", where=NURSING, period="2019/20")
    assert tied(asked) == set()
    assert limits({}) == []


def own(data, value, measure="care_home_people"):
    """A council that has printed one number of its own, and says which measure counts it."""
    folder = data / "councils" / "worcestershire"
    (folder / "observations").mkdir(exist_ok=True)
    (folder / "observations" / "leaflet.csv").write_text(
        f"id,source,measure,unit,value,period\nLEAFLET-1,A leaflet,people,persons,{value},2021-03-31\n", "utf-8"
    )
    (folder / "published.toml").write_text(
        f'[[figure]]\nrow = "LEAFLET-1"\nmeasure = "{measure}"\nwhere = {{ service = "nursing" }}\n'
        'period = "2021-03-31"\n',
        "utf-8",
    )
    return open_council(data, "worcestershire")


def test_number_that_the_council_printed_is_told_and_helps_the_attacker(tmp_path):
    data = make_sample(tmp_path)
    council = own(data, 4)
    found = printed_elsewhere(council).numbers
    (place,) = [id_ for id_ in found if id_ == "people_on_date planned[service=nursing]@2021-03-31"]
    assert found[place] == 4
    asks = Asked()
    context = open_context(Ledger.open(data / "councils" / "worcestershire"))
    asks(context, "care_home_people", where=NURSING, period="2021-03-31")
    asks(context, "care_home_people", by=("district",), where=NURSING, period="2021-03-31")
    cells = marked(asks.cells, found)
    assert [id_ for id_, one in cells.items() if one.told] == [place]
    knowing, blind = (pass_gate(some, WIDE) for some in (cells, asks.cells))
    # Of four people in two districts each has 0 to 4, which is less than 5: the leaflet takes that, we take no more.
    assert {cell.id for cell in knowing.protected.tables.cells if cell.told} == {place}
    assert {cell.id: cell.room for cell in knowing.protected.tables.cells if cell.room is not None} == {
        id_: 4 for id_ in cells if id_ != place
    }
    assert not any(cell.told or cell.room is not None for cell in blind.protected.tables.cells)
    assert (knowing.safe, blind.safe) == (True, True)
    assert (knowing.report.targets, blind.report.targets) == (2, 2)
    assert set(knowing.protected.suppressed) >= set(cells) - {place}


@pytest.mark.parametrize("method", ["suppress", "round"])
def test_figure_that_others_only_narrowed_is_still_protected(method):
    """Four people are known from elsewhere, so that each part is 0 to 4; what else there is must not tell which."""
    rule = WIDE.model_copy(update={"method": method, "threshold": 5})
    tables = Tables(
        (Cell("all", 4, 4, told=True), Cell("a", 1, 1), Cell("b", 3, 3), Cell("c", 50, 50), Cell("u", 51, 51)),
        (Sum("all", ("a", "b")), Sum("u", ("a", "c"))),
    )
    known = with_given_away(tables, rule)
    assert {cell.id: cell.room for cell in known.cells} == {"all": None, "a": 4, "b": 4, "c": None, "u": None}
    assert [cell.id for cell in known.cells if cell.told] == ["all"]
    made = protect(known, rule)
    report = attack(made.published, truth=known, full=True)
    assert report.failed
    assert {one.id: one.width for one in report.findings} == {"a": 4, "b": 4}
    assert not made.unprotected
    # Once more beside it: an earlier edition of the same figures has no more room either.
    before = also_told(Edition(made.published, tables), known)
    again = protect(known, rule, before=[before])
    assert attack(again.published, [made.published], truth=known, was=[before.truth]).failed


SHARE = Told(Ratio("share elsewhere", "a", "u", 1000), 20)
"""Two per cent, to one decimal, of 100: which only 2 are."""


@pytest.mark.parametrize("method", ["suppress", "round"])
def test_share_that_others_printed_is_an_equation_of_the_attacker(method):
    rule = WIDE.model_copy(update={"method": method, "threshold": 5})
    cells = (Cell("a", 2, 2), Cell("b", 98, 98), Cell("u", 100, 100))
    tables, sums = Tables(cells, told=(SHARE,)), ()
    blind = protect(Tables(cells, sums), rule)
    assert attack(blind.published, truth=Tables(cells, sums), full=True).failed
    caught = attack(blind.published, truth=tables, full=True)
    assert [one.id for one in (*caught.exact, *caught.narrow)] == ["a"]
    assert "another document" in caught.findings[0].because
    made = protect(with_given_away(tables, rule), rule)
    assert not made.unprotected
    assert attack(made.published, truth=made.tables, full=True).failed
    # What gives it away beside the share is hidden with it; nobody needs the rest.
    assert set(made.suppressed) == {"a", "u"}


def test_share_that_others_printed_and_that_the_records_no_longer_give_tells_nothing():
    tables = Tables((Cell("a", 2, 2), Cell("u", 100, 100)))
    at = ("a", "u")
    kept = [RatioElsewhere("share", at, Decimal(one), True) for one in ("2.0", "2", "2.1")]
    told = told_of(kept, tables, {"a": 1, "u": 1})
    assert [(one.ratio.scale, one.shown) for one in told] == [(1000, 20), (100, 2)]
    assert told_of(kept, Tables((Cell("a", 2, 2),)), {"a": 1}) == ()
    with pytest.raises(InputError, match="printed otherwise"):
        Tables(tables.cells, told=(Told(Ratio("share", "a", "u"), 3),))


@pytest.mark.parametrize(("printed", "parts"), [("650.00", 100), ("650", 100), ("650.00", 700), ("650", 700)])
def test_mean_in_other_units_than_its_halves_is_an_equation_too(printed, parts):
    """1,950 pounds a week of 3 people, counted in pence or sevenths of them, is 650 each however it is printed."""
    tables = Tables((Cell("cost", 1_950 * parts, 3, unit="gbp"), Cell("n", 3, 3, told=True)))
    mean = RatioElsewhere("mean", ("cost", "n"), Decimal(printed), False)
    (told,) = told_of([mean], tables, {"cost": parts, "n": 1})
    rule = SUPPRESS.model_copy(update={"threshold": 5})
    nothing = Published(0, rule, tuple(map(hidden, tables.cells)), ())
    (found,) = attack(nothing, truth=replace(tables, told=(told,)), full=True).findings
    # Half a unit of what is printed either way, for each of three people.
    half = Decimal(3 * parts) / 2 / 10**mean.decimals
    assert found.greatest is not None
    assert 1_950 * parts - half - 1 <= found.least <= found.greatest <= 1_950 * parts + half + 1


def test_shares_and_means_that_the_council_printed_are_read_with_their_halves(tmp_path):
    data = make_sample(tmp_path)
    found = printed_elsewhere(own(data, 100, "transport_share_of_people"))
    (one,) = [each for each in found.ratios if each.id.startswith("share transport_share_of_people[service=nursing]")]
    assert (one.value, one.decimals, one.percent) == (100, 0, True)
    asks = Asked()
    asks(open_context(open_council(data, "worcestershire").ledger), "care_home_mean_weekly_cost", period="2021-03-31")
    (mean,) = [cell for cell in asks.cells.values() if cell.over]
    assert halves_at(measures()["care_home_mean_weekly_cost"], {}, mean.place.period) == mean.over


def test_amount_that_other_documents_tell_to_the_penny_is_told_and_not_protected():
    tables = Tables(
        (Cell("pay", 20_000, 2, unit="gbp"), Cell("n", 2, 2, told=True)),
        told=(Told(Ratio("mean", "pay", "n", 1), 10_000),),
    )
    (pay, _) = with_given_away(tables, SUPPRESS).cells
    assert (pay.told, pay.room) == (True, None)


def test_figure_that_follows_from_others_is_told():
    tables = Tables(
        (Cell("all", 4, 4, told=True), Cell("a", 1, 1), Cell("b", 3, 3, told=True)), (Sum("all", ("a", "b")),)
    )
    assert all(cell.told for cell in with_given_away(tables, WIDE).cells)


def test_number_that_the_records_no_longer_give_tells_nothing(tmp_path):
    council = own(make_sample(tmp_path), 7)
    assert 7 in printed_elsewhere(council).numbers.values()
    asks = Asked()
    asks(open_context(council.ledger), "care_home_people", where=NURSING, period="2021-03-31")
    assert not any(one.told for one in marked(asks.cells, printed_elsewhere(council).numbers).values())


def test_council_that_printed_nothing_is_told_of_nothing(tmp_path):
    council = open_council(make_sample(tmp_path), "worcestershire")
    assert all(isinstance(value, Fraction) for value in printed_elsewhere(council).numbers.values())


def test_counted_figures_hold_no_key_of_a_person_or_a_line(data, context, asked):
    asked(context, "bed_nights", by=("district",), where=NURSING, period="2020/21")
    asked(context, "care_home_mean_weekly_cost", by=("district",), period="2021-03-31")
    text = to_json(asked.cells)
    rows = pq.read_table(Ledger.open(data / "councils" / "worcestershire").files())
    keys = [str(value) for name in ("person", "line") for value in rows.column(name).to_pylist()]
    assert len(keys) > 10
    assert not [key for key in keys if key in text]
    names = {name for line in text.splitlines() for name in json.loads(line)}
    assert names == {
        "counting", "where", "period", "exact", "unit", "people", "decimals", "largest", "over", "shown", "public",
        "told",
    }  # fmt: skip
    dimensions = {name for line in text.splitlines() for name, _ in json.loads(line)["where"]}
    assert not dimensions & {"person", "line", "postcode", "birth_month", "provider_reference"}


def test_figures_are_said_in_words(context, asked):
    asked(context, "people_supported", where={**NURSING, "district": "wychavon"}, period="2021-03-31")
    asked(context, "providers_in_use", where=NURSING, period="2021-03-31")
    asked(context, "not_for_profit_share", period="2020/21")
    said = {in_words(one.place) for one in asked.cells.values() if one.shown}
    assert "people, 31 March 2021: Wychavon, nursing care" in said
    assert "providers in use, 31 March 2021: nursing care" in said
    id_ = next(id_ for id_ in asked.cells if "wychavon" in id_)
    rest = f"the rest of {id_} by client_group, finest"
    assert name_of(rest, asked.cells).startswith("what is left of people, 31 March 2021: Wychavon")
    assert plainly(f"'{id_}' can only be 2", asked.cells) == (
        "“people, 31 March 2021: Wychavon, nursing care” can only be 2"
    )
    assert name_of("something else", asked.cells) == "something else"


def test_a_stricter_rule_goes_on_though_an_older_edition_printed_what_it_keeps_back(context):
    asks = Asked()
    asks(context, "care_home_people", where=NURSING, period="2021-03-31")
    asks(context, "care_home_people", by=("district",), where=NURSING, period="2021-03-31")
    asks(context, "people_supported", period="2021-03-31")
    weak = SUPPRESS.model_copy(update={"threshold": 2, "width": 1})
    first = pass_gate(asks.cells, weak)
    out = {id_ for id_, shown in first.shown.items() if isinstance(shown, Fraction)}
    before = [Edition(first.protected.published, first.protected.tables)]
    strict = pass_gate(asks.cells, WIDE.model_copy(update={"threshold": 5}), before, number=2)
    kept = {id_ for id_, shown in strict.shown.items() if not isinstance(shown, Fraction)}
    assert kept & out, "what is out already is kept back by the stricter rule"
    assert kept & out <= {cell.id for cell in strict.protected.tables.cells if cell.told}
    assert strict.safe
    # By the same rule nothing is taken as told: what one edition protects the next one does too.
    again = pass_gate(asks.cells, weak, before, number=2)
    assert again.safe
    assert not any(cell.told for cell in again.protected.tables.cells)
