"""Subject access: everything that is held about an account or a person of a ledger, as one file that people can read.

UK GDPR Article 15. The file is a ZIP with an index to read, and for each source its rows as CSV and as JSON.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from html import escape
from typing import Any

from careshape.audit.change import SYSTEM, reading, tell
from careshape.audit.write import INSTALLATION
from careshape.catalogue import catalogue
from careshape.catalogue.periods import day_date
from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.ledger.columns import CODED, NAMES, OPEN_DAY
from careshape.ledger.engine import session
from careshape.ledger.postcodes import postcode_text
from careshape.policy import Principal
from careshape.privacy.classification import Table, columns, rules, tables
from careshape.privacy.erase import councils_of, rows_about
from careshape.privacy.whose import ONE_OF_TWO, account_here, rows_of_person
from careshape.spreadsheets import as_csv

DAYS = ("start_day", "end_day")
MONEY = ("unit_price", "weekly_cost", "one_off_cost")
ENDS = ("end_day", "end_month", "close_month")
STILL_OPEN = "still open"
"""What is said for the end of a line that has none; the ledger holds a day far ahead."""
SECRET = "(kept secret: it proves who you are)"


@dataclass(frozen=True)
class Part:
    """What one source holds."""

    name: str
    title: str
    kept: str
    """How long it is kept, and why."""
    names: tuple[str, ...]
    rows: list[dict[str, Any]]


@reading
def access_account(account: Any, principal: Principal = SYSTEM, council: str = "") -> bytes:
    """Everything about the owner of an account, as the bytes of a ZIP; that it was collected is told.

    council: the one that collects, which sees nothing of what they do for another; all of them if left out.
    """
    councils = [council] if council else councils_of(account)
    parts = [
        _part(table, _of(table, rows_about(table, account.pk, account.email), council))
        for table in tables().values()
        if table.subject
    ]
    tell(principal, "privacy.access", account, chain=councils[0] if councils else INSTALLATION)
    return _zip(f"Everything held about the account of {account.name}", [one for one in parts if one.rows])


@reading
def access_person(ledger: Ledger, identifier: str, principal: Principal = SYSTEM) -> bytes:
    """Everything that a ledger and the database hold about a person, as the bytes of a ZIP; that it was collected is
    told.

    Raises CallError where neither knows anybody by this identifier.
    """
    identifier = identifier.strip()
    number = ledger.person(identifier)
    rows = [] if number is None else _lines(ledger, number)
    parts = [_part(table, found) for table, found in rows_of_person(ledger.authority, identifier)]
    if not rows and not any(one.rows for one in parts):
        raise CallError(f"The ledger of {ledger.name} knows nobody by this identifier. Write it as the files do.")
    tell(principal, "privacy.access", "ledger.person", chain=ledger.authority)
    return _zip(
        f"Everything that {ledger.name} holds about the person",
        [*_of_ledger(ledger, rows), *(one for one in parts if one.rows)],
    )


def _of_ledger(ledger: Ledger, rows: list[dict[str, Any]]) -> list[Part]:
    """A person's lines, and the files that they came from; nothing where there are none."""
    if not rows:
        return []
    kept = "Kept as the council's record of care, until the person's key is destroyed: then it is nobody's."
    used = {row["posting"] for row in rows}
    files = [
        {"posting": one.number, "recorded": one.recorded_at.isoformat(), "file": one.source, "kind": one.kind}
        for one in ledger.postings()
        if one.number in used
    ]
    return [
        Part("lines", "Care that was arranged and delivered", kept, tuple(rows[0]), rows),
        Part("files", "The files that it came from", kept, ("posting", "recorded", "file", "kind"), files),
    ]


def collect(principal: Principal, ledger: Ledger | None, email: str = "", person: str = "") -> bytes:
    """What is held about somebody whom a member of a council asks for: by the address of an account, or by the
    identifier of a person of its ledger (None: it has none yet).

    Raises CallError for nobody, and for both at once; somebody of another council is nobody here.
    """
    if bool(email) == bool(person):
        raise CallError(ONE_OF_TWO)
    if email:
        account = account_here(principal, "privacy.access", email)
        return access_account(account, principal, council=principal.council)
    if ledger is None:
        raise CallError("The council has no records yet.")
    return access_person(ledger, person, principal)


