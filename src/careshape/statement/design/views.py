"""The pages of what a council decided, as served and as exported."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from careshape.design import Answer, Question
from careshape.design.files import ANSWERS, EVENT_KINDS, EVENT_STATES, GOALS, OUTCOMES
from careshape.design.may_build import ALL, RULES, VERDICTS, Meant
from careshape.design.progress import STATES
from careshape.policy.views import does
from careshape.statement.addresses import address
from careshape.statement.arrange import arrange
from careshape.statement.council import Council
from careshape.statement.design.answers import answers_table
from careshape.statement.design.kinds import by_kind
from careshape.statement.design.lines import TAGS, before_and_after, goal_line, line_of
from careshape.statement.design.market import answer, choices, day_of_question, ended_of, page_of, place_label
from careshape.statement.design.wanted import Wanted, chosen, wanted_table
from careshape.statement.downloads import download_response, records_of
from careshape.statement.formatting import day, month, title_of
from careshape.statement.labels import in_sentence, label_of, period_title
from careshape.statement.outlook.ahead import NotWorkedOutError
from careshape.statement.pages import NotThereError, page, static_export, the_council
from careshape.statement.segments import slot_html

VERDICT_TAGS = {
    "yes": "govuk-tag--green",
    "conditions": "govuk-tag--turquoise",
    "not-now": "govuk-tag--yellow",
    "no": "govuk-tag--red",
    "ask": "govuk-tag--blue",
}
OUTCOME_TAGS = {
    "achieved": "govuk-tag--green",
    "partly": "govuk-tag--yellow",
    "not-yet": "govuk-tag--orange",
    "not-reported": "govuk-tag--grey",
}
ANSWER_TAGS = {
    "done": "govuk-tag--green",
    "under-way": "govuk-tag--turquoise",
    "intended": "govuk-tag--blue",
    "not-known": "govuk-tag--grey",
}


@does("statement.read")
def intention_page(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One intention: how far it is and by which rule, what it rests on, what it carries on, what people said."""
    council = the_council(request, slug)
    one = council.decided.intention(name)
    if one is None:
        raise NotThereError(f"The council states no intention '{name}'.", "All intentions", address(slug, "intentions"))
    line = line_of(council, one)
    crumbs = (("Intentions", address(slug, "intentions")), (one.id, ""))
    observations = {row.id: row for row in council.sources.observations if row.id in one.evidence}
    return page(
        request, "design/intention.html", council, here="intentions", crumbs=crumbs, intention=one, line=line,
        service=label_of("service", one.service), group=_whom(one.client_group),
        area=place_label(one.area) if one.area else "", direction=title_of(one.direction),
        rule=STATES[line.state], evidence=[(name, observations.get(name)) for name in one.evidence],
        carried=council.decided.carried_from(name), said=council.decided.said_of(name),
        goals=council.decided.serves(name), asked=page_of(council, (one.service,)),
        contact=council.statement.contact if council.statement else None, outcomes=OUTCOMES, tags=OUTCOME_TAGS,
    )  # fmt: skip


def _whom(group: str) -> str:
    return "Everybody" if group == ALL else label_of("client_group", group)


@dataclass(frozen=True)
class Form:
    """What a reader filled in, and what could not be taken of it, by field."""

    values: dict[str, str]
    errors: dict[str, str]
    question: Question | None


def _form(request: HttpRequest, council: Council) -> Form:
    """Read the form of the address; nothing is asked while no service is chosen."""
    values = {
        name: request.GET.get(name, "").strip()[:100] for name in ("service", "client_group", "area", "size", "on")
    }
    services, groups, areas = choices(council)
    errors: dict[str, str] = {}
    if any(values.values()) and not values["service"]:
        errors["service"] = "Choose a service."
    for name, known in (("service", services), ("client_group", groups), ("area", areas)):
        if values[name] and values[name] not in dict(known):
            errors[name] = f"'{values[name]}' is not in the list. Choose one of it."
    size = (
        int(values["size"]) if values["size"].isascii() and values["size"].isdigit() and len(values["size"]) < 7 else 0
    )
    if values["size"] and not size:
        errors["size"] = "Write the size as a whole number above 0, such as 12."
    try:
        on = day_of_question(values["on"])
    except ValueError:
        on, errors["on"] = None, "Write the day as 2025-04-01, or a year as 2025."
    if errors or not values["service"]:
        return Form(values, errors, None)
    return Form(
        values, {}, Question(values["service"], values["client_group"] or ALL, values["area"], size or None, on)
    )


@does("statement.read")
def may_i_build_page(request: HttpRequest, slug: str) -> HttpResponse:
    """May I build this here? A form, its answer with the reasons, and every answer that the council can give."""
    council = the_council(request, slug)
    form = _form(request, council) if not static_export(request) else Form({}, {}, None)
    made = answer(council, form.question) if form.question else None
    services, groups, areas = choices(council)
    table = answers_table(council)
    arranged = arrange(table, {} if form.question or form.errors else request.GET.dict(), ("answer",))
    return page(
        request, "design/may_i_build.html", council, here="intentions", form=form, answer=made,
        services=by_kind(services), groups=groups, ended=ended_of(council), areas=areas, verdicts=VERDICTS,
        tags=VERDICT_TAGS, arranged=arranged, rules=RULES,
        crumbs=(("May I build this here?", ""),), status=400 if form.errors else 200,
        **(_answered(council, form.question, made) if form.question and made else {}),
    )  # fmt: skip


