"""Pages on which a person's record is kept: entries are written, put right and taken back, with what stood there."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.forms import Form
from careshape.accounts.times import moment
from careshape.audit.change import reading, tell
from careshape.people.keep import correct, enter, take_back
from careshape.people.kinds import KINDS, Kind, Row
from careshape.people.known import looked_at, noted_of
from careshape.people.models import Correction, Noted, Person
from careshape.people.record import Particulars
from careshape.people.record import correct as correct_person
from careshape.policy.listing import Column, Listing, listed
from careshape.policy.views import does
from careshape.work.care.entry_forms import WRITTEN, EntryForm, NotedForm
from careshape.work.care.entry_words import said_of
from careshape.work.care.forms import AssessForm, PersonForm, done, sentences
from careshape.work.pages import notify, page
from careshape.work.told_list import list_download, list_page

HOME: Final = "/work/supported/"
SEE: Final = "people.see"
RECORD: Final = "people.record"
_CRUMB: Final = ("People who are supported", HOME)
_WHY: Final = "What stood there stays to be read."


@does(RECORD, POST=RECORD)
@reading
def enter_page(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Write an entry of somebody's record."""
    person = Person.objects.reach(request.principal, RECORD, pk=pk)
    if part not in WRITTEN:
        raise Http404("Nothing of this name is written.")
    form = EntryForm(request.POST or None, kind=part, principal=request.principal, person=person, row=None)
    made = done(request, form, lambda _: enter(request.principal, person, part, form.given()))
    if made is not None:
        notify(request, "It is written down.")
        return HttpResponseRedirect(f"{HOME}{pk}/#{part}")
    return _form_page(request, person, form, f"Write down {KINDS[part].one} of {person.name}", "Write it down")


@does(RECORD, POST=RECORD)
@reading
def noted_page(request: HttpRequest, pk: int, known: str) -> HttpResponse:
    """Write down something of somebody that the rules ask for."""
    person = Person.objects.reach(request.principal, RECORD, pk=pk)
    if known not in noted_of():
        raise Http404("Nothing of this name is noted.")
    form = NotedForm(request.POST or None, fact=noted_of()[known])
    made = done(request, form, lambda _: enter(request.principal, person, "noted", form.given()))
    if made is not None:
        notify(request, "It is written down.")
        return HttpResponseRedirect(f"{HOME}{pk}/#noted")
    return _form_page(request, person, form, f"What is known of {person.name}", "Write it down")


@does(RECORD, POST=RECORD)
@reading
def correct_page(request: HttpRequest, part: str, pk: int) -> HttpResponse:
    """Put an entry right."""
    row, person = _entry(request, part, pk)
    form = _form_of(request, part, row)

    def put_right(_: dict[str, Any]) -> bool:
        given = _given(form, part)
        correct(request.principal, row, given, form.cleaned_data["correction"])
        return True

    if done(request, form, put_right):
        notify(request, "It is put right. What stood there is kept.")
        return HttpResponseRedirect(f"{HOME}{person.pk}/#{part}")
    return _form_page(request, person, form, f"Put right {KINDS[part].one} of {person.name}", "Put it right")


@does(RECORD, POST=RECORD)
@reading
def take_back_page(request: HttpRequest, part: str, pk: int) -> HttpResponse:
    """Take back an entry that one made by mistake."""
    row, person = _entry(request, part, pk)
    form = _Sent(request.POST if request.method == "POST" else None)

    def taken(_: dict[str, Any]) -> bool:
        take_back(request.principal, row)
        return True

    if done(request, form, taken):
        notify(request, "It is taken back, and counts no more.")
        return HttpResponseRedirect(f"{HOME}{person.pk}/#{part}")
    key, text = said_of(row)
    return _form_page(
        request, person, form, f"Take back {KINDS[part].one} of {person.name}?", "Take it back",
        f"{key}: {text}", "Do so where you wrote it by mistake. It counts no more, and stays to be read.", warning=True,
    )  # fmt: skip


