"""Files that take long: checked and posted by a worker, with progress that survives leaving the page."""

from __future__ import annotations

import shutil

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careshape.home import Home
from careshape.jobs.lease import claim
from careshape.jobs.models import Job
from careshape.jobs.run import run
from careshape.work import bring as bringing
from careshape.work.models import Import
from tests.work.files import GOOD

PAGES = (
    "/work/", "/work/imports/", "/work/imports/1/", "/work/postings/", "/work/postings/1/", "/work/jobs/",
    "/work/registers/providers/", "/work/measures/?measure=cost&by=service", "/work/search/?q=nursing", "/work/audit/",
    "/account/tokens/",
)  # fmt: skip
MOST_QUERIES = 30


@pytest.fixture
def long_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is one that takes long."""
    monkeypatch.setattr(bringing, "AT_ONCE", 10)


def worker() -> Job:
    """Do the next job, as a worker does."""
    job = claim("here")
    assert job is not None
    run(job, "here")
    return Job.objects.get(pk=job.pk)


def test_a_long_file_is_checked_and_posted_in_the_background(signed_in, data, long_files) -> None:
    client = signed_in("analyst")
    answer = client.post("/work/imports/new/", {"file": SimpleUploadedFile("long.csv", GOOD)}, follow=True)
    text = answer.content.decode()
    found = Import.objects.get()
    assert found.state == "waiting"
    assert "you can leave this page and come back" in text
    assert f'data-progress="/work/imports/{found.pk}/progress.json"' in text
    assert client.get(f"/work/imports/{found.pk}/progress.json").json()["busy"] is True
    job = worker()
    assert (job.state, job.result["state"]) == ("done", "checked")
    assert job.done > 0, "it told how far it was"
    client.post(f"/work/imports/{found.pk}/post/")
    assert Import.objects.get().state == "posting"
    assert len(Home(data).ledger("worcestershire").postings()) == 1
    assert worker().state == "done"
    assert Import.objects.get().posting == 2
    assert "Post a file of records" in client.get("/work/jobs/").content.decode()


def test_posting_that_was_cut_off_after_its_commit_is_completed(signed_in, people, data, long_files) -> None:
    """A worker that is killed between the ledger's commit and the database's loses nothing, and posts nothing twice."""
    client = signed_in("analyst")
    client.post("/work/imports/new/", {"file": SimpleUploadedFile("long.csv", GOOD)})
    worker()
    pk = Import.objects.get().pk
    client.post(f"/work/imports/{pk}/post/")
    worker()
    Import.objects.filter(pk=pk).update(state="posting", posting=None)
    path = bringing.keep.path_of("worcestershire", Import.objects.get().folder, "long.csv")
    path.write_bytes(GOOD)
    from careshape.work.settle import write

    assert write(people.principal("analyst"), pk, lambda stage: None).posting == 2
    assert len(Home(data).ledger("worcestershire").postings()) == 2


def test_who_may_not_import_any_more_has_their_file_left_alone(signed_in, people, data, long_files) -> None:
    signed_in("analyst").post("/work/imports/new/", {"file": SimpleUploadedFile("long.csv", GOOD)})
    member = people.memberships["worcestershire", "analyst"]
    type(member).objects.filter(pk=member.pk).update(role="broker")
    assert worker().state == "failed"
    assert Import.objects.get().state == "waiting"


def test_pages_ask_the_database_little_whatever_they_list(
    signed_in, data, tmp_path, settings, django_assert_max_num_queries
) -> None:
    client = signed_in("analyst")
    for number in range(3):
        content = GOOD.replace(b"L101", b"L9%02d" % number)
        client.post("/work/imports/new/", {"file": SimpleUploadedFile(f"{number}.csv", content)})
    for number, page in enumerate(PAGES):
        path = page.replace("/1/", f"/{Import.objects.latest('pk').pk}/") if "imports/1" in page else page
        settings.CARESHAPE_DIR = shutil.copytree(data, tmp_path / f"{number}")  # where no page has counted before
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(path).status_code == 200, page
