"""Pages on which something is told of a package: what it does to the money is shown before it is done."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.audit.change import reading, tell
from careshape.errors import CallError, CareshapeError
from careshape.paying.words import pounds
from careshape.policy.views import does
from careshape.source.models import Package, Telling
from careshape.source.packages.components import components
from careshape.source.packages.effect import Effect, effect
from careshape.source.packages.package import death_of, end
from careshape.source.packages.tellings import as_told, in_force, tell_of, terms_of, told_of
from careshape.statement.formatting import day
from careshape.work.care import words as care_words
from careshape.work.care.package_forms import ACTS, CORRECTED, BackForm, DeathForm, EndForm, TellForm, WithdrawForm
from careshape.work.pages import notify, page

HOME: Final = "/work/packages/"
CHANGE: Final = "source.package"
FUNDERS: Final = {"council": "Council", "nhs": "NHS", "person": "Person"}


@dataclass(frozen=True)
class _Asked:
    """What a page is for."""

    package: Package
    form: TellForm
    title: str
    button: str
    said: str
    replaces: int | None = None


@does(CHANGE, POST=CHANGE)
@reading
def tell_page(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Tell something of a package."""
    package = _package(request, pk)
    if what not in ACTS:
        raise Http404("Nothing of this name can be told of a package.")
    form_class, title, button, said = ACTS[what]
    replaces = None
    form = _form(request, package, form_class)
    if isinstance(form, BackForm):
        absence = next((one for one in in_force(told_of(package)) if _still_away(one)), None)
        if absence is None:
            notify(request, "Nobody is away: there is nothing to come back from.")
            return HttpResponseRedirect(f"{HOME}{pk}/")
        form.before, replaces = json.loads(absence.body), absence.number
    if isinstance(form, EndForm):
        ending = next((one for one in in_force(told_of(package)) if one.kind == "ending"), None)
        replaces = ending.number if ending else None
    return _answer(request, _Asked(package, form, title, button, said, replaces))


@does(CHANGE, POST=CHANGE)
@reading
def correct_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Correct what was told of a package: the new telling names the old one, which stays."""
    package = _package(request, pk)
    row = _standing(package, number)
    if row.kind not in CORRECTED:
        raise Http404("This is not corrected but withdrawn.")
    form_class = CORRECTED[row.kind]
    form = _form(request, package, form_class, form_class.written(json.loads(row.body)) | {"why": row.why})
    return _answer(request, _Asked(package, form, "Correct what was told", "Correct it", "It is corrected.", number))


@does(CHANGE, POST=CHANGE)
@reading
def withdraw_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Withdraw what was told of a package, where nothing takes its place."""
    package = _package(request, pk)
    _standing(package, number)
    form = _form(request, package, WithdrawForm)
    return _answer(
        request, _Asked(package, form, "Withdraw what was told", "Withdraw it", "It is withdrawn.", number)
    )  # fmt: skip


def _package(request: HttpRequest, pk: int) -> Package:
    row: Package = Package.objects.select_related("person", "organisation").reach(request.principal, CHANGE, pk=pk)
    return row


def _standing(package: Package, number: int) -> Telling:
    found = next((one for one in in_force(told_of(package)) if one.number == number), None)
    if found is None:
        raise Http404("This is not in force any more, or was never told.")
    return found


def _still_away(one: Telling) -> bool:
    return one.kind == "absence" and not json.loads(one.body).get("to")


def _form(
    request: HttpRequest, package: Package, form_class: type[TellForm], initial: dict[str, Any] | None = None
) -> TellForm:
    return form_class(
        request.POST or None, initial=initial or {}, lines=lines_of(package), terms=terms_of(package)
    )  # fmt: skip


def lines_of(package: Package) -> list[tuple[str, str]]:
    """The parts of a package by name, with their titles."""
    found = dict.fromkeys(as_told(one)["line"] for one in in_force(told_of(package)) if one.kind == "line")
    parts = {as_told(one)["line"]: as_told(one)["component"] for one in told_of(package) if one.kind == "line"}
    return [(name, title_of(name, parts[name])) for name in found]


def title_of(line: str, component: str) -> str:
    """A part by its title; with its number where there are several of its kind."""
    part = components().get(component)
    number = line.removeprefix(f"{component}-") if line.startswith(f"{component}-") else ""
    return f"{part.title if part else component}{f' ({number})' if number else ''}"


def _answer(request: HttpRequest, asked: _Asked) -> HttpResponse:
    """Show the form, what it would do, or do it."""
    shown: Effect | None = None
    others: list[tuple[Package, Effect]] = []
    form, read = asked.form, ""
    if request.method == "POST" and form.is_valid():
        try:
            raw = {name: value for name, value in form.raw().items() if value is not None}
            shown, others = _effects(request, asked, raw)
            read = _read(raw, [shown, *(one for _, one in others)])
            if request.POST.get("read") == read:
                _do(request, asked, raw)
                notify(request, asked.said)
                return HttpResponseRedirect(f"{HOME}{asked.package.pk}/")
        except CareshapeError as error:
            form.add_error(None, str(error))
            shown, others = None, []
    package = asked.package
    tell(request.principal, CHANGE, package)
    return page(
        request, "package_tell.html", here=HOME, form=form, back=f"{HOME}{package.pk}/", title=asked.title,
        button=asked.button, status=422 if form.errors else 200, read=read,
        effects=[(words_of(one), None) for one in ([shown] if shown else [])]
        + [(words_of(one), f"Package {other.pk}: {care_words.service(other.service)}") for other, one in others],
        crumbs=(("Packages of care", HOME), (f"Package {package.pk}", f"{HOME}{package.pk}/"), (asked.title, "")),
        intro=f"{care_words.service(package.service)} by {package.organisation.name}.",
    )  # fmt: skip


