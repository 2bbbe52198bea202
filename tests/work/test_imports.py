"""Imports in the browser: checked first, posted when it is meant, and told in the audit log."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from careshape.audit.models import Event
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.work import keep
from careshape.work.bring import KEPT_DAYS, clear_old
from careshape.work.models import Import
from tests.work.files import FAULTY, GOOD, MENDED


def bring(client, content: bytes, name: str = "packages.csv", **more):
    """Bring a file, and follow to its page."""
    return client.post("/work/imports/new/", {"file": SimpleUploadedFile(name, content), **more}, follow=True)


def ledger(data) -> Ledger:
    return Home(data).ledger("worcestershire")


def test_a_good_file_is_checked_and_then_posted(signed_in, data) -> None:
    client = signed_in("analyst")
    answer = bring(client, GOOD)
    found = Import.objects.get()
    assert answer.redirect_chain == [(f"/work/imports/{found.pk}/", 302)]
    assert found.state == "checked"
    assert len(ledger(data).postings()) == 1, "a check posts nothing"
    assert "Post 2 rows to the ledger" in answer.content.decode()
    after = client.post(f"/work/imports/{found.pk}/post/", follow=True)
    found.refresh_from_db()
    assert (found.state, found.posting) == ("posted", 2)
    assert ledger(data).postings()[-1].source == "packages.csv"
    assert "is posted as posting 2" in after.content.decode()
    assert not keep.path_of("worcestershire", found.folder, found.file_name).exists()


def test_a_faulty_file_tells_line_column_and_what_to_do_and_can_be_mended(signed_in, data) -> None:
    client = signed_in("analyst")
    text = bring(client, FAULTY).content.decode()
    found = Import.objects.get()
    assert (found.rows, found.refused) == (3, 2)
    assert "start_date" in text
    assert "How to put it right" in text
    assert "Post 1 row to the ledger" in text
    client.post(f"/work/imports/{found.pk}/discard/")
    assert len(ledger(data).postings()) == 1
    assert "Post 3 rows to the ledger" in bring(client, MENDED).content.decode()
    client.post(f"/work/imports/{Import.objects.latest('pk').pk}/post/")
    assert ledger(data).postings()[-1].counts["accepted"] == 3


def test_reports_download_as_three_kinds_of_file_and_mask_what_could_name_somebody(signed_in) -> None:
    client = signed_in("analyst")
    bring(client, FAULTY)
    found = Import.objects.get()
    rows = list(csv.DictReader(io.StringIO(client.get(f"/work/imports/{found.pk}/report.csv").content.decode())))
    assert {row["line"] for row in rows if row["outcome"] == "refuse"} == {"3", "4"}
    report = json.loads(client.get(f"/work/imports/{found.pk}/report.json").content)
    assert report["refused"] == 2
    html = client.get(f"/work/imports/{found.pk}/report.html")
    assert html["Content-Disposition"].startswith("attachment")
    for text in (json.dumps(rows), json.dumps(report), html.content.decode()):
        assert "two hundred" not in text
        assert "xxx xxxxxxx" in text


def test_refused_rows_are_given_in_full_once_it_is_told_who_read_them(signed_in) -> None:
    client = signed_in("analyst")
    bring(client, FAULTY)
    found = Import.objects.get()
    before = Event.objects.filter(chain="worcestershire").count()
    text = client.get(f"/work/imports/{found.pk}/refused.csv").getvalue().decode()
    assert "two hundred" in text
    event = Event.objects.filter(chain="worcestershire").latest("number")
    assert Event.objects.filter(chain="worcestershire").count() == before + 1
    assert (event.outcome, event.object) == ("read", f"work.import:{found.pk}")


def test_the_same_file_brought_twice_is_one_import(signed_in, data) -> None:
    client = signed_in("analyst")
    bring(client, GOOD)
    bring(client, GOOD, "other name.csv")
    assert Import.objects.count() == 1
    assert len(list((data / "uploads" / "worcestershire").iterdir())) == 1


def test_a_file_posted_before_changes_nothing(signed_in, data) -> None:
    client = signed_in("analyst")
    for _ in range(2):
        bring(client, GOOD)
        client.post(f"/work/imports/{Import.objects.latest('pk').pk}/post/")
    assert len(ledger(data).postings()) == 2
    assert list(Import.objects.order_by("pk").values_list("posting", flat=True)) == [2, 2]


@pytest.mark.parametrize("content", [GOOD, GOOD + b"\n"], ids=["same-file", "same-rows"])
def test_a_file_that_the_ledger_holds_already_is_not_offered_for_posting(signed_in, content) -> None:
    client = signed_in("analyst")
    bring(client, GOOD)
    client.post(f"/work/imports/{Import.objects.get().pk}/post/")
    text = bring(client, content, "again.csv").content.decode()
    assert "The ledger holds all of it already" in text
    assert "rows to the ledger" not in text
    assert "Discard the file" in text


def test_posting_twice_is_posting_once(signed_in, data) -> None:
    client = signed_in("analyst")
    bring(client, GOOD)
    pk = Import.objects.get().pk
    for _ in range(2):
        assert client.post(f"/work/imports/{pk}/post/").status_code == 302
    assert len(ledger(data).postings()) == 2


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "empty.csv", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "packages.csv", "a picture (PNG)"),
        (b"a,b\n1,2\n", "packages.csv", "does not name the columns"),
        ("name,Gr\u00f6\u00dfe\n".encode("utf-16"), "packages.csv", "UTF-16"),
    ],
)
def test_what_is_no_file_of_records_is_told_in_a_sentence(signed_in, data, content, name, said) -> None:
    answer = bring(signed_in("analyst"), content, name)
    assert said in answer.content.decode()
    assert answer.status_code in (200, 400)
    assert not list((data / "uploads" / "worcestershire").iterdir())


def test_without_a_file_the_form_says_so_and_leads_to_its_field(signed_in) -> None:
    answer = signed_in("analyst").post("/work/imports/new/", {})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert '<a href="#file">Select a file.</a>' in text
    assert "<title>Error: Bring a file" in text


def test_lines_are_taken_back_by_their_references(signed_in, data) -> None:
    client = signed_in("analyst")
    answer = client.post("/work/imports/withdraw/", {"references": "L0\r\nL1\r\n"}, follow=True)
    assert "Post 2 rows to the ledger" in answer.content.decode()
    client.post(f"/work/imports/{Import.objects.get().pk}/post/")
    assert ledger(data).postings()[-1].rows == 2
    unknown = client.post("/work/imports/withdraw/", {"references": "nobody knows this"}, follow=True)
    assert "to the ledger" not in unknown.content.decode()


def test_what_is_found_of_typed_references_names_the_reference_and_no_line_number(signed_in, data) -> None:
    client = signed_in("analyst")
    typed = {"references": "L0\r\n\r\nCASE 9434765919 B\r\nnobody knows this"}
    text = client.post("/work/imports/withdraw/", typed, follow=True).content.decode()
    assert "CASE 9434765919 B</th>" in text
    assert "nobody knows this</th>" in text
    assert "(hidden)" not in text
    assert ">Reference<" in text
    pk = Import.objects.get().pk
    client.post(f"/work/imports/{pk}/post/")
    after = client.get(f"/work/imports/{pk}/").content.decode()
    assert "number 2 of those typed" in after, "the file is gone once it is posted"


@pytest.mark.parametrize("role", ["commissioner", "administrator", "auditor", "provider", "broker"])
def test_who_may_not_import_is_refused_every_page_of_it(signed_in, role) -> None:
    bring(signed_in("analyst"), GOOD)
    pk = Import.objects.get().pk
    client = signed_in(role)
    for address in ("", "new/", "withdraw/", f"{pk}/", f"{pk}/report.csv", f"{pk}/refused.csv", f"{pk}/progress.json"):
        assert client.get(f"/work/imports/{address}").status_code == 403, address
    for address in ("new/", f"{pk}/post/", f"{pk}/discard/", f"{pk}/again/"):
        assert client.post(f"/work/imports/{address}").status_code == 403, address
    assert Import.objects.get().state == "checked"


def test_another_councils_import_is_refused_as_one_that_does_not_exist(signed_in) -> None:
    bring(signed_in("analyst"), GOOD)
    pk = Import.objects.get().pk
    other = signed_in("analyst", "thurrock")
    theirs, none = other.get(f"/work/imports/{pk}/"), other.get(f"/work/imports/{pk + 1000}/")
    assert theirs.status_code == none.status_code == 404
    assert other.post(f"/work/imports/{pk}/post/").status_code == 404
    assert Import.objects.get().state == "checked"


def test_what_was_cut_off_can_be_begun_again(signed_in, data) -> None:
    client = signed_in("analyst")
    bring(client, GOOD)
    pk = Import.objects.get().pk
    Import.objects.filter(pk=pk).update(state="checking", told_at=timezone.now() - timedelta(minutes=5))
    assert "Try again" in client.get(f"/work/imports/{pk}/").content.decode()
    client.post(f"/work/imports/{pk}/again/")
    assert Import.objects.get().state == "checked"


def test_files_that_nobody_posted_are_removed_after_their_time(signed_in, data) -> None:
    bring(signed_in("analyst"), GOOD)
    Import.objects.update(brought_at=timezone.now() - timedelta(days=KEPT_DAYS, seconds=1))
    assert clear_old("thurrock") == 0
    assert clear_old("worcestershire") == 1
    assert Import.objects.get().state == "discarded"
    assert not list((data / "uploads" / "worcestershire").iterdir())


def test_progress_is_told_to_the_page(signed_in) -> None:
    client = signed_in("analyst")
    bring(client, GOOD)
    pk = Import.objects.get().pk
    told = client.get(f"/work/imports/{pk}/progress.json").json()
    assert told == {"state": "checked", "words": "Checked, waiting for you to post it", "stage": "", "busy": False}


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\x00b.csv", "a_b.csv"),
        (".hidden", "hidden"),
        ("", "file"),
        ("refused rows.csv", "_refused rows.csv"),
        ("x" * 300 + ".xlsx", "x" * 90 + ".xlsx"),
        ("<script>.csv", "_script_.csv"),
    ],
)
def test_names_of_files_lead_nowhere(given, made) -> None:
    assert keep.file_name(given) == made
