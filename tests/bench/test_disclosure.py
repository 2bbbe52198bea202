"""Random councils, protected and attacked: nothing comes out, and the controls that must be broken are."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from careshape.bench import second_opinion as second_opinion_module
from careshape.bench.disclosure import Attacked, Large, Part, bench_disclosure, three_way, try_council
from careshape.bench.disclosure_councils import EDITIONS, Council, large_tables, make_council, two_way
from careshape.bench.disclosure_facts import facts_of
from careshape.bench.second_opinion import beside, second_opinion
from careshape.cli import main
from careshape.cli.bench_disclosure import gate
from careshape.disclosure import Rule, protect
from careshape.editions import gate as editions_gate

COUNCILS = int(os.environ.get("CARESHAPE_TEST_COUNCILS", "2"))
"""Random councils; ``./soak disclosure`` asks for two hundred."""


@pytest.fixture(scope="module")
def attacked() -> Attacked:
    return bench_disclosure(COUNCILS, 5, lambda text: None, gate(), large=False)


def test_nothing_comes_out_of_random_councils(attacked, promise):
    # Derived: nothing may be left, and an attack proves nothing by failing unless it breaks the naive rules.
    assert attacked.missed() == attacked.failed() == []
    assert attacked.total("exact") == attacked.total("narrow") == attacked.total("located") == 0
    assert attacked.total("councils") == COUNCILS
    assert attacked.total("editions") == COUNCILS * EDITIONS
    assert attacked.total("targets") > 100
    assert attacked.control_broken > 0.8
    assert attacked.version_located > 0
    promise(
        "R10 disclosure",
        f"{attacked.total('targets'):,} protected figures of {COUNCILS} random councils, {EDITIONS} editions each: 0 "
        f"exact, 0 narrow, 0 changes located; control: {attacked.control_exact} of {attacked.control_targets} stars "
        f"recovered, a change located in {attacked.version_located} of {attacked.version_controls} naively rounded "
        "tables",
    )


def test_figures_stand_under_the_names_that_others_rely_on(attacked):
    found = attacked.as_json()
    assert {"exact", "narrow", "located", "control_broken", "refused", "parts", "patterns", "releases"} <= set(found)
    assert {part["method"] for part in found["parts"]} == {"suppress", "round"}
    for one in found["patterns"]:
        assert one["bound"] <= one["extra"]
    assert any(one["bound"] == one["extra"] > 0 for one in found["patterns"])


def test_what_is_left_is_missed_and_fails():
    part = Part("suppress", exact=1)
    found = Attacked(1, 5, [part], control_targets=10, control_exact=5, releases=[Large("round", 9, 9, 9, 90.0, 0)])
    assert found.missed()[:3] == [
        "exact: cells left 1; the goal is at most 0",
        "control_broken is 50.0%; the goal is at least 80%",
        "no change was located under nearest rounding, which should leave some",
    ]
    assert found.missed()[3].startswith("a council's release took 90.0 s of processor time; the goal is at most 60")
    assert len(found.failed()) == 3, "a slow machine is no leak"


def test_same_seed_gives_the_same_council():
    one, other = make_council(3), make_council(3)
    assert (one.editions, one.rule) == (other.editions, other.rule)
    assert one.editions[0] != one.editions[1] != one.editions[2]
    assert len({fact.day for fact in make_council(4, months=3).editions[0]}) == 3
    large = large_tables(4, months=3, fine=False)
    assert len({cell.id[-8:] for cell in large.cells}) == 3


def test_people_who_were_only_added_are_not_found_over_three_editions():
    """With only the last two editions tied, a figure of this council's third was left narrower than the rule asks."""
    part = Part("suppress")
    council = make_council(500_058)
    assert council.only_added
    try_council(council, part, gate())
    assert (part.editions, part.refused, part.exact, part.narrow, part.located) == (3, 0, 0, 0, 0)


