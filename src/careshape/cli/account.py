"""``careshape account``: who may sign in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from careshape.cli.installation import installed
from careshape.cli.options import examples
from careshape.cli.output import format_option, print_rows
from careshape.cli.recording import database_of, has_database
from careshape.cli.web import web_part
from careshape.errors import CallError
from careshape.home import Home

LISTED = ("council", "role", "name", "email", "team_or_organisation", "status", "since")
MADE = ("role", "council", "address", "password")
AS_IT_WAS = "(as it was)"
PROVIDERS = ("provider", "name", "council", "issuer", "second_factor", "status")


def ready(home: Home) -> None:
    """Make the installation's database ready, and make it where there is none yet."""
    configured = "django" in sys.modules and sys.modules["django"].apps.apps.ready
    if has_database(home):
        return
    if configured:
        database_of(home)  # says that there is none: this process serves another folder
    installed(home.path)
    web_part("careshape.site.serve").make_ready()


@click.group(
    epilog=examples(
        "careshape account invite --authority worcestershire --role administrator person@example.org",
        "careshape account list",
        "careshape account end --authority worcestershire person@example.org",
    )
)
def account() -> None:
    """Who may sign in: invite the first administrator, list people, end access."""


@account.command(
    epilog=examples(
        "careshape account invite --authority worcestershire --role administrator person@example.org",
        "careshape account invite --authority thurrock --role provider --organisation 'Synthetic provider T-001' "
        "manager@example.org",
    )
)
@click.argument("email")
@click.option("--authority", metavar="NAME", required=True, help="Council, such as worcestershire.")
@click.option("--role", metavar="ROLE", required=True, help="A role of `careshape account roles`.")
@click.option("--organisation", metavar="NAME", help="For a provider or voluntary organisation: which one.")
@click.pass_obj
def invite(home: Home, email: str, authority: str, role: str, organisation: str | None) -> None:
    """Invite whoever has this e-mail address to a role, and print the link, which is good once.

    The first administrator of a council comes by this; they invite everybody else on the site.
    """
    ready(home)
    from careshape.accounts.councils import council_row
    from careshape.accounts.invite import invite as invite_to
    from careshape.accounts.models import Organisation
    from careshape.accounts.times import uk_time
    from careshape.audit.change import SYSTEM

    if "@" not in email.strip("@ "):
        raise CallError(f"'{email}' is no e-mail address. Write one such as person@example.org.")
    council = council_row(authority)
    owner = None
    if organisation is not None:
        owner = Organisation.objects.filter(council=council, name=organisation).first()
        if owner is None:
            raise CallError(f"{council.name} knows no organisation '{organisation}'. Add it on the site first.")
    made = invite_to(SYSTEM, council, email, role, organisation=owner)
    click.echo(f"{made.invitation.email} was invited to {council.name} as {role}, until "
               f"{uk_time(made.invitation.expires_at)}.")  # fmt: skip
    mail = web_part("careshape.accounts.mail")
    files = mail.files_only()
    sent = (
        "The message lies in the mail folder, and nobody was sent it; pass the link on."
        if files
        else "The message was sent."
    )
    click.echo(sent if mail.hand_over_all() else "The message could not be sent yet; pass the link on.")
    click.echo(made.address)


@account.command(name="list", epilog=examples("careshape account list", "careshape account list --format csv"))
@click.option("--authority", metavar="NAME", help="Only this council.")
@click.option("--ended", is_flag=True, help="With those whose access has ended.")
@format_option
@click.pass_obj
def list_(home: Home, authority: str | None, ended: bool, form: str) -> None:
    """List who has access, and who is invited."""
    ready(home)
    from django.db import transaction

    from careshape.accounts.listing import ENDED, people
    from careshape.accounts.models import Council
    from careshape.audit.change import SYSTEM, tell
    from careshape.policy import Principal

    rows: list[dict[str, Any]] = []
    councils = Council.objects.order_by("slug")
    for council in councils.filter(slug=authority) if authority else councils:
        reader = Principal(role="administrator", account=0, council=council.slug)
        with transaction.atomic():
            lines = [one for one in people(reader).rows if ended or one["status"] != ENDED]
            tell(SYSTEM, "accounts.read", "people", chain=council.slug, rows=len(lines))
        rows += [
            {**one, "council": council.slug, "team_or_organisation": one["group"], "since": one["since"].isoformat()}
            for one in lines
        ]
    print_rows(rows, LISTED, form)