def _answered(council: Council, question: Question, made: Answer) -> dict[str, object]:
    found = page_of(council, (question.service,), made.lacking.segment if made.lacking else "")
    words = [label_of("service", question.service)]
    words += [] if question.client_group == ALL else [in_sentence("client_group", _label(question.client_group))]
    words += [place_label(question.area)] if question.area else []
    words += [f"{question.size:,}{f' {made.lacking.unit}' if made.lacking else ''}"] if question.size else []
    deciding, others = _sorted(made)
    return {
        "asked": found, "words": ", ".join(words), "on": day(question.on) if question.on else "",
        "deciding": deciding, "others": others,
        "rule": next(at for at, one in enumerate(RULES, 1) if one.id == made.rule),
        "contact": council.statement.contact if council.statement else None,
        "by": {one.intention.id: period_title(one.intention.by_date.text) for one in made.meant
               if one.intention.by_date.text},
    }  # fmt: skip


def _label(group: str) -> str:
    return label_of("client_group", group)


def _sorted(made: Answer) -> tuple[list[Meant], list[Meant]]:
    """The intentions that decide the answer, and the others that bear on it.

    Where none decides for all of what was asked, those about a part of it do; else those whose time has passed.
    """
    for decides in (lambda one: one.decides, lambda one: one.in_part, lambda one: one.past and not one.aside):
        first = [one for one in made.meant if decides(one)]
        if first:
            return first, [one for one in made.meant if one not in first]
    return [], list(made.meant)


@does("statement.read")
def may_i_build_download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Every answer that the council can give, as data."""
    council = the_council(request, slug)
    return download_response(
        council, answers_table(council), kind, records_of(council), request.GET.dict(), ("answer",)
    )


@does("statement.read")
def opportunities_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What is wanted here: gaps, intentions, what is open, prices and whom to ask, on one page."""
    council = the_council(request, slug)
    waiting = problem = ""
    try:
        problem = council.ahead.problem
    except NotWorkedOutError as error:
        waiting = str(error)
    asked = {} if static_export(request) else request.GET.dict()
    found = None if waiting or problem else chosen(council, asked)
    parts = {one.key: one for one in found.rows} if found else {}
    return page(
        request, "design/opportunities.html", council, here="opportunities", crumbs=(("What is wanted here", ""),),
        found=found, waiting=waiting, problem=problem, parts=[_part(council, one) for one in parts.values()],
        tags=VERDICT_TAGS, verdicts=VERDICTS, query=_query(asked), ended=ended_of(council),
        when=month(council.last_day) if council.last_day else "",
        contact=council.statement.contact if council.statement else None,
    )  # fmt: skip


def _query(asked: dict[str, str]) -> str:
    kept = {name: value for name, value in asked.items() if name != "page"}
    return f"{urlencode(kept)}&" if kept else ""


def _part(council: Council, one: Wanted) -> dict[str, object]:
    """A part of the market with what its page says is open to providers."""
    segment = one.page.segment
    return {"row": one, "html": slot_html(council, segment, "opportunities") if segment is not None else ""}


@does("statement.read")
def opportunities_download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """What is wanted here, as data: the rows that the address asks for, or all of them without any."""
    council = the_council(request, slug)
    table = wanted_table(council)
    asked = {} if static_export(request) else request.GET.dict()
    if asked:
        table = chosen(council, {"area": "", "by": "", **asked}, every=True).arranged.table
    return download_response(council, table, kind, records_of(council), {})


@does("statement.read")
def review_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The review of the last statement: what it said would follow, what has happened, and what is carried on."""
    council = the_council(request, slug)
    reviewed = council.decided.reviewed
    drivers: dict[int, list[tuple[object, object]]] = {}
    titles = {}
    for one in reviewed:
        drivers.setdefault(one.driver, []).append((one, before_and_after(council, one)))
        titles[one.driver] = one.title
    counts = {name: sum(one.outcome == name for one in reviewed) for name in OUTCOMES}
    return page(
        request, "design/review.html", council, here="home", crumbs=(("Review", ""),), drivers=drivers, titles=titles,
        outcomes=OUTCOMES, tags=OUTCOME_TAGS, counts=counts, many=len(reviewed),
    )  # fmt: skip


@does("statement.read")
def engagement_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom the council asked, what they said, and what came of it."""
    council = the_council(request, slug)
    made = council.decided
    names = {one.id: one.name for one in made.events}
    when = {one.id: period_title(one.held.text) if one.held.text else one.held_in_words for one in made.events}
    counts = {name: sum(one.state == name for one in made.messages) for name in ANSWERS}
    return page(
        request, "design/engagement.html", council, here="home", crumbs=(("What people said", ""),),
        events=made.events, messages=made.messages, names=names, when=when, kinds=EVENT_KINDS, states=EVENT_STATES,
        answers=ANSWERS, tags=ANSWER_TAGS, counts=counts, topic=title_of,
    )  # fmt: skip


@does("statement.read")
def end_states_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the council means to be, each goal with the figure that shows how near it is, or that none is kept."""
    council = the_council(request, slug)
    groups: dict[str, list[tuple[object, object]]] = {}
    for kind in GOALS:
        rows = [(one, goal_line(council, one)) for one in council.decided.end_states if one.kind == kind]
        if rows:
            groups[kind] = list(rows)
    many = len(council.decided.end_states)
    return page(
        request, "design/end_states.html", council, here="home", crumbs=(("Where care is to be", ""),), groups=groups,
        kinds=GOALS, many=many, kept=sum(bool(one.measure) for one in council.decided.end_states), tags=TAGS,
    )  # fmt: skip


__all__ = [
    "end_states_page",
    "engagement_page",
    "intention_page",
    "may_i_build_download",
    "may_i_build_page",
    "opportunities_download",
    "opportunities_page",
    "review_page",
]
