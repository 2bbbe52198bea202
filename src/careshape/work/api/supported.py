"""What programs may do about people who are supported: keep their record, decide how needs are met, see findings."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError

from careshape.accounts.models import Organisation
from careshape.audit.change import reading, tell
from careshape.errors import CallError
from careshape.people.keep import correct, enter, take_back
from careshape.people.kinds import KINDS, Row
from careshape.people.models import Carer, Need, Person
from careshape.people.record import Particulars, add
from careshape.people.record import correct as correct_person
from careshape.policy.fields import seen
from careshape.rules.judge import Finding
from careshape.source.judged import decide, gate
from careshape.source.judged.kept import kept_by
from careshape.source.models import Decision, Request
from careshape.source.models.judged import Settled
from careshape.source.requests import aside
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand
from careshape.work.api.people_shapes import DoneOut
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged
from careshape.work.api.supported_shapes import (
    BarredOut,
    DecisionIn,
    DecisionOut,
    EntryIn,
    EntryNowIn,
    KeptOut,
    ReasonIn,
    RecordEntryOut,
    RequestReasonIn,
    RuleFindingOut,
    SupportedIn,
    SupportedNowIn,
    SupportedOut,
)

SEE, RECORD, DECIDE, DECISIONS = "people.see", "people.record", "source.decide", "source.decisions"
router = Router(tags=["Supported people"])


@router.get("/supported", response=Page[SupportedOut], **doing(SEE))
@reading
def supported(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The people whom the council supports."""
    found = Person.objects.reached(request.principal, SEE).order_by("pk")
    page = paged(found, paging, lambda one: _person(request, one))
    tell(request.principal, SEE, "supported", rows=len(page["items"]))
    return page


@router.post("/supported", response={201: DoneOut}, **doing(RECORD))
@once
def add_supported(request: HttpRequest, asked: SupportedIn) -> Any:
    """Add somebody whom the council comes to support."""
    made = add(request.principal, _particulars(asked))
    return 201, {"id": made.pk, "done": "added"}


@router.get("/supported/{int:pk}", response=SupportedOut, **doing(SEE))
@reading
def one_supported(request: HttpRequest, pk: int) -> Any:
    """Somebody who is supported."""
    row = Person.objects.reach(request.principal, SEE, pk=pk)
    tell(request.principal, SEE, row)
    return _person(request, row)


@router.post("/supported/{int:pk}/correct", response=DoneOut, **doing(RECORD))
@once
def correct_supported(request: HttpRequest, pk: int, asked: SupportedNowIn) -> Any:
    """Put right who somebody is. What stood there is kept."""
    row = Person.objects.reach(request.principal, RECORD, pk=pk)
    with as_things_stand():
        correct_person(request.principal, row, _particulars(asked), asked.why)
    return 200, {"id": row.pk, "done": "corrected"}


@router.get("/supported/{int:pk}/entries", response=Page[RecordEntryOut], **doing(SEE))
@reading
def entries(request: HttpRequest, pk: int, paging: Query[Paging], kind: str = "") -> Any:
    """The entries of a person's record, of one kind where that is asked; with those that were taken back."""
    person = Person.objects.reach(request.principal, SEE, pk=pk)
    if kind and kind not in KINDS:
        raise CallError(f"Nothing of the name '{kind}' is kept. Choose from {', '.join(KINDS)}.")
    rows: list[Row] = [
        row
        for name, one in KINDS.items()
        if kind in ("", name)
        for row in one.model.objects.reached(request.principal, SEE)
        .filter(person=person)
        .select_related("by")
        .order_by("pk")
    ]
    tell(request.principal, SEE, person, entries=len(rows))
    start, end = paging.offset, paging.offset + paging.limit
    items = [_entry(row) for row in rows[start:end]]
    return {"items": items, "total": len(rows), "limit": paging.limit, "offset": start}


@router.post("/supported/{int:pk}/entries", response={201: DoneOut}, **doing(RECORD))
@once
def write_entry(request: HttpRequest, pk: int, asked: EntryIn) -> Any:
    """Write an entry of a person's record."""
    person = Person.objects.reach(request.principal, RECORD, pk=pk)
    given = {"on": asked.on, **_values(request, person, asked.kind, asked.values, whole=True)}
    made = enter(request.principal, person, asked.kind, given)
    return 201, {"id": made.pk, "done": "written"}


