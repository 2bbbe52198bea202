"""People: known by a keyed pseudonym, named nowhere."""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path

import duckdb
import pytest

from careshape.errors import CallError, InputError
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.ledger.pseudonym import DEMONSTRATION_KEY
from careshape.ledger.report_output import to_csv, to_html
from careshape.ledger.rules import rules
from tests.ledger.writing import delivery, event, package

PERSON = "PERSON-SYNTHETIC-4711"
SECRETS = (PERSON, "4857773456", "WR11 2ZZ", "1931-02-03", "03/02/1931", f"REFERENCE-OF-{PERSON}")


class Kept:
    """A temporary folder that stays, so that what an import writes on its way can be looked at."""

    def __init__(self, parent: Path, prefix: str) -> None:
        self.path = tempfile.mkdtemp(prefix=prefix, dir=parent)

    def __enter__(self) -> str:
        return self.path

    def __exit__(self, *error: object) -> None:
        pass


def contents(paths: list[Path]) -> list[bytes]:
    """The bytes of files, and those of Parquet files as text too, since they are compressed."""
    tables = [
        repr(duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall())
        for path in paths
        if path.suffix == ".parquet"
    ]
    return [*(path.read_bytes() for path in paths), *(table.encode() for table in tables)]


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A council that is no demonstration, with a key of its own outside the data folder."""
    monkeypatch.setenv("CARESHAPE_KEY_FILE", str(tmp_path / "keys" / "pseudonym.key"))
    return Ledger.create(tmp_path / "data" / "councils" / "worcestershire", "worcestershire")


def named(**changes: str) -> dict[str, str]:
    return {
        "LA_Person_Unique_Identifier": PERSON,
        "NHS_Number": "4857773456",
        "Postcode": "WR11 2ZZ",
        "Date_of_Birth": "1931-02-03",
        "Event_Reference": f"REFERENCE-OF-{PERSON}",
    } | changes


FAULTY = [
    event("E-1") | named(),
    event("E-2") | named(Event_Start_Date="soon"),
    event("E-3") | named(Date_of_Birth="03/02/2031"),
    event("E-4") | named(Postcode=PERSON),
    event("E-5") | named(Gender=PERSON),  # cells that have slipped
    event("E-6") | named(Delivery_Mechanism="485 777 3456"),
    event("E-7") | named(Event_Type=f"Service for {PERSON}?!"),
    event("E-8") | named(Service_Component=PERSON),
    event("E-9") | named(),
]


def test_nothing_that_a_council_keeps_or_leaves_behind_names_a_person(
    real: Ledger, write, tmp_path, monkeypatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "TemporaryDirectory", lambda prefix: Kept(scratch, prefix))
    cld = write("c.csv", FAULTY)
    cld.write_text(cld.read_text("utf-8") + f"too few cells,{PERSON}\n", "utf-8")
    reports = [import_file(real, cld)]
    packages = [
        package("L-1", person_id=PERSON, postcode="WR11 2ZZ", birth_date="1931-02-03", line_reference=SECRETS[-1])
    ]
    reports.append(import_file(real, write("p.csv", packages)))
    reports.append(import_file(real, write("d.csv", [delivery(SECRETS[-1]), delivery(f"X-{SECRETS[-1]}")])))
    assert sum(report.refused for report in reports) >= 4
    shown = [
        text for report in reports for text in (report.to_json(), to_csv(report), to_html(report), report.summary())
    ]
    kept = [path for folder in (tmp_path / "data", scratch) for path in folder.rglob("*") if path.is_file()]
    assert len(kept) > 8
    assert any(path.suffix == ".parquet" and scratch in path.parents for path in kept), "the rig keeps scratch files"
    for secret in SECRETS:
        assert not any(secret in text for text in shown), secret
        assert not any(secret.encode() in content for content in contents(kept)), secret
        assert not any(secret in str(path) for path in kept), secret
    columns = duckdb.sql(f"DESCRIBE SELECT * FROM {real.table.relation()}").fetchall()
    assert all("INT" in kind for _, kind, *_ in columns), "the ledger holds whole numbers only"


def test_key_is_made_once_outside_the_data_and_for_its_owner_alone(real: Ledger, write, tmp_path) -> None:
    key = tmp_path / "keys" / "pseudonym.key"
    import_file(real, write("p.csv", [package("L-1")]), dry_run=True)
    assert not key.exists(), "a dry run makes no key"
    import_file(real, write("p.csv", [package("L-1")]))
    assert key.stat().st_mode & 0o777 == 0o600
    first = real.key()
    assert real.key() == first
    assert first != DEMONSTRATION_KEY


def test_lost_or_changed_key_is_refused_instead_of_doubling_people(real: Ledger, write, tmp_path) -> None:
    key = tmp_path / "keys" / "pseudonym.key"
    import_file(real, write("p.csv", [package("L-1")]))
    text = key.read_text("ascii")
    key.unlink()
    later = write("q.csv", [package("L-2")])
    with pytest.raises(InputError, match="pseudonyms is missing"):
        import_file(real, later)
    assert not key.exists(), "no other key is made"
    key.write_text("ab" * 32 + "\n", "ascii")
    key.chmod(0o600)
    with pytest.raises(InputError, match="counted twice"):
        import_file(real, later)
    key.write_text(text, "ascii")
    assert import_file(real, later).accepted == 1


def test_key_in_the_data_folder_or_open_to_others_is_refused(real: Ledger, write, tmp_path, monkeypatch) -> None:
    real.key()
    (tmp_path / "keys" / "pseudonym.key").chmod(0o644)
    with pytest.raises(InputError, match="chmod 600"):
        import_file(real, write("p.csv", [package("L-1")]))
    (tmp_path / "keys" / "pseudonym.key").write_text("not a key")
    (tmp_path / "keys" / "pseudonym.key").chmod(0o600)
    with pytest.raises(InputError, match="Restore it from its backup"):
        import_file(real, write("p.csv", [package("L-1")]))
    monkeypatch.setenv("CARESHAPE_KEY_FILE", str(tmp_path / "data" / "pseudonym.key"))
    with pytest.raises(InputError, match="inside the data folder"):
        import_file(real, write("p.csv", [package("L-1")]))


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2003", "\u3000"], ids=["space", "no-break", "em", "wide"])
@pytest.mark.parametrize("put", ["{space}{text}", "{text}{space}", "{space}{text}{space}"])
def test_spaces_around_an_identifier_make_no_other_person(ledger, write, standing, space: str, put: str) -> None:
    spaced = put.format(space=space, text="P-1")
    import_file(ledger, write("p.csv", [package("L-1", person_id="P-1"), package("L-2", person_id=spaced)]))
    assert len({row["person"] for row in standing(ledger)}) == 1


def test_refused_rows_are_written_on_request_only_and_can_be_put_right(
    ledger: Ledger, write, tmp_path, standing
) -> None:
    rows = [package("L-1"), package("L-2", start_date="soon"), package("L-3", end_date="2020-01-01"), package("L-4")]
    file = tmp_path / "refused.csv"
    report = import_file(ledger, write("p.csv", rows), refused_to=file)
    assert (report.accepted, report.refused) == (2, 2)
    assert file.stat().st_mode & 0o777 == 0o600
    with file.open(encoding="utf-8", newline="") as text:
        refused = list(csv.DictReader(text))
    assert [[row.pop(name) for name in ("why_refused", "refused_line", "refused_row")] for row in refused] == [
        ["start_date: The value is not a date such as 2021-03-31 or 31/03/2021.", "3", ""],
        [f"end_date: The end (2020-01-01) lies before the start. {rules()['end-before-start'].remedy}", "4", ""],
    ]
    assert refused == rows[1:3]
    refused[0]["start_date"], refused[1]["end_date"] = "2020-05-01", ""
    assert import_file(ledger, write("q.csv", refused)).accepted == 2
    assert len(standing(ledger)) == 4


def test_refused_rows_include_those_that_could_not_be_cut_into_cells(ledger: Ledger, tmp_path) -> None:
    source, file = tmp_path / "p.csv", tmp_path / "refused.csv"
    lines = [
        "line_reference,service,start_date",
        "L-1,nursing,2020-05-01",
        "L-2,nursing",
        "L-3,nursing,2020-05-01,more",
        "L-4,nursing,soon",
        'L-5,nursing,"2020-05-01',
        "L-6,nursing,2020-05-01",
    ]
    source.write_text("\n".join(lines) + "\n", "utf-8")
    report = import_file(ledger, source, refused_to=file)
    assert (report.accepted, report.refused) == (1, 4)
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert sorted((row["refused_line"], row["refused_row"].strip()) for row in rows) == [
        ("3", lines[2]),
        ("4", lines[3]),
        ("5", ""),
        ("6", "\n".join(lines[5:])),
    ]
    assert "2 lines are taken for one row" in rows[-1]["why_refused"]


def test_outputs_never_overwrite_a_file(ledger: Ledger, write, tmp_path) -> None:
    source = write("p.csv", [package("L-1", start_date="soon")])
    before = source.read_bytes()
    for target in (source, tmp_path / "nowhere" / "refused.csv"):
        with pytest.raises(CallError):
            import_file(ledger, source, refused_to=target)
    assert source.read_bytes() == before
    assert ledger.postings() == []


def test_repeated_file_tells_its_refusals_again_and_completes_the_kept_report(ledger: Ledger, write, tmp_path) -> None:
    source = write("p.csv", [package("L-1"), package("L-2", start_date="soon")])
    import_file(ledger, source)
    kept = ledger.path / "reports" / "00001.json"
    first = kept.read_text("utf-8")
    kept.unlink()  # as a kill right after the commit leaves it
    again = import_file(ledger, source, refused_to=tmp_path / "refused.csv")
    assert (again.unchanged, again.refused, again.ok, again.posting) == (1, 1, False, None)
    assert [(one.line, one.column) for one in again.findings] == [(3, "start_date")]
    assert "L-2" in (tmp_path / "refused.csv").read_text("utf-8")
    assert json.loads(kept.read_text("utf-8")) == json.loads(first)
    assert len(ledger.postings()) == 1


def test_name_in_any_column_stands_in_no_kept_report(ledger: Ledger, write) -> None:
    name = "Synthia Exampleton, 1 Nowhere Lane"
    rows = [package("L-1", service=name), package("L-2", district=name), package("L-3", weekly_cost=name)]
    rows += [package("L-4", start_date=name), package("L-5", provider_type=name)]
    report = import_file(ledger, write("p.csv", rows))
    assert {finding.value for finding in report.findings} == {"xxxxxxx xxxxxxxxxx, 9 xxxxxxx xxxx"}
    outputs = (report.to_json(), to_csv(report), to_html(report), *(one.message for one in report.findings))
    assert not [part for part in ("Synthia", "Exampleton", "Nowhere") for text in outputs if part in text]
    kept = b"\n".join(path.read_bytes() for path in ledger.path.rglob("*") if path.is_file())
    for part in ("Synthia", "Exampleton", "Nowhere"):
        assert part.encode() not in kept
    assert b"xxxxxxx xxxxxxxxxx, 9 xxxxxxx xxxx" in kept


def test_misspelt_names_of_a_list_and_dates_stay_readable_in_a_report(ledger: Ledger, write) -> None:
    rows = [
        package("L-1", service="nursnig"), package("L-2", start_date="1 Mya 2020"), package("L-3", weekly_cost="12,5"),
        package("L-4", end_date="2019-01-01"), package("L-5", service="1931-02-03"), package("L-6", team="WR11 2ZZ"),
        package("L-7", start_date="31 February 2020"),
    ]  # fmt: skip
    report = import_file(ledger, write("p.csv", rows))
    said = {finding.line: finding.value for finding in report.findings if finding.outcome != "note"}
    assert said == {
        2: "nursnig", 3: "9 xxx 9999", 4: "12,5", 5: "2019-01-01", 6: "9999-99-99", 7: "xx99 9xx",
        8: "31 February 2020",
    }  # fmt: skip


def test_provider_that_is_a_person_and_setting_that_is_a_home_are_kept_under_keyed_numbers(
    ledger: Ledger, write, standing
) -> None:
    carer = {"provider_reference": "SL-SYNTHIA", "provider_name": "Synthia Exampleton"}
    home = {"service": "shared-lives", "setting_reference": "1 Nowhere Lane"}
    import_file(ledger, write("p.csv", [package("L-1", provider_type="individual-carer", **carer, **home)]))
    # A later file that does not say what the provider is meets the same carer, and still names nobody.
    import_file(ledger, write("q.csv", [package("L-2", provider_type="", **carer, **home), package("L-3")]))
    rows = standing(ledger)
    assert len({row["provider"] for row in rows}) == len({row["setting"] for row in rows}) == 2
    assert sorted(name[:16] for name in ledger.providers().values()) == ["Individual carer", "Synthetic provid"]
    assert sorted(name[:5] for name in ledger.settings().values()) == ["Home ", "Synth"]
    kept = contents([path for path in ledger.path.rglob("*") if path.is_file()])
    for secret in ("SL-SYNTHIA", "Exampleton", "Nowhere Lane"):
        assert not any(secret.encode() in content for content in kept), secret


def test_report_of_each_posting_is_kept(ledger: Ledger, write) -> None:
    report = import_file(ledger, write("p.csv", [package("L-1"), package("L-2", start_date="soon")]))
    kept = json.loads((ledger.path / "reports" / "00001.json").read_text("utf-8"))
    assert (kept["accepted"], kept["refused"], kept["posting"]) == (1, 1, report.posting)
