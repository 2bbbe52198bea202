"""A statement of a subject says for when it is planned, or who sets its date."""

from __future__ import annotations

from dataclasses import replace

from careshape.statement.subject_views import shown


def test_subject_without_a_date_says_who_sets_one(council):
    one = next(one for one in council.statement.subjects if one.kind == "subject")
    assert shown(council, one).when == "Planned for April 2022."
    post = council.statement.rules.every.owner
    said = shown(council, replace(one, planned="")).when
    assert said == f"No date has been set for it yet. The {post} sets one, and this page tells it."
