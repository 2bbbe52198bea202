"""The control of the sweep: each check is taken out once, and the sweep has to notice each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Q

from careshape.accounts.models import Invitation, Membership, Organisation, OrganisationLocation, Passkey, Team
from careshape.jobs.models import Job
from careshape.policy import rules, views
from careshape.policy.rules import Allow, policy
from careshape.policy.table import addresses
from careshape.work.models import Import
from tests.policy.sweep import sweep
from tests.policy.world import make_world

LEAST = 30
"""Checks that are taken out, at least."""
EVERYBODY = "statement.help"
"""An act that everybody may do."""
UNGUARDED = (
    "/<slug:slug>/", "/<slug:slug>/tables/", "/<slug:slug>/statement/<slug:name>/", "/<slug:slug>/outlook/",
    "/account/", "/account/password/", "/account/sessions/", "/work/", "/work/audit/", "/work/audit/verify/",
    "/work/imports/", "/work/imports/new/", "/work/imports/withdraw/", "/work/jobs/", "/work/measures/",
    "/work/organisations/", "/work/people/", "/work/people.<slug:kind>", "/work/people/invite/", "/work/postings/",
    "/work/registers/<slug:which>/", "/work/search/", "/work/teams/", "/work/teams/new/",
)  # fmt: skip
"""Addresses whose view loses its act."""
UNSCOPED: tuple[tuple[type[Any], str, str], ...] = (
    (Team, "council", "/work/teams/<int:pk>/"),
    (Organisation, "council", "/work/organisations/<int:pk>/"),
    (OrganisationLocation, "council", "/work/locations/<int:pk>/"),
    (Membership, "council", "/work/people/<int:pk>/"),
    (Membership, "council", "/work/people/<int:pk>/end/"),
    (Membership, "team", "/work/colleagues/<int:pk>/"),
    (Membership, "organisation", "/work/colleagues/<int:pk>/"),
    (Invitation, "council", "/work/people/invitations/<int:pk>/"),
    (Import, "council", "/work/imports/<int:pk>/"),
    (Import, "council", "/work/imports/<int:pk>/post/"),
    (Job, "council", "/work/jobs/<int:pk>/"),
    (Job, "own", "/work/jobs/<int:pk>/cancel/"),
    (Passkey, "own", "/account/passkeys/<int:pk>/remove/"),
)
"""Models that lose the filter of a scope, and the address where it has to show."""
WIDENED = (("accounts.end", "/work/people/<int:pk>/end/"), ("audit.verify", "/work/audit/verify/"))
"""Acts that one more role is allowed, and an address of each."""


REVEALED = (
    ("accounts.read", "auditor", {"person": ("email",)}, "/work/people/"),
    ("accounts.read", "auditor", {"person": ("email",)}, "/work/people.<slug:kind>"),
    ("accounts.read", "auditor", {"person": ("last_login",)}, "/work/people/<int:pk>/"),
    ("accounts.read", "auditor", {"person": ("devices",)}, "/work/people/<int:pk>/"),
    ("accounts.read", "auditor", {"invitation": ("email",)}, "/work/people/invitations/<int:pk>/"),
    ("audit.read", "finance", {"event": ("object",)}, "/work/search/"),
    ("audit.read", "broker", {"event": ("detail",)}, "/work/audit/"),
    ("audit.read", "broker", {"event": ("object",)}, "/work/audit.<slug:kind>"),
    ("work.postings", "finance", {"posting": ("who",)}, "/work/postings/"),
    ("work.postings", "finance", {"posting": ("who",)}, "/work/postings/<int:number>/"),
    ("work.postings", "finance", {"posting": ("who",)}, "/api/v1/postings"),
    ("work.postings", "auditor", {"finding": ("line", "value", "message")}, "/work/postings/<int:number>/"),
)
"""Acts that show a role more fields, and an address of each."""


@dataclass(frozen=True)
class Removed:
    """A check that is taken out, and where that has to show."""

    what: str
    url: str
    out: Callable[[pytest.MonkeyPatch], None]


def removals() -> Iterator[Removed]:
    """Every check that is taken out."""
    by_url = {f"/{one.url}": one.view for one in addresses()}
    for url in UNGUARDED:
        yield Removed(f"the act of {url}", url, lambda patch, view=by_url[url]: unguard(patch, view))
    for model, scope, url in UNSCOPED:
        open_scopes = {**model.scopes, scope: lambda principal: Q()}
        yield Removed(
            f"the scope {scope} of {model.__name__} at {url}", url,
            lambda patch, model=model, scopes=open_scopes: patch.setattr(model, "scopes", scopes),
        )  # fmt: skip
    for act, url in WIDENED:
        yield Removed(f"the roles of {act}", url, lambda patch, act=act: widen(patch, act))
    for act, role, more, url in REVEALED:
        yield Removed(
            f"the fields of {act} at {url}", url,
            lambda patch, act=act, role=role, more=more: widen(patch, act, role, more),
        )  # fmt: skip
    yield Removed("the cut of fields", "/work/people/", uncut)
    yield Removed(
        "the council of an address", "/<slug:slug>/", lambda patch: patch.setattr(views, "in_reach", lambda *_: True)
    )
    yield Removed(
        "the whole gate", "/work/people/", lambda patch: patch.setattr(views.Gate, "process_view", lambda *_: None)
    )


def unguard(patch: pytest.MonkeyPatch, view: Any) -> None:
    """Let everybody do what a view does."""
    patch.setattr(view, "act", EVERYBODY)
    patch.setattr(view, "acts_by_method", dict.fromkeys(view.acts_by_method, EVERYBODY))


def widen(
    patch: pytest.MonkeyPatch, act: str, role: str = "broker", fields: dict[str, tuple[str, ...]] | None = None
) -> None:
    """Allow an act to one more role, or show one that may do it more fields."""
    stated = policy().acts[act]
    rows = next((one.rows for one in stated.allow if role in one.roles), "council")
    more = Allow(roles=(role,), rows=rows, fields=fields or {})
    patch.setitem(policy().acts, act, stated.model_copy(update={"allow": (*stated.allow, more)}))


def uncut(patch: pytest.MonkeyPatch) -> None:
    """Show every field of a record to whoever reaches it."""
    patch.setattr(rules.Policy, "fields", lambda self, principal, act, record: frozenset(self.records[record].fields))


@contextmanager
def without(removed: Removed) -> Iterator[None]:
    """The site without one check."""
    with pytest.MonkeyPatch.context() as patch:
        removed.out(patch)
        yield


@pytest.mark.once("shows that the sweep notices, which compares what was answered by the same words on any database")
def test_sweep_notices_every_check_that_is_taken_out(
    tmp_path: Path, people: Any, settings: Any, promise: Callable[[str, str], None]
) -> None:
    settings.CARESHAPE_DIR = tmp_path
    world = make_world(people, tmp_path, open_other=False)
    all_of_them = list(removals())
    unseen = []
    for removed in all_of_them:
        with without(removed):
            if not sweep(world, [removed.url], first=True).wrong:
                unseen.append(removed.what)
    assert unseen == []
    assert len(all_of_them) >= LEAST
    assert rules.policy() is policy()  # nothing of what was taken out stays out
    promise("R6 authorisation, control", f"{len(all_of_them)} checks taken out, {len(all_of_them)} noticed")