def test_control_a_gate_that_stars_small_figures_is_broken(monkeypatch):
    def star(tables, rule, before=(), number=1, secret="", **more):
        found = protect(tables, rule, before=before, number=number, secret=secret, **more)
        figures = [
            one if one.id in rule.protected(tables) or not one.printed
            else replace(one, shown=tables.by_id[one.id].value, least=tables.by_id[one.id].value,
                         greatest=tables.by_id[one.id].value)
            for one in found.published.figures
        ]  # fmt: skip
        return replace(found, published=replace(found.published, figures=tuple(figures)))

    monkeypatch.setattr(editions_gate, "protect", star)
    part = Part("suppress")
    try_council(make_council(500_058, editions=1), part, gate())
    assert part.exact > 0


def test_editions_are_compared_in_the_same_parts_of_a_pound():
    """In whole pounds alone a first edition was counted in pounds, and the next one, which had pence, in pence."""
    day, levels = date(2021, 2, 28), {"service": [("a",), ("b",)], "district": [], "client_group": []}
    people = {day: [("a", "n", "g", "p1")] * 20 + [("b", "n", "g", "p2")] * 20}
    pence = facts_of(people, levels, fine=False, known=False)
    pounds = [replace(one, value=Fraction(int(one.value)), largest=()) for one in pence if one.over is None]
    pence = [replace(one, value=one.value + (one.unit == "gbp" and Fraction(37, 100)), largest=()) for one in pounds]
    first, second = (gate()(facts, Rule(), [], "")[2].truth.by_id for facts in (pounds, pence))
    cost = "weekly_cost planned[service=a]@2021-02-28"
    assert second[cost].value - first[cost].value == 37


def test_edition_that_cannot_be_protected_is_refused_and_not_attacked():
    """Everybody knows that three people were added, and that nobody had been there: no print can hide it."""
    day, levels = date(2021, 2, 28), {"service": [("a",), ("b",)], "district": [("n",), ("s",)], "client_group": []}
    were = [("a", "n", "g", "p1")] * 20 + [("a", "s", "g", "p2")] * 20 + [("b", "s", "g", "p3")] * 15
    later = [*were, *[("b", "n", "g", "p3")] * 3]
    editions = tuple(facts_of({day: people}, levels, fine=False, known=True) for people in (were, later))
    part = Part("suppress")
    try_council(Council(1, Rule(method="suppress"), editions, only_added=True), part, gate())
    assert (part.editions, part.refused) == (2, 1)
    assert (part.exact, part.narrow, part.located) == (0, 0, 0)


def test_command_prints_what_it_measured(capsys):
    assert main(["bench", "disclosure", "--councils", "1", "--no-large"]) == 0
    printed = capsys.readouterr().out
    assert "stars recovered" in printed
    assert "20 x 20" in printed


def test_second_opinion_stands_beside_ours_and_is_attacked_too():
    pytest.importorskip("pytauargus", reason="the second opinion is an extra of its own")
    found = second_opinion([("8 x 7", three_way(5, (8, 7))), ("council 1", two_way(500_001))])
    assert found.left_out == ""
    for one in found.tables:
        assert (one.said, one.ours_left, one.theirs_exact) == ("", 0, 0)
        assert one.protected > 0
        assert one.theirs >= 0
    # It hides no zeros: on the table of the reference it takes more cells than the proven least.
    assert found.tables[0].ours == 6 < found.tables[0].theirs
    assert found.total("ours") == sum(one.ours for one in found.tables)


def test_second_opinion_that_is_not_there_is_said(monkeypatch, capsys):
    monkeypatch.setattr(second_opinion_module, "PACKAGE", "no_such_package")
    found = second_opinion([("8 x 7", three_way(5, (8, 7)))])
    assert (found.tables, "is not installed" in found.left_out) == ([], True)
    assert main(["bench", "disclosure", "--councils", "1", "--no-large"]) == 0
    assert "The second opinion was left out" in capsys.readouterr().out


def test_second_opinion_that_fails_says_what_it_said(tmp_path, monkeypatch):
    script = tmp_path / "fails.py"
    script.write_text("raise SystemExit('no licence')")
    monkeypatch.setattr(second_opinion_module, "SCRIPT", script)
    one = beside("8 x 7", three_way(5, (8, 7)))
    assert (one.theirs, one.said) == (None, "pytauargus ended with 1: no licence")
    script.write_text("import time; time.sleep(30)")
    assert beside("8 x 7", three_way(5, (8, 7)), seconds=1).said == "pytauargus was stopped after 1 seconds."
