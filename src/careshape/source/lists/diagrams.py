"""Courses of lists drawn from their data, as Mermaid state diagrams for the documentation."""

from __future__ import annotations

from careshape.source.courses import courses as brokered
from careshape.source.lists.application_course import applying
from careshape.source.lists.courses import EVIDENCE, NOWHERE, Move, Steps
from careshape.source.lists.kinds import courses, kinds
from careshape.source.lists.standards import switching

AWARDS = {"competition": "by competition", "direct": "directly", "either": "by competition or directly"}
TIME = "time"
"""Who makes a move by itself: that its time has come."""
JOINS = {"always": "at any time", "rounds": "in rounds", "never": "by its first day"}


def diagram(course: Steps) -> str:
    """One course as Mermaid text: its states, and its moves with who makes them."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{one.title}" as {_name(one.id)}' for one in course.states]
    lines += [f"    {_name(start)} --> {_name(one.to)}: {_said(one)}" for one in course.moves for start in one.from_]
    return "\n".join(lines)


def table() -> str:
    """The kinds as a table: who joins when, how work comes, and when a list ends."""
    rows = ["| kind | joins | course | work comes | ends |", "| --- | --- | --- | --- | --- |"]
    for one in kinds().values():
        how = "in the order of its lot" if one.ranked else AWARDS[one.awards]
        more = "; places bought in advance" * one.places + "; the last resort" * one.last_resort
        joins = JOINS[one.joins] + ", the council's own services only" * one.own
        rows.append(f"| {one.title} | {joins} | {one.course_id} | {how}{more} | {one.ends} |")
    return "\n".join(rows)


def page_parts() -> dict[str, str]:
    """What of the page of kinds follows from the data, by the name of its part."""
    drawn = {one.id: f"### {one.title} (`{one.id}`)\n\n```mermaid\n{diagram(one)}\n```\n" for one in courses().values()}
    switched = f"```mermaid\n{diagram(switching())}\n```\n"
    applied = f"```mermaid\n{diagram(applying())}\n```\n"
    return {"kinds": table() + "\n", **drawn, "switching": switched, "applying": applied}


def brokerage_parts() -> dict[str, str]:
    """What of the page of brokerage follows from the data: the course of a request, and of what follows from it."""
    return {one.id: f"### {one.title}\n\n```mermaid\n{diagram(one)}\n```\n" for one in brokered().values()}


def _name(state: str) -> str:
    return "[*]" if state == NOWHERE else state.replace("-", "_")


def _said(one: Move) -> str:
    who = ", ".join(f"{by}, by itself" if by in (EVIDENCE, TIME) else by for by in one.by)
    other = "; another person than who began" if one.another else ""
    return f"{one.title} ({who}{'; with a reason' if one.reason else ''}{other})"
