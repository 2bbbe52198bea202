"""Start background work."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from careshape.audit.change import INSTALLATION, SYSTEM, Told, change
from careshape.audit.retry import retried
from careshape.errors import CallError
from careshape.jobs import clock
from careshape.jobs.kinds import kind_of
from careshape.jobs.models import Job
from careshape.policy import Principal, policy

MOST: Final = 100_000
"""Characters of arguments as JSON: what is larger is kept elsewhere and named."""


@retried
def enqueue(
    principal: Principal,
    kind: str,
    arguments: Mapping[str, Any],
    *,
    key: str = "",
    council: str | None = None,
    run_after: datetime | None = None,
    told: Told | None = None,
) -> Job:
    """Have work done in the background; it begins when the transaction in which this is called has ended.

    Args:
        principal: who starts it; the policy must permit them the kind's act.
        kind: name under which a room registered the work.
        arguments: what the work is given, as JSON can hold it; keys and names, no personal data.
        key: names the intention within the council: asked for twice with one key, it is done once. By default every
            call is a new intention.
        council: slug of the council for which it is done; the principal's by default, and only SYSTEM may name another.
        run_after: not before this moment.
        told: that of the change within which it is started; by default it is a change of its own.

    Returns the job, or the one that has the key already. Raises CallError for an unknown kind, for arguments that JSON
    cannot hold, and for a key that names other work; PermissionDenied where the policy does not permit it.
    """
    work = kind_of(kind)
    plain = _plain(kind, arguments)
    slug = principal.council if council is None else council
    may = work.act and slug == principal.council and policy().permits(principal, work.act)
    if principal is not SYSTEM and not may:
        raise PermissionDenied("Your role may not do this.")
    if key and (job := Job.objects.filter(council=slug, key=key).first()):
        return _same(job, kind, plain)
    fields = {
        "council": slug, "kind": kind, "arguments": plain, "key": key or secrets.token_hex(16),
        "started_by_id": principal.account, "membership_id": principal.membership,
    }  # fmt: skip
    try:
        with transaction.atomic(), _within(told, principal, work.act or "jobs.start", slug) as tell:
            at = clock.now()
            job = Job.objects.create(run_after=run_after or at, created_at=at, **fields)
            tell(job, act="jobs.start", kind=kind)
    except IntegrityError:  # another asked for the same meanwhile
        return _same(Job.objects.get(council=slug, key=fields["key"]), kind, plain)
    return job


def _within(told: Told | None, principal: Principal, act: str, slug: str) -> Any:
    return nullcontext(told) if told is not None else change(principal, act, chain=slug or INSTALLATION)


def _same(job: Job, kind: str, arguments: dict[str, Any]) -> Job:
    if (job.kind, job.arguments) != (kind, arguments):
        raise CallError(f"The key '{job.key}' names other work already (job {job.pk}). Choose another key.")
    return job


def _plain(kind: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as they will be read again. Raises CallError where JSON cannot hold them."""
    try:
        text = json.dumps(dict(arguments), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise CallError(f"The arguments of {kind} cannot be kept as JSON: {error}.") from None
    if len(text) > MOST:
        raise CallError(f"The arguments of {kind} have {len(text):,} characters; at most {MOST:,} are kept.")
    plain: dict[str, Any] = json.loads(text)
    return plain
