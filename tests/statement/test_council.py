"""A council is opened anew when, and only when, something of it has changed."""

from __future__ import annotations

import pytest

from careshape.ledger.imports import import_file
from careshape.statement.council import council_slugs, open_council
from tests.statement.sample import HEADER, LINE, make_sample


def test_open_council_keeps_figures_until_a_posting_or_the_text_changes(tmp_path):
    data = make_sample(tmp_path / "d")
    first = open_council(data, "worcestershire")
    assert first is open_council(data, "worcestershire")
    assert first.table("people-by-district").rows[-1].cells[1].text == "5"

    lines = tmp_path / "more.csv"
    line = LINE.format(
        n=99, group="older-people", service="nursing", district="worcester", start="2021-01-01", end="", cost="1"
    )
    lines.write_text(HEADER + line, "utf-8")
    import_file(first.ledger.ledger, lines, reader="packages")
    second = open_council(data, "worcestershire")
    assert second is not first
    assert second.table("people-by-district").rows[-1].cells[1].text == "6"
    assert second.known.endswith("posting 2")

    path = data / "councils" / "worcestershire" / "statement" / "01-population.md"
    path.write_text(path.read_text("utf-8").replace('title = "Population"', 'title = "Who lives here"'), "utf-8")
    assert open_council(data, "worcestershire").statement.segments["population"].title == "Who lives here"


def test_open_council_tells_what_is_wrong_with_a_text_instead_of_failing(tmp_path):
    data = make_sample(tmp_path / "d")
    (data / "councils" / "worcestershire" / "statement" / "statement.toml").write_text("title = ", "utf-8")
    council = open_council(data, "worcestershire")
    assert council.statement is None
    assert "statement.toml" in council.content_problem


def test_council_slugs_are_the_councils_there_are(tmp_path):
    assert council_slugs(make_sample(tmp_path / "d")) == ["thurrock", "worcestershire"]
    assert open_council(tmp_path / "d", "nowhere") is None


def test_council_whose_text_alone_changed_asks_the_ledger_nothing_again(tmp_path):
    data = make_sample(tmp_path)
    first = open_council(data, "worcestershire")
    first.warm()
    file = data / "councils" / "worcestershire" / "statement" / "03-shared-lives.md"
    file.write_text(file.read_text("utf-8").replace("There is some.", "There is some more."), "utf-8")
    second = open_council(data, "worcestershire")
    assert "some more" in second.statement.segments["shared-lives"].text
    asked: list[str] = []
    measured = second.ask
    second.ask = lambda context, name, **rest: asked.append(name) or measured(context, name, **rest)
    second.warm()
    assert asked == []


def test_tables_of_a_figure_are_found_without_drawing_a_chart(data, monkeypatch):
    council = open_council(data, "worcestershire")
    assert council is not None
    monkeypatch.setattr(type(council), "chart", lambda *_: pytest.fail("a card shows no chart"))
    council.kept.pop("standing", None)
    name = next(name for name in council.statement.tables if council._cards_of(name))
    (key, *_) = council._cards_of(name)
    assert name in [one.id for one in council.standing(key)]