def _of(table: Table, rows: Any, council: str) -> Any:
    """The rows that belong to a council, where they belong to one."""
    return rows.filter(**{table.council: council}) if council and table.council else rows


def _part(table: Table, rows: Iterable[Any]) -> Part:
    rule = rules()[table.rule]
    classes = table.classes()
    names = tuple(one.name for one in columns(table.model) if classes[one.name] != "none" or one.name != "id")
    found = []
    for row in rows:
        values = {one.name: getattr(row, one.attname) for one in columns(table.model) if one.name in names}
        found.append({name: SECRET if name in table.secret else _shown(value) for name, value in values.items()})
    kept = _kept(rule.years, rule.days, rule.since) + f" {rule.basis}"
    return Part(table.id, f"{rule.title}: {table.id}", kept, names, found)


def _kept(years: int, days: int, since: str) -> str:
    if not years and not days:
        return "Kept as long as the account."
    period = f"{years} year{'s' if years > 1 else ''}" if years else f"{days} day{'s' if days > 1 else ''}"
    return f"Kept for {period} from {since}."


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool) else json.dumps(value, default=str)


def _lines(ledger: Ledger, number: int) -> list[dict[str, Any]]:
    """The rows of a person, with the names of what their codes stand for."""
    order = "ORDER BY posting, line, start_day, sign"
    with session() as (connection, _):
        found = connection.execute(
            f"SELECT {', '.join(NAMES)} FROM {ledger.table.relation()} WHERE person = {number:d} {order}"
        ).fetchall()
    if not found:
        return []
    names = {"provider": ledger.providers(), "setting": ledger.settings()}
    return [_line(dict(zip(NAMES, row, strict=True)), names) for row in found]


def _line(row: Mapping[str, int], names: Mapping[str, Mapping[int, str]]) -> dict[str, Any]:
    """A row as a person reads it: labels, days, pounds and whole units instead of codes, day numbers and pence."""
    shown: dict[str, Any] = {}
    is_open = row["end_day"] == OPEN_DAY
    for name, value in row.items():
        if is_open and name in ENDS:
            shown[name] = STILL_OPEN
        elif name in CODED:
            shown[name] = catalogue().lists[CODED[name]].by_code[value].label
        elif name in DAYS:
            shown[name] = day_date(value).isoformat()
        elif name.endswith("_month"):
            shown[name] = f"{value // 12}-{value % 12 + 1:02}" if value else ""
        elif name in names:
            shown[name] = names[name].get(value, "")
        elif name in MONEY:
            shown[name] = f"£{Decimal(value) / 100:,.2f}"
        elif name == "quantity":
            shown[name] = f"{Decimal(value) / 100:,.2f}".removesuffix("0").removesuffix(".0")
        elif name == "postcode_district":
            shown[name] = postcode_text(value)
        else:
            shown[name] = value
    return shown


def _zip(title: str, parts: Sequence[Part]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("index.html", _index(title, parts))
        for part in parts:
            file.writestr(f"{part.name}.csv", as_csv(part.names, part.rows))
            file.writestr(f"{part.name}.json", json.dumps(part.rows, indent=1, ensure_ascii=False))
    return content.getvalue()


def _index(title: str, parts: Sequence[Part]) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{escape(one.title)}</th><td>{len(one.rows):,}</td><td>{escape(one.kept)}</td>"
        f"<td><a href='{escape(one.name)}.csv'>CSV</a> <a href='{escape(one.name)}.json'>JSON</a></td></tr>"
        for one in parts
    )
    return (
        f"<!DOCTYPE html><html lang='en-GB'><head><meta charset='utf-8'><title>{escape(title)}</title></head><body>"
        f"<h1>{escape(title)}</h1><p>Collected on {datetime.now(UTC):%d %B %Y}. Each line names a part, how many rows "
        "it has, how long it is kept and why, and the files that hold it.</p>"
        "<table><thead><tr><th scope='col'>Part</th>"
        f"<th scope='col'>Rows</th><th scope='col'>How long</th><th scope='col'>Files</th></tr></thead><tbody>{rows}"
        "</tbody></table></body></html>"
    )
