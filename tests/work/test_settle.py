"""Two who settle one file at once: the second finds what the first did, and takes nothing from under it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from careshape.audit.models import Event
from careshape.errors import CallError
from careshape.home import Home
from careshape.work import bring as bringing
from careshape.work import keep, settle
from careshape.work.models import Import
from tests.work.files import GOOD

LONG_AGO = timedelta(days=bringing.KEPT_DAYS, seconds=1)
QUIET = bringing.QUIET + timedelta(seconds=1)


@pytest.fixture
def analyst(people, data):
    """Who brings files."""
    return people.principal("analyst")


@pytest.fixture
def brought(analyst, monkeypatch) -> Import:
    """A file that is checked; what is done with it next is background work."""
    made = bringing.bring(analyst, "packages.csv", [GOOD])
    assert made.state == "checked"
    monkeypatch.setattr(bringing, "AT_ONCE", 10)
    return Import.objects.get(pk=made.pk)


def kept(found: Import) -> bool:
    return keep.path_of("worcestershire", found.folder, found.file_name).is_file()


def write(analyst, found: Import) -> Import:
    return settle.write(analyst, found.pk, lambda stage: None)


def test_a_discard_beside_a_post_that_has_begun_leaves_the_file_to_its_reader(analyst, brought, data) -> None:
    seen_before = Import.objects.get(pk=brought.pk)
    assert settle.post(analyst, brought).state == "posting"
    with pytest.raises(CallError, match="is being worked on"):
        settle.discard(analyst, seen_before)
    assert kept(brought)
    assert Import.objects.get().state == "posting"
    assert write(analyst, brought).state == "posted"
    assert len(Home(data).ledger("worcestershire").postings()) == 2


def test_a_post_beside_a_discard_posts_nothing(analyst, brought, data) -> None:
    seen_before = Import.objects.get(pk=brought.pk)
    settle.discard(analyst, brought)
    assert settle.post(analyst, seen_before).state == "discarded"
    assert write(analyst, brought).state == "discarded"
    assert len(Home(data).ledger("worcestershire").postings()) == 1
    assert not kept(brought)


def test_a_discard_of_what_was_posted_meanwhile_says_nothing_of_a_discard(analyst, brought) -> None:
    seen_before = Import.objects.get(pk=brought.pk)
    settle.post(analyst, brought)
    write(analyst, brought)
    assert settle.discard(analyst, seen_before).state == "posted"
    steps = [event.detail for event in Event.objects.filter(object=f"work.import:{brought.pk}").order_by("number")]
    assert "found changed" in str(steps[-1])


def test_trying_again_twice_begins_once(analyst, brought) -> None:
    settle.post(analyst, brought)
    Import.objects.update(told_at=timezone.now() - QUIET)
    first, second = Import.objects.get(), Import.objects.get()
    settle.again(analyst, first)
    told = Import.objects.get().told_at
    settle.again(analyst, second)
    assert Import.objects.get().told_at == told


def test_a_post_that_was_cut_off_is_not_discarded_but_tried_again(analyst, brought) -> None:
    settle.post(analyst, brought)
    Import.objects.update(told_at=timezone.now() - QUIET)
    with pytest.raises(CallError, match="had begun to be posted"):
        settle.discard(analyst, Import.objects.get())
    assert kept(brought)


def test_a_check_that_comes_back_late_does_not_revive_what_was_discarded(analyst, brought) -> None:
    Import.objects.update(state="checking", told_at=timezone.now() - QUIET)
    late = Import.objects.get()
    settle.discard(analyst, Import.objects.get())
    assert not bringing.end(analyst, late, "checked")
    assert Import.objects.get().state == "discarded"


def test_a_post_that_comes_back_late_is_told_as_posted(analyst, brought) -> None:
    settle.post(analyst, brought)
    late = Import.objects.get()
    Import.objects.update(state="failed")
    assert bringing.end(analyst, late, "posted", among=settle.REOPENED, posting=2)
    assert Import.objects.get().state == "posted"


def test_clearing_old_files_leaves_one_that_is_being_posted(analyst, brought) -> None:
    settle.post(analyst, brought)
    Import.objects.update(brought_at=timezone.now() - LONG_AGO)
    assert bringing.clear_old("worcestershire") == 0
    assert kept(brought)
    assert Import.objects.get().state == "posting"