@account.command(epilog=examples("careshape account end --authority worcestershire person@example.org"))
@click.argument("email")
@click.option("--authority", metavar="NAME", required=True, help="Council, such as worcestershire.")
@click.option("--role", metavar="ROLE", help="Only in this role; every role at the council if left out.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def end(home: Home, email: str, authority: str, role: str | None, yes: bool) -> None:
    """End a person's access to a council at once, the last administrator's too."""
    ready(home)
    from careshape.accounts.end import end_access
    from careshape.accounts.models import Membership
    from careshape.audit.change import SYSTEM

    found = Membership.objects.filter(account__email__iexact=email, council__slug=authority, ended_at__isnull=True)
    rows = list((found.filter(role=role) if role else found).select_related("account", "council"))
    if not rows:
        raise CallError(
            f"Nobody of the address '{email}' has access to '{authority}'{' in this role' if role else ''}."
        )
    if not yes:
        click.confirm(f"End the access of {rows[0].account.name} as {', '.join(one.role for one in rows)}?", abort=True)
    for one in rows:
        end_access(SYSTEM, one)
    click.echo(f"The access of {rows[0].account.name} to {authority} has ended.")


@account.command(epilog=examples("careshape account roles"))
@format_option
def roles(form: str) -> None:
    """List the roles that a person can be invited to."""
    from careshape.policy.roles import roles as known

    rows = [
        {
            "role": one.id,
            "title": one.title,
            "second_factor": "yes" if one.needs_second_factor else "no",
            "does": one.does,
        }
        for one in known().values()
        if one.kind != "public"
    ]  # fmt: skip
    print_rows(rows, ("role", "title", "second_factor", "does"), form)


@account.command(epilog=examples("careshape account reset-factor person@example.org"))
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def reset_factor(home: Home, email: str, yes: bool) -> None:
    """Take away the second factor of a person who lost it; they set up a new one at their next sign-in."""
    ready(home)
    from careshape.accounts.models import Account
    from careshape.accounts.second_factor import reset
    from careshape.audit.change import SYSTEM

    found = Account.objects.filter(email__iexact=email).first()
    if found is None:
        raise CallError(f"There is no account of the address '{email}'.")
    if not yes:
        click.confirm(f"Are you sure that it is {found.name} who asks?", abort=True)
    reset(SYSTEM, "accounts.reset", found)
    click.echo(f"{found.name} sets up a new second factor at the next sign-in.")


@account.command(epilog=examples("careshape account demonstration", "careshape account demonstration --new-passwords"))
@click.option(
    "--new-passwords", is_flag=True, help="Give accounts that are there new passwords, and end their sessions."
)
@format_option
@click.pass_obj
def demonstration(home: Home, new_passwords: bool, form: str) -> None:
    """Make an account a role for each demonstration council, and print their passwords, this once.

    There are two commissioners, since what one prepares or writes another agrees. Accounts that are there keep their
    passwords, which nothing can print again. Refused where any council of the folder is no demonstration.
    """
    print_accounts(home, form, new_passwords)


def print_accounts(home: Home, form: str = "table", new_passwords: bool = False) -> None:
    """Make the demonstration's accounts, print them, and say on standard error what became of their passwords."""
    ready(home)
    from careshape.accounts.demonstration import make_accounts

    made = make_accounts(home.authorities(), new_passwords)
    kept = "" if form != "table" else AS_IT_WAS
    rows = [
        {"role": one.role, "council": one.council, "address": one.email, "password": one.password or kept}
        for one in made
    ]
    print_rows(rows, MADE, form)
    new, old = sum(bool(one.password) for one in made), sum(not one.password for one in made)
    said = [f"{new} passwords are new: they are shown this once."] if new else []
    said += [f"{old} accounts keep the password that they had; --new-passwords gives new ones."] if old else []
    click.echo(" ".join(said), err=True)


@account.command(
    epilog=examples(
        "careshape account add-provider council-accounts --authority worcestershire --name 'Council account' "
        "--issuer https://login.example.org --client-id careshape --secret-file secret.txt --second-factor mfa"
    )
)
@click.argument("provider")
@click.option("--name", required=True, help="What people know it by.")
@click.option("--issuer", required=True, metavar="URL", help="As the provider itself names it.")
@click.option("--client-id", required=True, metavar="ID", help="As which careshape is known there.")
@click.option(
    "--secret-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="FILE with the client secret."
)
@click.option(
    "--authority", metavar="NAME", help="The council whose people it knows; the whole installation if left out."
)
@click.option(
    "--second-factor", "factors", multiple=True, metavar="VALUE",
    help="A value of amr or acr that is taken for a second factor; without one, ours is asked for.",
)  # fmt: skip
@click.option("--address-claim", default="email", show_default=True, help="Claim that holds the e-mail address.")
@click.option("--verified-claim", default="email_verified", show_default=True, help="Claim that says it was verified.")
@click.pass_obj
def add_provider(
    home: Home, provider: str, name: str, issuer: str, client_id: str, secret_file: Path | None, authority: str | None,
    factors: tuple[str, ...], address_claim: str, verified_claim: str,
) -> None:  # fmt: skip
    """Let people sign in with an OpenID Connect provider. PROVIDER is a short name for addresses.

    Register SITE/sign-in/with/PROVIDER/back/ with it as the address to come back to.
    """
    ready(home)
    from careshape.accounts.providers import keep_provider

    secret = secret_file.read_text("utf-8").strip() if secret_file else ""
    row = keep_provider(provider, name, issuer, client_id, secret, authority, factors, address_claim, verified_claim)
    click.echo(
        f"People sign in with {row.name} at /sign-in/with/{row.slug}/ and come back to /sign-in/with/{row.slug}/back/."
    )


@account.command(epilog=examples("careshape account providers"))
@format_option
@click.pass_obj
def providers(home: Home, form: str) -> None:
    """List the identity providers."""
    ready(home)
    from careshape.accounts.models import IdentityProvider

    rows = [
        {"provider": one.slug, "name": one.name, "council": one.council.slug if one.council else "",
         "issuer": one.issuer, "second_factor": " ".join(one.second_factor),
         "status": "ended" if one.ended_at else "in use"}
        for one in IdentityProvider.objects.select_related("council").order_by("slug")
    ]  # fmt: skip
    print_rows(rows, PROVIDERS, form)


@account.command(epilog=examples("careshape account end-provider council-accounts"))
@click.argument("provider")
@click.pass_obj
def end_provider(home: Home, provider: str) -> None:
    """Let nobody sign in with an identity provider any more; sessions by it end at once."""
    ready(home)
    from careshape.accounts.providers import end_provider as end_one

    click.echo(f"Nobody signs in with {end_one(provider).name} any more.")


commands = {"account": account}
