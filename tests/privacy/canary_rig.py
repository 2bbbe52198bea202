"""A whole installation in a folder, with somebody in every place that holds people: run apart, so that the database is
a file. The arguments are the folder, and what is done: ``fill``, ``blank-only`` (the control) or ``erase``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

EMAIL, NAME, DEVICE = "canary.zyxw@council.example", "Canary Zyxwvut", "Zyxbrowser on Qrstux"
PERSON, REFERENCE, POSTCODE, BIRTH = "CANARY-PERSON-4711", "LINE-OF-CANARY-4711", "WR11 2ZZ", "1931-02-03"
SUPPORTED, SUPPORTED_NAME = "CANARY-SUPPORTED-4711", "Canary Qponmlk"
ROW = f"{REFERENCE},{PERSON},{BIRTH},{POSTCODE},nursing,2020-05-01\n"
FILE = "line_reference,person_id,birth_date,postcode,service,start_date\n" + ROW


def set_up(home: Path) -> None:
    os.environ["CARESHAPE_DIR"] = str(home / "data")
    os.environ["CARESHAPE_KEY_FILE"] = str(home / "keys" / "pseudonym.key")
    os.environ["DJANGO_SETTINGS_MODULE"] = "careshape.site.settings"
    (home / "data").mkdir(parents=True, exist_ok=True)
    import django

    django.setup()
    from django.db.backends.signals import connection_created

    connection_created.connect(_leave_traces)


def _leave_traces(connection: Any, **more: Any) -> None:
    """Let the database leave in its files what rows said, as some builds of SQLite do and others do not."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = OFF")


def fill(home: Path) -> None:
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from careshape.accounts import models
    from careshape.audit.change import tell
    from careshape.cli import main
    from careshape.policy import Principal

    account = models.Account.objects.create_user(EMAIL, "a password of tests only", name=NAME)
    council = models.Council.objects.create(slug="worcestershire", name="Council")
    models.Membership.objects.create(account=account, council=council, role="analyst")
    now = timezone.now()
    models.Invitation.objects.create(
        council=council, email=EMAIL.upper(), role="analyst", token_digest="x", expires_at=now
    )
    models.Session.objects.create(session_key="k", expire_date=now, account=account.pk, device=DEVICE)
    models.Passkey.objects.create(account=account, name=f"Key of {NAME}", identifier="i", credential="c")
    for number in range(50):  # rows that were changed leave older versions in pages that are free now
        models.Account.objects.filter(pk=account.pk).update(name=f"{NAME} {number:>200}")
    models.Account.objects.filter(pk=account.pk).update(name=NAME)
    with transaction.atomic():
        tell(Principal(role="analyst", account=account.pk, council="worcestershire"), "audit.read", account)
    support(account)
    mail = home / "data" / "mail"
    mail.mkdir()
    (mail / "1.log").write_text(f"To: {EMAIL}\nSubject: You are invited\n\nDear {NAME}\n", "utf-8")
    (mail / "2.log").write_text("To: somebody.else@council.example\n", "utf-8")
    main(["new", "worcestershire"])
    (home / "records.csv").write_text(FILE + ROW.replace("nursing", NAME).replace("LINE", "BAD"), "utf-8")
    main(["import", str(home / "records.csv"), "--report", str(home / "data" / "report.html")])
    main(["import", str(home / "records.csv"), "--format", "json"])
    (home / "records.csv").unlink()