@router.post("/supported/{slug:part}/{int:pk}/correct", response=DoneOut, **doing(RECORD))
@once
def correct_entry(request: HttpRequest, part: str, pk: int, asked: EntryNowIn) -> Any:
    """Put an entry right: the fields that change, and why. What stood there is kept."""
    row = _entry_of(request, part, pk)
    given = _values(request, row.person, part, asked.values, whole=False)
    with as_things_stand():
        correct(request.principal, row, given, asked.why)
    return 200, {"id": row.pk, "done": "corrected"}


@router.post("/supported/{slug:part}/{int:pk}/take-back", response=DoneOut, **doing(RECORD))
@once
def take_entry_back(request: HttpRequest, part: str, pk: int) -> Any:
    """Take back an entry that the owner of the token made by mistake."""
    row = _entry_of(request, part, pk)
    with as_things_stand():
        take_back(request.principal, row)
    return 200, {"id": row.pk, "done": "taken back"}


@router.post("/needs/{int:pk}/decisions", response={201: DoneOut}, **doing(DECIDE))
@once
def propose(request: HttpRequest, pk: int, asked: DecisionIn) -> Any:
    """Propose how a need is met."""
    need = Need.objects.select_related("person").reach(request.principal, DECIDE, pk=pk)
    with as_things_stand():
        made = decide.propose(request.principal, need, asked.service, asked.long_term, asked.words)
    return 201, {"id": made.pk, "done": "proposed"}


@router.get("/decisions/{int:pk}", response=DecisionOut, **doing(DECISIONS))
@reading
def decision(request: HttpRequest, pk: int) -> Any:
    """How a need is met, and what the rules say of it while it is proposed."""
    row = _decision(request, DECISIONS, pk)
    found = decide.findings(row) if row.state == Settled.PROPOSED.value else ()
    tell(request.principal, DECISIONS, row)
    values = {"service": row.service, "long": row.long_term, "words": row.words, "state": row.state}
    return {
        "id": row.pk, "need": row.need_id, "findings": [_finding(one) for one in found],
        **seen(request.principal, DECISIONS, "decision", values),
    }  # fmt: skip


@router.post("/decisions/{int:pk}/decide", response=DoneOut, **doing(DECIDE))
@once
def decide_need(request: HttpRequest, pk: int) -> Any:
    """Decide what was proposed, where no rule stops it."""
    row = _decision(request, DECIDE, pk)
    with as_things_stand():
        decide.decide(request.principal, row)
    return 200, {"id": row.pk, "done": "decided"}


@router.post("/decisions/{int:pk}/set-aside", response=DoneOut, **doing("source.override"))
@once
def set_rule_aside(request: HttpRequest, pk: int, asked: ReasonIn) -> Any:
    """Let a decision be made against a rule, with a reason. It counts as not kept."""
    row = _decision(request, "source.override", pk)
    with as_things_stand():
        decide.set_aside(request.principal, row, asked.rule, asked.reason)
    return 200, {"id": row.pk, "done": "set aside"}


@router.get("/requests/{int:pk}/findings", response=list[RuleFindingOut], **doing("source.see"))
@reading
def findings(request: HttpRequest, pk: int) -> Any:
    """What every rule says of asking for the care of a request today."""
    row = Request.objects.select_related("person").reach(request.principal, "source.see", pk=pk)
    tell(request.principal, "source.see", row)
    return [_finding(one) for one in gate.findings(row)]


@router.get("/requests/{int:pk}/barred", response=list[BarredOut], **doing("source.see"))
@reading
def barred(request: HttpRequest, pk: int) -> Any:
    """The providers that a rule keeps from being asked for a request, or from its award once it is out."""
    row = Request.objects.select_related("person").reach(request.principal, "source.see", pk=pk)
    tell(request.principal, "source.see", row)
    return [
        {"provider": one.member.organisation_id, "name": one.member.organisation.name, "rule": one.finding.rule,
         "said": one.finding.said}
        for one in aside.barred_by_rules(row)
    ]  # fmt: skip


