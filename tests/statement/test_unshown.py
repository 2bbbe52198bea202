"""What a sentence says in place of a figure that is kept back: it reads as a sentence, and says for whose sake."""

from __future__ import annotations

from dataclasses import replace

import pytest

from careshape.statement.council import Council
from careshape.statement.easy_read import EasyLine, EasyText
from careshape.statement.expressions import find_expressions
from careshape.statement.figures import FigureBook
from careshape.statement.formatting import Withheld
from careshape.statement.segments import segment_parts
from careshape.statement.unshown import PRIVATE, said_easily, told, unshown

FEW = Withheld("it could tell of fewer than 5 people")
BUSINESS = Withheld("it could tell of fewer than 5 people, or of one provider's business")
HOURS = '{{ largest("home_care_hours", by="district", period="2021-03") }}'
SPENT = '{{ measure("gross_cost", period="2020/21") | money }}'
SHARE = '{{ measure("direct_payment_take_up", period="2021-03-31") | percent }}'
PEOPLE = '{{ measure("people_supported", period="2021-03-31") | number }}'


class Kept(FigureBook):
    """A book in which every figure but dates is kept back."""

    reason = FEW

    def figure(self, call):
        found = super().figure(call)
        return found if call.name in ("date", "month", "year") else replace(found, value=self.reason, text="suppressed")


@pytest.fixture
def kept(council):
    """The sample council in an edition that gives no figure."""
    book = Kept(council.book.sources, council.book.read)
    made = Council(council.slug, council.ledger, council.observations, council.written)
    made.__dict__["book"] = book
    return made


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{HOURS} has {SHARE}.", "A district that is not named{why}, has a share that is not shown."),
        (f'At {SPENT} it is "{HOURS}".', 'At an amount that is not shown{why}, it is "a district that is not named".'),
        (f"We spent {SPENT}.", "We spent an amount that is not shown{why}."),
        (f"{SHARE} of them.", "A share that is not shown{why}, of them."),
        (f"{PEOPLE} people had one.", "An undisclosed number (to protect people) of people had one."),
        (f"The {PEOPLE} older people.", "The undisclosed number (to protect people) of older people."),
        (f"It cost £{PEOPLE}.", "It cost £a number that is not shown{why}."),
        (f"It was {SPENT} ({SHARE}).", "It was an amount that is not shown{why} (a share that is not shown)."),
        (f"About {PEOPLE}% in {PEOPLE}.", "About a number that is not shown% in a number that is not shown{why}."),
        (f"A further {SPENT}.", "A further amount that is not shown{why}."),
        (f"It went to {PEOPLE} in all.", "It went to a number that is not shown{why}, in all."),
        ('On {{ date("2021-03-31") }} all was well.', "On 31 March 2021 all was well."),
    ],
)
def test_sentence_reads_without_its_figure(kept, text, says):
    assert told(kept, text) == says.replace("{why}", ", to protect people")


def test_reason_is_told_once_and_names_providers_where_it_is_of_money(kept):
    kept.book.reason = BUSINESS
    said = told(kept, f"It came to {SPENT}, or {SPENT} each.")
    amount = "an amount that is not shown"
    assert said == f"It came to {amount}, to protect people and providers, or {amount} each."


def test_sentences_without_their_figure_are_listed_with_segment_line_and_words(kept, council):
    found = unshown(kept)
    assert unshown(council) == []
    assert found
    files = {one.file for one in found}
    assert "01-population.md" in files
    for one in found:
        assert one.words[:1].isalnum(), one
        assert one.line > 0
        assert one.title
        assert "suppressed" not in one.words
        assert "{{" not in one.words


def test_easy_read_is_listed_as_its_page_says_it(kept):
    text = f"{PEOPLE} people & families had care."
    line = EasyLine("home", text, 3, tuple(find_expressions(text, "")[0]))
    easy = EasyText("summary", "Summary", "summary.md", (line,))
    kept.__dict__["statement"] = replace(kept.statement, easy={"summary": easy})
    words = next(one.words for one in unshown(kept) if one.file == "summary.md")
    assert words == said_easily(kept, line).striptags() == f"{PRIVATE} people & families had care."


def test_page_and_list_say_the_same_of_what_is_kept_back(kept):
    segment = next(one for one in kept.statement.segments.values() if one.file == "01-population.md")
    html = " ".join(part.html for part in segment_parts(kept, segment))
    assert "not shown" in html or "undisclosed" in html or "not named" in html
    assert ">suppressed<" not in html
