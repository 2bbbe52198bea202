"""What is chosen from a list in the form of a table, added to what stands in its field."""

from __future__ import annotations

import pytest

from careshape.writing.offers import added, taken


@pytest.mark.parametrize(
    ("text", "chosen", "made"),
    [
        ("", "district", "district"),
        ("district", "service", "district\nservice"),
        ("district\n\n", "district", "district"),
        ("", "service = nursing", "service = nursing"),
        ("service = nursing", "service = residential", "service = nursing; residential"),
        ("service = nursing; residential", "service = nursing", "service = nursing; residential"),
        ("service =", "service = nursing", "service = nursing"),
        ("district = redditch", "service = nursing", "district = redditch\nservice = nursing"),
        ("no filter", "service = nursing", "no filter\nservice = nursing"),
    ],
)
def test_chosen_line_is_added_once_and_a_value_joins_its_filter(text, chosen, made):
    assert added(text, chosen) == made


def test_only_fields_that_were_sent_take_what_was_chosen():
    sent = {
        "field-rows": "district",
        "add-rows": "service",
        "add-columns": "period",
        "add-where": "",
        "why": "It is new.",
    }
    assert taken(sent) == {"field-rows": "district\nservice", "why": "It is new."}