@router.post("/requests/{int:pk}/set-aside", response=DoneOut, **doing("source.override"))
@once
def set_aside_for_request(request: HttpRequest, pk: int, asked: RequestReasonIn) -> Any:
    """Let a request go on against a rule, or one provider be asked for it and be awarded it. It counts as not kept."""
    row = Request.objects.select_related("person").reach(request.principal, "source.override", pk=pk)
    with as_things_stand():
        if asked.provider is None:
            gate.set_aside(request.principal, row, asked.rule, asked.reason)
        else:
            aside.set_aside(request.principal, row, asked.provider, asked.rule, asked.reason)
    return 200, {"id": row.pk, "done": "set aside"}


@router.get("/rules/kept", response=list[KeptOut], **doing("source.kept"))
def rules_kept(request: HttpRequest) -> Any:
    """How the rules were kept by the acts that went ahead, by month and role."""
    return [asdict(one) | {"not_kept": one.not_kept} for one in kept_by(request.principal.council)]


def _particulars(asked: SupportedIn) -> Particulars:
    names = (
        "reference", "name", "born_on", "gender", "client_group", "support_reason", "district", "outward",
    )  # fmt: skip
    return Particulars(**{name: getattr(asked, name) for name in names})


def _person(request: HttpRequest, row: Person) -> dict[str, Any]:
    values = {
        "reference": row.reference, "name": row.name, "born": row.born_on, "gender": row.gender,
        "group": row.client_group, "reason": row.support_reason, "district": row.district, "outward": row.outward,
        "since": row.added_at, "closed": row.closed_at,
    }  # fmt: skip
    return {"id": row.pk, **seen(request.principal, SEE, "supported", values)}


def _entry(row: Row) -> dict[str, Any]:
    kind = next(one for one in KINDS.values() if isinstance(row, one.model))
    values = {name: getattr(row, "carer_id" if name == "carer" else name) for name in kind.fields if name != "on"}
    if "organisation" in values:
        values["organisation"] = getattr(row, "organisation_id", None)
    return {
        "id": row.pk, "kind": kind.id, "on": row.on, "at": row.at, "by": row.by.name, "withdrawn": row.withdrawn_at,
        "values": values,
    }  # fmt: skip


def _entry_of(request: HttpRequest, part: str, pk: int) -> Row:
    if part not in KINDS:
        raise Http404("Nothing of this name is kept.")
    found: Row = KINDS[part].model.objects.select_related("person").reach(request.principal, RECORD, pk=pk)
    return found


def _values(
    request: HttpRequest, person: Person, kind: str, given: dict[str, Any], *, whole: bool
) -> dict[str, Any]:  # fmt: skip
    """What was given of an entry, each value of the kind of its field; what is left out of a whole one is empty."""
    if kind not in KINDS:
        raise CallError(f"Nothing of the name '{kind}' is kept. Choose from {', '.join(KINDS)}.")
    fields = {one.name: one for one in KINDS[kind].model._meta.concrete_fields if one.name in KINDS[kind].fields}
    fields.pop("on")
    if strange := sorted(set(given) - set(fields)):
        raise CallError(f"An entry of this kind has no '{strange[0]}'. Its fields are {', '.join(fields)}.")
    made: dict[str, Any] = {}
    for name, field in fields.items():
        if name not in given and not whole:
            continue
        value = given.get(name)
        if name in ("carer", "organisation"):
            made[name] = _row_of(request, person, name, value)
            continue
        wanted = {"BooleanField": bool, "PositiveSmallIntegerField": int}.get(field.get_internal_type(), str)
        if value is None and wanted is str:
            value = ""
        if type(value) is not wanted or (isinstance(value, str) and len(value) > (field.max_length or 0)):
            raise HttpError(422, f"{name}: this field takes {_TAKES[wanted]}.")
        made[name] = value
    return made


_TAKES = {bool: "true or false", int: "a whole number", str: "text that is not too long"}


def _row_of(request: HttpRequest, person: Person, name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "carer":
        row = (
            Carer.objects.reached(request.principal, RECORD)
            .filter(person=person, pk=value if type(value) is int else 0)
            .first()
        )
    else:
        row = (
            Organisation.objects.reached(request.principal, RECORD)
            .filter(pk=value if type(value) is int else 0)
            .first()
        )
    if row is None:
        raise CallError(f"There is no such {name}.")
    return row


def _decision(request: HttpRequest, act: str, pk: int) -> Decision:
    found: Decision = Decision.objects.select_related("need__person", "need__carer").reach(
        request.principal, act, pk=pk
    )
    return found


def _finding(one: Finding) -> dict[str, Any]:
    return asdict(one) | {"stops": one.stops}
