from __future__ import annotations

from decimal import Decimal

import pytest

from careshape.errors import CallError, CatalogueError, InputError
from careshape.evaluate.cost import compare, fee_model, uplift, work_out
from careshape.evaluate.cost.fees.entries import LABEL, models
from tests.evaluate.measure.conftest import row

PENCE = {"unit": "hour", "service": "home-care", "quantity": 1000}


def lines_of(modelled) -> dict[str, Decimal]:
    return {one.id: one.value for one in modelled.lines}


def test_packaged_models_ship_confirmed_values_only() -> None:
    for model in models().values():
        for value in model.value:
            assert value.status == ("missing" if value.value is None else "confirmed")
            assert value.value is None or (value.source and value.year)
        modelled = work_out(model)
        assert modelled.total is None
        assert "to be entered by the council" in modelled.what_is_missing()
        assert modelled.lines[0].value is None


def test_hour_of_home_care_by_hand() -> None:
    found = lines_of(work_out(fee_model(name="home-care", illustrative=True)))
    # Pay 9.20; four minutes of travel to a visit of thirty: 9.20 * 4 / 30 = 1.2267. On-costs are of 10.43.
    assert (found["contact-pay"], found["travel-pay"]) == (Decimal("9.20"), Decimal("1.23"))
    assert found["holiday"] == Decimal("1.25")  # 12% = 1.2516
    # 25 hours * 52 * 9.20 = 11,960 a year; the part above 8,800 is 26.4214%; 14% of that of 10.43 = 0.3858.
    assert found["national-insurance"] == Decimal("0.39")
    assert found["mileage"] == Decimal("0.75")  # 25p * 1.5 miles * two visits an hour
    # 9.20+1.23+1.25+0.21+0.16+0.05+0.31+0.39+0.75+2.10+1.60 = 17.25, of which 5% = 0.8625.
    assert found["return-on-operations"] == Decimal("0.86")
    assert work_out(fee_model(name="home-care", illustrative=True)).total == Decimal("18.21")


def test_week_in_a_care_home_divides_fixed_costs_by_residents() -> None:
    model = fee_model(name="care-home", illustrative=True)
    found = lines_of(work_out(model, "residential"))
    assert found["care"] == Decimal("225.00")  # 9.00 * 25 hours
    assert "nursing" not in found
    # 68,000 a year over 40 beds of which 90% are in use, 36 residents, 52 weeks.
    assert found["management"] == Decimal("36.32")
    # 40,000 a bed * 6% / 52 / 0.9: empty beds' capital is carried by residents too.
    assert found["return-on-capital"] == Decimal("51.28")
    nursing = lines_of(work_out(model, "nursing"))
    assert nursing["nursing"] == Decimal("192.50")  # 17.50 * 11
    assert nursing["care"] == Decimal("261.00")  # nursing homes have hours of their own: 29
    with pytest.raises(CallError, match="not for 'home-care'"):
        work_out(model, "home-care")


def test_rows_are_auditable() -> None:
    modelled = work_out(fee_model(name="home-care", illustrative=True))
    rows = {one["line"]: one for one in modelled.rows}
    assert rows["travel-pay"]["arithmetic"] == "9.2 × 4 minutes of travel / 30 of a visit"
    assert rows["holiday"]["arithmetic"] == "12% of 10.43"
    # The lines as printed add up to the whole as printed.
    assert sum(one["value"] for name, one in rows.items() if name != "total") == rows["total"]["value"]
    assert LABEL in modelled.label
    assert modelled.label.startswith("Illustrative values, made up")
    assert {one["status"] for one in rows.values()} == {"illustrative"}


def test_shorter_visits_cost_more_an_hour(place) -> None:
    folder = place.council_path("worcestershire") / "fees"
    folder.mkdir(parents=True)
    base = fee_model(name="home-care", illustrative=True)
    short = base.model_copy(
        update={
            "value": tuple(
                one.model_copy(update={"value": Decimal(15)}) if one.id == "visit-minutes" else one
                for one in base.value
            )
        }
    )
    # Twice the visits an hour: twice the paid travel, twice the miles.
    assert lines_of(work_out(short))["travel-pay"] == Decimal("2.45")
    assert lines_of(work_out(short))["mileage"] == Decimal("1.50")


def test_values_move_by_their_own_series() -> None:
    model = uplift(fee_model(name="home-care", illustrative=True), "2021/22")
    values = model.values_for("home-care")
    assert values["pay"].value == Decimal("9.4024")  # 9.20 * 102.2 / 100
    assert values["mileage-rate"].value == Decimal("0.2550")  # 0.25 * 102 / 100
    assert values["visit-minutes"].value == Decimal(30)
    assert "moved from 2020/21" in values["pay"].source
    with pytest.raises(CallError, match=r"has no number for 2030/31.*indices.csv"):
        uplift(model, "2030/31")