def support(account: Any) -> None:
    """Let somebody be supported, with all that belongs to their record."""
    from datetime import date

    from careshape.accounts.models import Council, Organisation
    from careshape.people.models import Assessment, Person
    from careshape.source import models

    day = date(2026, 11, 22)
    provider = Organisation.objects.create(
        council=Council.objects.get(), kind="provider", name="Synthetic provider W-001"
    )
    person = Person.objects.create(
        council="worcestershire", reference=SUPPORTED, name=SUPPORTED_NAME, born_on=date(1940, 5, 1), gender="female",
        client_group="older-people", support_reason="physical-personal-care", district="wychavon",
    )  # fmt: skip
    Assessment.objects.create(
        person=person, fact="reablement-assessed", on=day, result="x", why=SUPPORTED_NAME, by=account
    )
    request = models.Request.objects.create(
        person=person, service="nursing", units=100, starts_on=day, district="wychavon", words=SUPPORTED_NAME,
        state="awarded", made_by=account,
    )  # fmt: skip
    keep_of(person, provider, account, day)
    models.SetAside.objects.create(
        council="worcestershire",
        act="request.open",
        subject="x",
        person=person,
        request=request,
        rule="home-first",
        reason=SUPPORTED_NAME,
        by=account,
        role="practitioner",
        on=day,
    )
    vehicle = models.Vehicle.objects.create(council="worcestershire", title="A list", kind="spot", begins_on=day)
    member = models.Member.objects.create(
        vehicle=vehicle, organisation=provider, service="nursing", price=1, state="admitted", since=day
    )
    offer = models.Offer.objects.create(
        request=request, organisation=provider, member=member, list_price=1, answer="no", reason=SUPPORTED_NAME
    )
    award = models.Award.objects.create(
        request=request, offer=offer, place=2, why=SUPPORTED_NAME, ranking="{}", by=account
    )
    package = models.Package.objects.create(
        award=award, person=person, organisation=provider, service="nursing", district="wychavon",
        purchase_type="spot", ended_because=SUPPORTED_NAME,
    )  # fmt: skip
    line = models.Line.objects.create(
        package=package, number=1, units=100, price=1, starts_on=date(2026, 5, 1), ends_on=date(2026, 6, 1)
    )
    models.Admission.objects.create(package=package, on=day, by=account)
    models.Handover.objects.create(council="worcestershire", line=line, row=SUPPORTED, problem=SUPPORTED_NAME)


def keep_of(person: Any, provider: Any, account: Any, day: Any) -> None:
    """What is kept of somebody beside who they are, and what the rules said of it."""
    from careshape.people import models as people
    from careshape.source import models

    told = {"person": person, "by": account, "on": day}
    carer = people.Carer.objects.create(name=SUPPORTED_NAME, relation="partner", **told)
    people.Outcome.objects.create(words=SUPPORTED_NAME, **told)
    need = people.Need.objects.create(carer=carer, area="recreation", eligible=True, words=SUPPORTED_NAME, **told)
    people.Conversation.objects.create(
        number=1, words=SUPPORTED_NAME, community=True, community_words=SUPPORTED_NAME, technology=False,
        direct_payment=False, **told,
    )  # fmt: skip
    people.Choice.objects.create(service="nursing", organisation=provider, words=SUPPORTED_NAME, **told)
    people.Noted.objects.create(fact="dementia", value="true", why=SUPPORTED_NAME, **told)
    people.Correction.objects.create(
        person=person, kind="outcome", row=1, field="words", was=SUPPORTED_NAME, why=SUPPORTED_NAME, by=account
    )
    models.Decision.objects.create(
        need=need, service="nursing", long_term=True, words=SUPPORTED_NAME, state="proposed", made_by=account
    )
    models.SetAside.objects.create(
        council="worcestershire", act="need.decide", subject="y", person=person, rule="home-first",
        reason=SUPPORTED_NAME, by=account, role="practitioner", on=day,
    )  # fmt: skip
    models.Judged.objects.create(
        council="worcestershire", act="need.decide", subject="y", person=person, found="[]", by=account,
        role="practitioner", on=day,
    )  # fmt: skip


def main_(folder: str, what: str) -> None:
    home = Path(folder)
    set_up(home)
    if what == "fill":
        fill(home)
    elif what == "blank-only":
        from careshape.accounts.models import Account
        from careshape.privacy.erase import erase_account

        erase_account(Account.objects.get(email=EMAIL))
    elif what == "erase":
        from careshape.cli import main

        assert main(["privacy", "erase", "--account", EMAIL, "--yes"]) == 0
        assert main(["privacy", "erase", "--person", PERSON, "--yes"]) == 0
        assert main(["privacy", "erase", "--person", SUPPORTED, "--yes"]) == 0
        assert main(["audit", "verify"]) == 0


if __name__ == "__main__":
    main_(sys.argv[1], sys.argv[2])
