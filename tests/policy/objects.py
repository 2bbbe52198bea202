"""How an object of each kind is made for the sweep of authorisation, in the possession of a member."""

from __future__ import annotations

import secrets

from careshape.accounts.models import Membership
from careshape.jobs.models import Job
from careshape.work.models import Import
from tests.policy.world import World, makes


@makes("/work/jobs/<int:pk>/")
def job(world: World, member: Membership) -> int:
    from django.utils.timezone import now

    made = Job.objects.create(
        council=member.council.slug, kind="work.nothing", key=secrets.token_hex(8), run_after=now(), created_at=now(),
        started_by=member.account, membership=member,
    )  # fmt: skip
    return made.pk


@makes("/work/imports/<int:pk>/")
def imported(world: World, member: Membership) -> int:
    made = Import.objects.create(
        council=member.council, account=member.account, file_name="lines.csv", folder=secrets.token_hex(8), size=1,
        checksum="0" * 64,
    )  # fmt: skip
    return made.pk
