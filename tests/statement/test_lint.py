"""The proof that no number is typed, and that nothing dead is referred to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from careshape.design import decided
from careshape.records import authorities
from careshape.statement.lint import lint, lint_all, lint_words, typed_numbers
from careshape.statement.typed import typed_figures
from tests.statement.sample import write_text


@pytest.mark.parametrize(
    "text",
    [
        "There are 12 homes.",
        "There are twelve homes.",
        "Two in the county.",
        "About half of them.",
        "a third of them",
        "one in four",
        "more than doubled",
        "by ten percent",
        "a few per cent",
        "costs £ more",
        "five-year plan",
        "Covid-19 came.",
        "| a | 3 |",
        "## The next 5 years",
        "Stage XIV of the plan",
        "built in MCMXC",
        "Part I",
        "(iv) the last",
        "iii. a list by hand",
        "&frac12; of them, or ⅔",
        "tw**elve** homes",
        "per\ncent",
        "![A chart of nine homes](homes.svg)",
        "a couple of homes",
        "a pair of homes",
        "It will double.",
        "They treble in ten years",
        "A triple rise",
        "a sixth of homes",
        "an eighth of hours",
        "One twentieth is late",
        "some tenths of it",
        "a sixfold rise",
        "five-fold",
        "nought came",
    ],
)
def test_typed_numbers_finds_digits_and_number_words(text):
    assert typed_numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        'There are {{ measure("a", period="2021-03") | words }} homes.',
        "One of them, the first, often wins; someone attends the freight office.",
        "1. An ordered list\n2. goes on",
        "[a page](https://example.org/2021/12)",
        "Double-up calls, a double room and double handed care are called so; for the sixth time, the tenth of May.",
        "Behalf, weighty, tenant, height and Sevenoaks hold no number.",
        "I know what MCI, DC, the CV, LD and a couple are; Mix it. Part of it.",
    ],
)
def test_typed_numbers_leaves_text_without_numbers_alone(text):
    assert typed_numbers(text) == []


@pytest.mark.parametrize(
    ("text", "own", "found"),
    [
        ("Payments rose from £3.9m to £4.3m by 2018.", "", ["£", "3.9", "£", "4.3"]),
        ("Fifty homes closed, five per cent of all.", "", ["Fifty", "five", "per cent"]),
        ("Open 12 flats by 2027.", "", ["12"]),
        ("Over 50 homes opened.", "", ["50"]),
        ("Six-bed homes for six people.", "6", []),
        ("Reach seventy-five matches, of 4,703.", "75", ["4,703"]),
        ("Add 4,703 flats.", "4703", []),
        ("Nearly double it.", "", ["double"]),
        ("In May 2021, for five years, for people of 65 and over and under-65s in Table 12, as T-CI-024 says.", "", []),
        ("Two teams from 3 May 2019, half an hour a day, with three-conversations.", "2", []),
    ],
)
def test_typed_figures_leaves_days_ages_names_and_the_rows_own_target(text, own, found):
    assert typed_figures(text, own) == found


@pytest.mark.parametrize("council", authorities())
def test_lint_of_what_was_decided_finds_a_figure_typed_in_each_kind_of_row(council):
    made = decided(council)
    assert list(lint_words(made)) == []
    for rows, field in (("intentions", "note"), ("end_states", "note"), ("events", "about"), ("messages", "answer")):
        first = replace(getattr(made, rows)[0], **{field: "It was 744."})
        (fault,) = lint_words(replace(made, **{rows: (first,)}))
        assert fault.rule == "typed number"
        assert f"{first.id}, field '{field}': '744' is typed" in fault.message


def test_lint_finds_no_fault_in_a_good_text(tmp_path):
    assert [str(fault) for fault in lint("worcestershire", write_text(tmp_path / "s"))] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "says"),
    [
        ("01-population.md", "The county had", "The county of 6 districts had", "typed number", "line 10: '6'"),
        ("01-population.md", "## More people", "## More people in two years", "typed number", "'two'"),
        ("01-population.md", "W-PF-009", "W-PF-999", "unknown name", "W-PF-999"),
        ("02-care-homes.md", "bed_nights", "bed_night", "unknown name", "bed_nights"),
        ("02-care-homes.md", 'service="nursing"', 'service="nursng"', "unknown name", "nursing"),
        ("02-care-homes.md", 'table("people-by-district")', 'table("people")', "dead table", "people-by-district"),
        ("02-care-homes.md", "## What we intend", "## What we intent", "slots", "line 20: 'What we intent' is no slot"),
        ("02-care-homes.md", "## What we intend", "## What there is", "slots", "'What there is' stands twice"),
        ("02-care-homes.md", "## What there is", "## What it costs\n\n## What there is", "slots", "stands too early"),
        ("03-shared-lives.md", "## What is needed", "## What we intend", "slots", "stands twice"),
        ("statement.toml", "owner = \"Commissioning manager\"\n", "", "slots", "gives the slot 'need' an owner"),
        ("statement.toml", "review = 2199-03-31\n", "", "slots", "Nothing gives the slot 'need' a next review date"),
        ("statement.toml", "[slots.price]", "[slots.prise]", "form", "no slot 'prise'. Near matches: price"),
        ("statement.toml", "2199-03-31", "\"soon\"", "form", "[slots]: 'review' is 'soon'. It must be a day"),
        ("statement.toml", "Fees manager", "Mrs Fees", "form", "reads like a person. Name the post"),
        ("statement.toml", "Fees manager", "Manager of 2 teams", "typed number", "The owner: '2' is typed"),
        ("statement.toml", '["care-homes"]', '["care-home"]', "form", "no segment 'care-home'. Near"),
        ("statement.toml", '"2022-04"', '"next spring"', "form", "[[statement]] older-people: planned:"),
        ("statement.toml", 'kind = "main"', 'kind = "subject"', "form", "exactly one [[statement]]"),
        ("01-population.md", "another page", "Phase II", "typed number", "line 16: 'II' is typed"),
        ("01-population.md", "The county had", '{{ name("12 towns") }} had', "typed number", '"12" counts something'),
        ("02-care-homes.md", '"residential"]', '"residental"]', "service", "residential"),
        ("02-care-homes.md", 'date("2021-03-31")', 'date("31 March")', "unknown name", "31 March"),
        ("02-care-homes.md", "6.6.2\")", "99.9\")", "empty list", "No intention"),
        ("02-care-homes.md", 'section="6.6.2"', 'id=["W-CI-113", "W-CI-999"]', "unknown name", "'W-CI-999'. Near"),
        ("02-care-homes.md", 'intentions(section="6.6.2")', 'views(topic="trains")', "empty list", "of 'trains'"),
        ("02-care-homes.md", '{{ date("2021-03-31") }}', "{{ date(2021) + 1 }}", "expression", "is a call"),
        ("01-population.md", "Wychavon goes", "Wychavon [demonstration] goes", "misplaced mark", "start of a para"),
        ("01-population.md", "## More", "## [demonstration] More", "misplaced mark", "line 8"),
        ("tables.toml", "People in care homes", "People in 7 care homes", "typed number", "line 4: Table 'people-by"),
        ("tables.toml", "Last day", "A day in twenty", "typed number", "note: 'twenty' is typed"),
        ("tables.toml", '"table-17"', '"table-99"', "unknown name", "no table 'table-99'"),
        ("statement.toml", "in a test\"", "in a dozen tests\"", "typed number", "subtitle: 'dozen' is typed"),
        ("statement.toml", '"The place"', '"3. The place"', "typed number", "line 30: The title: '3' is typed"),
        ("01-population.md", '"Population"', '"Population in 2021/22"', "typed number", "line 3: The title: '2021/22'"),
        ("tables.toml", "care_home_people", "care_home_persons", "unknown name", "care_home_people"),
        ("tables.toml", 'rows = "district"', 'rows = "distrct"', "unknown name", "district"),
        ("tables.toml", 'chart = "line"', 'chart = "none"', "dead chart", "declares no chart"),
        ("tables.toml", 'chart = "line"', 'chart = "pie"', "form", "older-people"),
        ("statement.toml", '"shared-lives"', '"shared-live"', "form", "shared-live"),
    ],
)  # fmt: skip
def test_lint_names_file_line_and_what_is_near(tmp_path, file, old, new, rule, says):
    folder = write_text(tmp_path / "s")
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")
    faults = lint("worcestershire", folder)
    assert any(fault.rule == rule and says in str(fault) for fault in faults), [str(fault) for fault in faults]


def test_lint_all_passes_on_every_packaged_text():
    assert [str(fault) for fault in lint_all()] == []


@pytest.mark.parametrize(
    ("beside", "says"),
    [
        ('measure("direct_payment_people", period="2021-06-30")', "counts others than it expects. Quote the same"),
        (
            'measure("people_supported", service="direct-payments", client_group="older-people", period="2021-03-31")',
            "others",
        ),
        (
            'measure("people_in_receipt", service="direct-payments", period="2020/21")',
            "otherwise: a forecast is of one",
        ),
        ('measure("people_supported", service="direct-payments", period="2021-06-30")', ""),
        ('measure("direct_payment_take_up", period="2021-06-30")', ""),
    ],
)
def test_lint_refuses_a_forecast_beside_a_figure_of_other_people(tmp_path, beside, says):
    folder = write_text(tmp_path / "s")
    path = folder / "01-population.md"
    said = '\nWe expect {{ forecast("direct-payments", year="2023") }} people,\nbeside {{ %s }} now.\n'
    path.write_text(path.read_text("utf-8") + said % beside, "utf-8")
    told = [one for one in lint("worcestershire", folder) if one.rule == "another population"]
    assert [says in str(one) for one in told] == [True] * bool(says)
    apart = said.replace("people,\n", "people.\n\n") % beside
    path.write_text(path.read_text("utf-8").replace(said % beside, apart), "utf-8")
    assert "another population" not in {one.rule for one in lint("worcestershire", folder)}