def test_council_enters_its_own_values(place) -> None:
    folder = place.council_path("worcestershire") / "fees"
    folder.mkdir(parents=True)
    (folder / "home-care.toml").write_text(
        '[[value]]\nid = "holiday"\nvalue = 12.5\nsource = "Survey of providers, 2025"\nyear = "2025/26"\n',
        encoding="utf-8",
    )
    (folder / "indices.csv").write_text(
        "index,year,value,source\naverage-earnings,2024/25,100,Office for National Statistics\n", encoding="utf-8"
    )
    model = fee_model(place, "worcestershire", "home-care", illustrative=True)
    values = model.values_for("home-care")
    assert (values["holiday"].value, values["holiday"].status) == (Decimal("12.5"), "entered")
    assert values["pay"].status == "confirmed"
    assert not model.illustrative  # a council's own values are never mixed with made-up ones
    assert "average-earnings" in {one.id for one in model.index}
    assert "holiday" not in {one.id for one in model.missing("home-care")}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[value]]\nid = "holidays"\nvalue = 1\n', "Values are pay, visit-minutes"),  # no such value
        ('[[value]]\nid = "holiday"\nvalue = -1\n', "greater than or equal to 0"),
        ("[[value]\n", "file of TOML"),
        ("[fee]\nx = 1\n", "holds value, line, index and where"),
        ('[[value]]\nid = "holiday"\nvalue = 1\nyear = "2025"\n', "look like"),  # no financial year
        ('[[line]]\nid = "x"\nlabel = "X"\ngroup = "g"\nkind = "percent"\nvalues = ["holiday"]\n', "percentage"),
        (
            '[[line]]\nid = "x"\nlabel = "X"\ngroup = "g"\nkind = "product"\nvalues = ["nothing"]\n',
            "No value has this id",
        ),
    ],
)
def test_faulty_files_are_refused_in_a_sentence(tmp_path, text: str, says: str) -> None:
    file = tmp_path / "lines.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=says):
        fee_model(name="home-care", file=file)


def test_faulty_series_and_zeros_are_refused(place) -> None:
    folder = place.council_path("worcestershire") / "fees"
    folder.mkdir(parents=True)
    (folder / "indices.csv").write_text("index,year,value,source\ncpi,2024/25,many,ONS\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2: 'many' is no number"):
        fee_model(place, "worcestershire", "home-care")
    model = fee_model(name="home-care", illustrative=True)
    nought = tuple(
        one.model_copy(update={"value": Decimal(0)}) if one.id == "visit-minutes" else one for one in model.value
    )
    with pytest.raises(CallError, match="divides by visit-minutes"):
        work_out(model.model_copy(update={"value": nought}))


def test_prices_paid_beside_the_model(ledger_of) -> None:
    # Modelled 18.21. Provider 1 is paid 17.21 for ten hours a week, 2 20.21 for five, 3 18.21 for four.
    # Moving all: (1.00 * 10 - 2.00 * 5) * 52 = 0; raising those below: 1.00 * 10 * 52 = 520.
    ledger = ledger_of(
        [
            row(1, "2020-05-01", provider=1, unit_price=1721, **PENCE),
            row(2, "2020-05-01", provider=2, unit_price=2021, **PENCE | {"quantity": 500}),
            row(3, "2020-05-01", provider=3, unit_price=1821, **PENCE | {"quantity": 400}),
        ]
    )
    found = compare(ledger, work_out(fee_model(name="home-care", illustrative=True)), "2021-03-31")
    assert (found.paid_less, found.paid_more, found.paid_same) == (1, 1, 1)
    assert (found.lines_less, found.lines_more) == (1, 1)
    assert (found.yearly_all, found.yearly_raise) == (Decimal("0.00"), Decimal("520.00"))
    # (172.10 + 101.05 + 72.84) * 52
    assert found.yearly_now == Decimal("17991.48")
    assert [one["provider"] for one in found.rows] == [
        "Synthetic provider 1",
        "Synthetic provider 3",
        "Synthetic provider 2",
    ]
    first = found.rows[0]
    assert (first["outcome"], first["difference"], first["yearly_change"]) == (
        "paid less",
        Decimal("1.00"),
        Decimal("520.00"),
    )
    assert LABEL in first["label"]
    assert LABEL in found.summary()
    assert "a year of 52 weeks, as official statistics count" in found.summary()
    assert all("a year of 52 weeks" in row["method"] for row in found.rows)


def test_prices_of_another_year_are_said(ledger_of) -> None:
    ledger = ledger_of([row(1, "2020-05-01", provider=1, unit_price=1721, **PENCE)])
    found = compare(ledger, work_out(fee_model(name="home-care", illustrative=True)), "2022-05-01")
    assert found.label.startswith("Modelled at prices of 2020/21, paid in 2022/23")


def test_nothing_to_compare_is_said(ledger_of) -> None:
    ledger = ledger_of([row(1, "2020-05-01", provider=1, unit_price=1721, **PENCE)])
    with pytest.raises(CallError, match="No line with a price was open"):
        compare(ledger, work_out(fee_model(name="care-home", illustrative=True)), "2021-03-31")
    with pytest.raises(CallError, match="to be entered"):
        compare(ledger, work_out(fee_model(name="home-care")), "2021-03-31")
