"""What a council decided, for the command line: rows of its intentions, of their progress, and one answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from careshape.design import Answer, Question
from careshape.errors import CallError, InputError
from careshape.statement.calls import near
from careshape.statement.council import Council, open_council
from careshape.statement.design.answers import answer_record
from careshape.statement.design.lines import line_of
from careshape.statement.design.market import answer, choices, day_of_question, page_of
from careshape.statement.listings import intention_record
from careshape.statement.outlook.ahead import NotWorkedOutError
from careshape.statement.outlook.work_out import look_ahead


def opened(data: Path, authority: str) -> Council:
    """The council. Raises InputError where what it decided cannot be read."""
    council = open_council(data, authority)
    if council is None:
        raise CallError(f"There is no council '{authority}' in '{data}'.")
    if council.decided.problem:
        raise InputError(council.decided.problem)
    return council


def intention_rows(council: Council) -> list[dict[str, object]]:
    """Every intention with its progress."""
    return [intention_record(council, one) for one in council.decided.intentions]


def progress_rows(council: Council) -> list[dict[str, object]]:
    """How far each intention is."""
    return [
        {
            "id": one.id, "direction": one.direction, "service": one.service, "client_group": one.client_group,
            "target": one.target_value, "unit": one.unit, "by": one.by_date.text, **line_of(council, one).record,
        }
        for one in council.decided.intentions
    ]  # fmt: skip


def question_of(council: Council, service: str, client_group: str, area: str, size: int | None, on: str) -> Question:
    """A question as it was typed. Raises CallError for a name that the council cannot answer for."""
    known = choices(council)
    for value, (what, names) in zip(
        (service, client_group, area), (("service", known[0]), ("client group", known[1]), ("area", known[2])),
        strict=True,
    ):  # fmt: skip
        ids = [id_ for id_, _ in names]
        if value and value != "all" and value not in ids:
            raise CallError(f"There is no {what} '{value}' to ask about. {near(value, ids)}")
    try:
        return Question(service, client_group or "all", area, size, day_of_question(on))
    except ValueError:
        raise CallError(f"'{on}' is no day. Write it as 2025-04-01, or a year as 2025.") from None


def answered(council: Council, question: Question, say: Callable[[str], None]) -> dict[str, Any]:
    """The answer to a question, with the post to ask; what is to come is worked out first where that was not done."""
    try:
        _ = council.ahead
    except NotWorkedOutError:
        say("Working out what is to come, which takes up to a minute.")
        look_ahead(council)
    found: Answer = answer(council, question)
    asked = page_of(council, (question.service,), found.lacking.segment if found.lacking else "")
    return {**answer_record(question, found), "ask": asked.post, "known": council.known}
