"""The page of a price uplift for all packages of a provider or a list."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.models import Organisation
from careshape.audit.change import reading, tell
from careshape.errors import CareshapeError
from careshape.paying.words import pounds
from careshape.policy.views import does
from careshape.source.models import Vehicle
from careshape.source.packages.uplift import LIST, PROVIDER, Raised, effects, start
from careshape.work.care import words as care_words
from careshape.work.care.package_forms import MassUpliftForm
from careshape.work.care.tell_views import signed
from careshape.work.pages import notify, page

HOME: Final = "/work/packages/"
ACT: Final = "source.uplift"


@does(ACT, POST=ACT)
@reading
def uplift_page(request: HttpRequest) -> HttpResponse:
    """Raise the price of many packages: see what it does to each, then have it done in the background."""
    form = MassUpliftForm(request.POST or None, groups=_groups(request))
    found: list[Raised] = []
    read = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        percent = int(given["percent"] * 100)
        try:
            found = effects(request.principal.council, given["whose"], given["first"], percent)
            read = _read(given, found)
            if request.POST.get("read") == read:
                job = start(request.principal, given["whose"], given["first"], percent, given["why"], read)
                notify(request, "The price is being raised. This page shows how far it is.")
                return HttpResponseRedirect(f"/work/jobs/{job.pk}/")
            if not any(not one.why_not for one in found):
                form.add_error("first", "No package of it runs on that day: there is nothing to raise")
        except CareshapeError as error:
            form.add_error(None, str(error))
    tell(request.principal, ACT, "packages", rows=len(found))
    return page(
        request, "package_uplift.html", here=HOME, form=form, status=422 if form.errors else 200, read=read,
        crumbs=(("Packages of care", HOME), ("Raise prices", "")),
        rows=[_row(one) for one in found] if not form.errors else [],
        total=signed(sum(one.after - one.before for one in found)), many=sum(not one.why_not for one in found),
    )  # fmt: skip


def _row(one: Raised) -> tuple[str, ...]:
    said = care_words.service(one.package.service)
    name = f"Package {one.package.pk}: {said}, by {one.package.organisation.name}"
    if one.why_not:
        return name, "", "", f"Not raised. {one.why_not}"
    return name, pounds(one.before), pounds(one.after), signed(one.after - one.before)


def _groups(request: HttpRequest) -> list[tuple[str, str]]:
    providers = Organisation.objects.reached(request.principal, ACT).order_by("name")
    lists = Vehicle.objects.reached(request.principal, ACT).order_by("title")
    return [
        *((f"{PROVIDER}-{one.pk}", f"All of {one.name}") for one in providers),
        *((f"{LIST}-{one.pk}", f"All bought from the list {one.title}") for one in lists),
    ]


def _read(given: dict[str, Any], found: list[Raised]) -> str:
    said = [given["whose"], str(given["first"]), str(given["percent"]), [[one.package.pk, one.after] for one in found]]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]
