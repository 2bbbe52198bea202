"""Every answer to "may I build this here?" that a council can give for its whole area, as a table."""

from __future__ import annotations

from careshape.design import VERDICTS, Answer, Question
from careshape.statement.council import Council
from careshape.statement.design.market import answer, cells, questions
from careshape.statement.labels import label_of
from careshape.statement.tables import Column, Row, Table, valued

_COLUMNS = (
    Column("For whom", "client_group"),
    Column("Answer", "answer"),
    Column("Why", "reason", wide=True),
)


def answers_table(council: Council) -> Table:
    """The answers, made once for each state of the council and of its outlook."""
    many = len(cells(council))
    with council.lock:
        kept = council.kept.get("answers")
        if kept is None or kept[0] != many:
            council.kept["answers"] = kept = (many, _table(council))
        found: Table = kept[1]
        return found


def _table(council: Council) -> Table:
    made = [(one, answer(council, one)) for one in questions(council)]
    made.sort(key=lambda pair: (label_of("service", pair[0].service), label_of("client_group", pair[0].client_group)))
    rows = [_row(question, found) for question, found in made]
    records = [answer_record(question, found) for question, found in made]
    return Table(
        "may-i-build", "Every answer for the whole area", ("Service",), _COLUMNS, tuple(rows), tuple(records),
        names="service",
    )  # fmt: skip


def _row(question: Question, found: Answer) -> Row:
    group = "Everybody" if question.client_group == "all" else label_of("client_group", question.client_group)
    cells_ = (group, VERDICTS[found.verdict], found.reason)
    return Row((label_of("service", question.service),), tuple(valued(one) for one in cells_))


def answer_record(question: Question, found: Answer) -> dict[str, object]:
    """A question and its answer as data."""
    lacking = found.lacking
    return {
        "service": question.service, "client_group": question.client_group, "area": question.area,
        "size": question.size, "on": question.on.isoformat() if question.on else "", "answer": found.verdict,
        "rule": found.rule, "reason": found.reason, "conditions": " ".join(found.conditions),
        "exceptions": " ".join(found.exceptions),
        "intentions": " ".join(one.intention.id for one in found.meant if one.decides),
        "for_a_part": " ".join(one.intention.id for one in found.meant if one.in_part),
        "gap": round(lacking.mean, 1) if lacking else None, "gap_lower_80": round(lacking.low, 1) if lacking else None,
        "gap_upper_80": round(lacking.high, 1) if lacking else None, "unit": lacking.unit if lacking else "",
        "gap_on": lacking.on.isoformat() if lacking else "", "gap_said": lacking.said if lacking else "",
        "gap_wider": lacking.wider if lacking else "", "size_said": found.sized,
    }  # fmt: skip
