"""The words for ids."""

from __future__ import annotations

import pytest

from careshape.statement.labels import in_sentence, label_of, period_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("2021-03-31", "31 March 2021"),
        ("2021-03", "March 2021"),
        ("2020/21", "2020/21"),
        ("2021-07/2023-03", "July 2021 to March 2023"),
        ("2018/2023", "2018 to 2023"),
        ("2021-06-05/2021-06-11", "5 June 2021 to 11 June 2021"),
        ("current at publication", "current at publication"),
    ],
)
def test_period_title_names_a_period_as_a_reader_does(text, title):
    assert period_title(text) == title


@pytest.mark.parametrize(
    ("dimension", "value", "label"),
    [
        ("service", "nursing", "Nursing care"),
        ("district", "wyre-forest", "Wyre Forest"),
        ("age_band", "65+", "65 and over"),
        ("working_age_band", "18-64", "18 to 64"),
        ("client_group", "all", "All"),
        ("area", "West Midlands", "West Midlands"),
        ("indicator", "2A2", "2A2"),
        ("outcome", "prevent-hospital-admission", "Prevent hospital admission"),
    ],
)
def test_label_of_takes_the_catalogue_s_word_or_the_value_s_own(dimension, value, label):
    assert label_of(dimension, value) == label


@pytest.mark.parametrize(
    ("dimension", "label", "said"),
    [
        ("service", "Nursing care", "nursing care"),
        ("service", "Shared Lives", "Shared Lives"),
        ("service", "Here2Help", "Here2Help"),
        ("provider_type", "NHS", "NHS"),
        ("component", "Covid-19", "Covid-19"),
        ("district", "Wychavon", "Wychavon"),
    ],
)
def test_in_sentence_takes_a_small_letter_where_it_is_no_name(dimension, label, said):
    assert in_sentence(dimension, label) == said


def test_label_of_a_district_says_that_care_is_outside():
    assert label_of("district", "not-applicable") == "Outside the area"