@does(RECORD, POST=RECORD)
@reading
def correct_person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right who somebody is."""
    person = Person.objects.reach(request.principal, RECORD, pk=pk)
    names = ("reference", "name", "born_on", "gender", "client_group", "support_reason", "district", "outward")
    form = PersonForm(request.POST or None, initial={name: getattr(person, name) for name in names})
    form.fields["correction"] = sentences("Why is it put right?", _WHY)

    def put_right(given: dict[str, Any]) -> bool:
        why = given["correction"]
        correct_person(request.principal, person, Particulars(**{name: given[name] for name in names}), why)
        return True

    if done(request, form, put_right):
        notify(request, "It is put right. What stood there is kept.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    person.refresh_from_db()
    return _form_page(request, person, form, f"Put right who {person.name} is", "Put it right")


@does(SEE)
@reading
def corrections(request: HttpRequest, pk: int) -> HttpResponse:
    """What stood in somebody's record before it was put right."""
    person = Person.objects.reach(request.principal, SEE, pk=pk)
    return list_page(
        request, SEE, _corrections(request, person), here=f"{HOME}{pk}/corrections/",
        intro="What stood there before, who put it right, and why.",
        crumbs=(_CRUMB, (person.name, f"{HOME}{pk}/"), ("Corrections", "")),
    )  # fmt: skip


@does(SEE)
@reading
def corrections_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The same as a file."""
    person = Person.objects.reach(request.principal, SEE, pk=pk)
    return list_download(request, SEE, _corrections(request, person), kind)


def _corrections(request: HttpRequest, person: Person) -> Listing:
    found = (
        Correction.objects.reached(request.principal, SEE)
        .filter(person=person)
        .select_related("by")
        .order_by("-at", "-pk")
    )
    rows = [
        {
            "at": one.at, "kind": _kind_in_words(one.kind), "field": one.field.replace("_", " "), "was": one.was,
            "why": one.why, "by": one.by.name,
        }
        for one in found
    ]  # fmt: skip
    columns = (
        Column("at", "When", text=moment), Column("kind", "What", filtered=True), Column("field", "Field"),
        Column("was", "What it was", wide=True), Column("why", "Why", wide=True), Column("by", "By", filtered=True),
    )  # fmt: skip
    return listed(
        request.principal, SEE, "correction", columns, rows, id="corrections",
        title=f"Corrections to the record of {person.name}", empty="Nothing was put right yet.",
    )  # fmt: skip


def _kind_in_words(kind: str) -> str:
    one = KINDS.get(kind)
    return f"{one.one[:1].upper()}{one.one[1:]}" if isinstance(one, Kind) else "Who the person is"


class _Sent(Form):
    """A form that asks for nothing."""

    first_id = "main-content"


def _entry(request: HttpRequest, part: str, pk: int) -> tuple[Row, Person]:
    if part not in KINDS:
        raise Http404("Nothing of this name is kept.")
    found: Row = KINDS[part].model.objects.select_related("person", "by").reach(request.principal, RECORD, pk=pk)
    return found, found.person


def _form_of(request: HttpRequest, part: str, row: Row) -> Any:
    if isinstance(row, Noted):
        return NotedForm(request.POST or None, fact=noted_of()[row.fact], row=row)
    if part == "looked-at":
        given = {name: getattr(row, name) for name in ("on", "result", "why")}
        form = AssessForm(request.POST or None, fact=looked_at()[row.fact], initial=given)
        form.fields["correction"] = sentences("Why is it put right?", _WHY)
        return form
    return EntryForm(request.POST or None, kind=part, principal=request.principal, person=row.person, row=row)


def _given(form: Any, part: str) -> dict[str, Any]:
    if part == "looked-at":
        return {name: form.cleaned_data[name] for name in ("on", "result", "why")}
    found: dict[str, Any] = form.given()
    return found


def _form_page(
    request: HttpRequest, person: Person, form: Any, title: str, button: str, *intro: str, warning: bool = False
) -> HttpResponse:  # fmt: skip
    back = f"{HOME}{person.pk}/"
    tell(request.principal, RECORD, person)
    return page(
        request, "care_form.html", here=HOME, form=form, back=back, status=422 if form.errors else 200, title=title,
        crumbs=(_CRUMB, (person.name, back), (button, "")), button=button, intro=intro, warning=warning,
    )  # fmt: skip