def _effects(request: HttpRequest, asked: _Asked, raw: dict[str, Any]) -> tuple[Effect, list[tuple[Package, Effect]]]:
    first = effect(asked.package, asked.form.kind, raw, asked.replaces)
    if not isinstance(asked.form, DeathForm) or asked.replaces is not None:
        return first, []
    others = (
        Package.objects.reached(request.principal, CHANGE)
        .filter(person=asked.package.person)
        .exclude(pk=asked.package.pk)
        .order_by("pk")
    )
    found = []
    for one in others:
        try:
            found.append((one, effect(one, "death", raw)))
        except CallError:  # its end was told before: a death changes nothing of it
            continue
    return first, [(one, made) for one, made in found if made.moved]


def _do(request: HttpRequest, asked: _Asked, raw: dict[str, Any]) -> None:
    form, package = asked.form, asked.package
    why = form.cleaned_data.get("why", "")
    if isinstance(form, DeathForm) and asked.replaces is None:
        death_of(request.principal, package.person, form.cleaned_data["on"])
    elif isinstance(form, EndForm) and not raw.get("given"):
        end(request.principal, package, form.cleaned_data["on"], why)
    else:
        tell_of(request.principal, package, form.kind, raw, why=why, replaces=asked.replaces)


def _read(raw: dict[str, Any], effects: list[Effect]) -> str:
    """What was shown as one word: who does it hands back what they read, and nothing else is done."""
    said = json.dumps(
        [raw, [[one.week_after, [moved.pence for moved in one.moved]] for one in effects]], sort_keys=True
    )
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def words_of(one: Effect) -> dict[str, Any]:
    """An effect as people read it."""
    return {
        "on": day(one.on), "before": pounds(one.week_before), "after": pounds(one.week_after),
        "next_run": pounds(abs(one.next_run)), "recovers": one.next_run < 0, "pays": one.next_run > 0,
        "rows": [
            (
                f"{day(moved.period.first)} to {day(moved.period.last)}", pounds(sum(moved.before.values())),
                pounds(sum(moved.after.values())), signed(moved.pence), "Over" if moved.over else "To come",
                ", ".join(
                    f"{FUNDERS[name]} {signed(moved.after[name] - moved.before[name])}"
                    for name in FUNDERS if moved.after[name] != moved.before[name]
                ),
            )
            for moved in one.moved
        ],
    }  # fmt: skip


def signed(pence: int) -> str:
    """Pence as pounds, with a plus where there are more."""
    return f"+{pounds(pence)}" if pence > 0 else pounds(pence)


def known_history(package: Package) -> list[dict[str, Any]]:
    """Everything told of a package, in the words of its page."""
    rows = told_of(package)
    standing = {one.number for one in in_force(rows)}
    return [
        {
            "number": one.number, "known": day(one.known), "said": said_of(one), "why": one.why,
            "replaces": one.replaces, "in_force": one.number in standing,
            "corrects": one.kind in CORRECTED and one.number in standing,
            "withdraws": one.number in standing,
        }
        for one in rows
    ]  # fmt: skip


def said_of(one: Telling) -> str:
    """What was told, in a sentence."""
    raw = as_told(one)
    first, last = raw.get("from"), raw.get("to")
    on, given = raw.get("on"), raw.get("given")
    days = f"from {_day(first)}" + (f" to {_day(last)}" if last else "") if first else ""
    if one.kind == "line":
        return f"{title_of(raw['line'], raw['component'])}: {_amounts(raw)}, {days}"
    if one.kind == "change":
        return f"{_line_words(raw['line'])}: {_amounts(raw)}, {days}"
    if one.kind == "absence":
        since = f"Away ({care_words.away(raw['reason'])}), left on {_day(first)}"
        return f"{since}, back on {_day(last)}" if last else f"{since}, not back yet"
    if one.kind == "uplift":
        return f"Price {raw['percent']}% up, {days}" if raw.get("percent") else f"Price {_amounts(raw)}, {days}"
    if one.kind == "ending":
        return f"Ends on {_day(on)}" + (f", notice given on {_day(given)}" if given else "")
    if one.kind == "hand-back":
        return f"Given back by the provider on {_day(given)}" + (f", last day {_day(on)}" if on else "")
    if one.kind == "death":
        return f"The person died on {_day(on)}"
    return f"No. {one.replaces} was not so" if one.kind == "withdrawal" else one.kind


def _line_words(line: str) -> str:
    return title_of(line, next((name for name in components() if line == name or line.startswith(f"{name}-")), line))


def _amounts(raw: dict[str, Any]) -> str:
    found = [f"{raw['units_per_week']} a week"] if raw.get("units_per_week") is not None else []
    found += [f"£{raw['price']} a unit"] if raw.get("price") is not None else []
    funding = raw.get("funding") or {}
    if funding:
        found.append("paid by " + ", ".join(f"{FUNDERS[name]} {value}%" for name, value in funding.items()))
    return ", ".join(found)


def _day(text: str | None) -> str:
    return day(date.fromisoformat(text)) if text else ""
