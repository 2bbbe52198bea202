"""Words that claim a direction or a first place, against the figures beside them."""

from __future__ import annotations

import pytest

from careshape.statement.claims import contradictions
from careshape.statement.council import Council
from careshape.statement.expressions import find_expressions

# In the sample four people are in long-term care homes on 31 March 2020, and five a year later: three of them in
# Wychavon and two in Redditch.
EARLIER = 'measure("care_home_people", period="2020-03-31")'
LATER = 'measure("care_home_people", period="2021-03-31")'
ROSE = f"growth({EARLIER}, {LATER})"  # 4 -> 5
FELL = f"growth({LATER}, {EARLIER})"
WYCHAVON = 'measure("care_home_people", district="wychavon", period="2021-03-31")'  # 3 of 5
MOST = 'largest("care_home_people", by="district", period="2021-03-31")'


@pytest.mark.parametrize(
    "text",
    [
        f"The number fell by {{{{ {ROSE} }}}}.",
        f"It saw a fall of about {{{{ {ROSE} }}}} in the year.",
        f"It is {{{{ {ROSE} }}}} lower than it was.",
        f"The number rose by {{{{ {FELL} }}}}.",
        f"There were {{{{ difference({EARLIER}, {LATER}) | words }}}} people fewer.",
        f"There were {{{{ difference({LATER}, {EARLIER}) | words }}}} people more.",
        f"People fell from {{{{ {EARLIER} }}}} to {{{{ {LATER} }}}}.",
        f"It rose from {{{{ {LATER} }}}}\nto {{{{ {LATER} }}}}.",
        'It rose by {{ observation("W-PF-110") }}.',  # a published change of -21%
        f"{{{{ {MOST} }}}} has the fewest people.",
        f"Redditch has the most people, and Wychavon has the fewest: {{{{ {WYCHAVON} }}}}.",
        'Redditch has the most: {{ measure("care_home_people", district="redditch", period="2021-03-31") }}.',
    ],
)
def test_a_planted_contradiction_is_found(council: Council, text: str):
    found = [claim.message for claim in contradictions(text, find_expressions(text, "a.md")[0], council.book)]
    assert len(found) == 1, found
    assert "The text says" in found[0]


@pytest.mark.parametrize(
    "text",
    [
        f"The number rose by {{{{ {ROSE} }}}}, and {{{{ {ROSE} }}}} more were asked.",
        f"The number fell by {{{{ {FELL} }}}}.",
        f"The number did not fall by {{{{ {ROSE} }}}}.",
        f"It changed by {{{{ {ROSE} }}}}.",
        'It fell by {{ observation("W-PF-110") }}, and helped {{ observation("W-PF-025") }} more people.',
        f"There were {{{{ difference({EARLIER}, {LATER}) | words }}}} people more.",
        f"Costs fell. In that time people went from {{{{ {EARLIER} }}}} to {{{{ {LATER} }}}}.",
        f"People rose from {{{{ {EARLIER} }}}} to {{{{ {LATER} }}}}.",
        f"{{{{ {MOST} }}}} has the most people.",
        f"Wychavon has the most people: {{{{ {WYCHAVON} }}}}.",
        f"At {{{{ {WYCHAVON} }}}} people, most are older.",
        'The number fell by {{ growth(measure("care_home_people", period="1990"), measure("gone", period="1991")) }}.',
    ],
)
def test_words_that_fit_or_claim_nothing_pass(council: Council, text: str):
    assert list(contradictions(text, find_expressions(text, "a.md")[0], council.book)) == []


def test_moved_writes_the_word_that_fits(council: Council):
    found = find_expressions(
        f"{{{{ moved({EARLIER}, {LATER}) }}}} {{{{ moved({LATER}, {EARLIER}) }}}} {{{{ moved({LATER}, {LATER}) }}}}",
        "a.md",
    )[0]
    assert [council.book.figure(one.call).text for one in found] == ["rose by 25%", "fell by 20%", "did not change"]
