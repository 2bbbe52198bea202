"""Sentences that tell nothing without their figures are left out of an edition, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from careshape.statement.council import Council
from careshape.statement.figures import FigureBook
from careshape.statement.formatting import Withheld
from careshape.statement.segments import segment_parts
from careshape.statement.silent import silent, spoken
from careshape.statement.unshown import unshown

MOST = '{{ largest("home_care_hours", by="district", period="2021-03") }}'
PLACE = '{{ rank("home_care_hours", by="district", district="redditch", period="2021-03") | number }}'
SPENT = '{{ measure("gross_cost", period="2020/21") | money }}'
EACH = '{{ measure("mean_weekly_cost", period="2021-03-31") | money_week }}'
SHOWN = '{{ measure("care_home_people", period="2021-03-31") }}'
YEAR = '{{ year("2020/21") }}'


class Some(FigureBook):
    """A book that keeps back every figure but one of people, and dates."""

    def figure(self, call):
        found = super().figure(call)
        if call.name in ("date", "month", "year") or call.first == "care_home_people":
            return found
        return replace(found, value=Withheld("it could tell of fewer than 5 people"), text="suppressed")


@pytest.fixture
def kept(council):
    """The sample council in an edition that shows one figure only."""
    made = Council(council.slug, council.ledger, council.observations, council.written)
    made.__dict__["book"] = Some(council.book.sources, council.book.read)
    return made


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"{MOST} has the most hours. In Wychavon it grew.", "In Wychavon it grew."),
        (f"It grew. {MOST} has the most.\nIt will grow.", "It grew.\nIt will grow."),
        (f"{MOST} is place {PLACE}. {MOST} is first. More.", "More."),
        (f"Before.\n\n{MOST} has the most hours.\n\nAfter.", "Before.\n\n\nAfter."),
        (f"- *The country.* {MOST} has most.\n- Next.", "- *The country.*\n- Next."),
        (f"- {MOST} has most.\n- Next.", "- Next."),
        (f"[demonstration] {MOST} has most. It is invented.", "[demonstration] It is invented."),
        (f"It cost {SPENT} in {YEAR}. That is {EACH} each. So it is.", f"It cost {SPENT} in {YEAR}. So it is."),
        (f"It cost {SPENT}. It was {EACH}. It was {EACH} too.", f"It cost {SPENT}."),
        (f"{MOST} leads. It cost {SPENT}.", f"It cost {SPENT}."),
    ],
)
def test_sentence_that_tells_nothing_is_left_out(kept, text, left):
    assert spoken(kept, text) == left


@pytest.mark.parametrize(
    "text",
    [
        f"It cost {SPENT} in {YEAR}.",  # the first says that there is a figure, and for whose sake it is not shown
        f"It cost {SPENT}. {SHOWN} people had it, at {EACH}.",  # another figure of it is shown
        f"It cost {SPENT}. Costs rise. It is {EACH} each.",  # what comes between is of something else
        f"It cost {SPENT}.\n\nIt is {EACH} each.",  # another paragraph
        f"It was *bad. {MOST} has the most* of them.",  # without it, the emphasis would not close
        f"## {MOST}",
        f"| {MOST} |\n| --- |",
        f"{SHOWN} people. No figure is kept back.",
    ],
)
def test_any_other_sentence_stays(kept, text):
    assert silent(kept, text) == []
    assert spoken(kept, text) is text


def test_page_and_list_agree_on_what_is_left_out(kept):
    segment = next(one for one in kept.statement.segments.values() if one.file == "01-population.md")
    text = f"{segment.text}\n\nIt is so. {MOST} has the most of all hours there are.\n"
    from careshape.statement.expressions import find_expressions

    changed = replace(segment, text=text, found=tuple(find_expressions(text, segment.file)[0]))
    groups = tuple(
        replace(group, segments=tuple(changed if one.id == segment.id else one for one in group.segments))
        for group in kept.statement.groups
    )
    kept.__dict__["statement"] = replace(kept.statement, groups=groups)
    html = " ".join(part.html for part in segment_parts(kept, changed))
    assert "It is so." in html
    assert "most of all hours" not in html
    assert [one.left_out for one in unshown(kept) if "most of all hours" in one.words] == [True]
    assert any(not one.left_out for one in unshown(kept))
