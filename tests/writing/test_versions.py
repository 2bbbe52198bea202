"""A version from its first word to the page that reads anew: written by one, agreed by another, and nothing lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from careshape.accounts.models import Message
from careshape.audit.models import Event
from careshape.design.files import REVIEW
from careshape.errors import CallError, InputError
from careshape.jobs.lease import claim
from careshape.jobs.models import Job
from careshape.jobs.run import run
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.records.intentions import FILE as INTENTIONS
from careshape.records.intentions import SHEET
from careshape.records.rows import LARGEST
from careshape.statement.content import content_folder
from careshape.statement.council import open_council
from careshape.writing.background import finish
from careshape.writing.contents import open_versions
from careshape.writing.models import State, Version
from careshape.writing.particulars import with_slot
from careshape.writing.place import digest, in_force, put
from careshape.writing.settle import agree, discard, put_due_in_force, put_in_force, schedule, turn_back
from careshape.writing.write import Elsewhere, Meanwhile, Refused, propose, save, take_back
from tests.statement.sample import HEADER, LINE

COUNCIL = "worcestershire"
FILE = "statement/03-shared-lives.md"
WHY = "More is known now."


def text_of(home, file=FILE) -> str:
    return in_force(home, COUNCIL, file)


def changed(home, words="There is some more.", slot="supply") -> str:
    return with_slot(text_of(home), slot, words)


@pytest.fixture
def proposed(home, analyst):
    """A change that an analyst proposed."""
    return propose(analyst, COUNCIL, FILE, changed(home), WHY)


def test_version_is_proposed_by_one_agreed_by_another_and_the_page_reads_anew(home, proposed, commissioner):
    assert proposed.state == State.PROPOSED
    assert "some more" not in text_of(home)
    agree(commissioner, proposed)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.in_force_at is not None) == (State.AGREED, True)
    council = open_council(home.path, COUNCIL)
    slot = next(one for one in council.statement.segments["shared-lives"].slots if one.id == "supply")
    assert slot.text == "There is some more."
    assert slot.agreed == timezone.localdate(), "the day of agreement stands beside the words that changed"
    others = [one.agreed for one in council.statement.segments["shared-lives"].slots if one.id != "supply"]
    assert set(others) == {None}
    assert digest(text_of(home)) == proposed.digest


def test_each_step_is_told_in_the_log(home, proposed, commissioner):
    agree(commissioner, proposed)
    acts = [event.act for event in Event.objects.filter(act__startswith="writing.").order_by("number")]
    assert acts == ["writing.found", "writing.write", "writing.propose", "writing.agree", "writing.put_in_force"]


def test_who_wrote_it_does_not_agree_it(home, proposed, analyst):
    with pytest.raises(CallError, match="second person"):
        agree(analyst, proposed)
    proposed.state, proposed.agreed_by, proposed.agreed_at = "agreed", proposed.written_by, timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        proposed.save()


def test_words_that_changed_since_they_were_read_are_not_agreed(home, proposed, analyst, commissioner):
    stale = Version.objects.get(pk=proposed.pk)
    take_back(analyst, proposed)
    propose(analyst, COUNCIL, FILE, changed(home, "Nobody has read this."), WHY)
    with pytest.raises(CallError, match="Read it again"):
        agree(commissioner, stale)
    with pytest.raises(CallError, match="Read it again"):
        agree(commissioner, Version.objects.get(pk=proposed.pk), read="")
    assert "Nobody has read" not in text_of(home)


def test_nobody_but_writers_and_those_who_agree_changes_anything(home, proposed, auditor, people):
    for role in ("auditor", "administrator", "broker", "provider"):
        other = people.principal(role)
        with pytest.raises(PermissionDenied):
            save(other, COUNCIL, FILE, changed(home))
        with pytest.raises(PermissionDenied):
            agree(other, proposed)
    assert Version.objects.get(pk=proposed.pk).state == State.PROPOSED


def test_what_is_under_way_is_told_to_who_may_see_it(proposed, people, auditor):
    assert [row.pk for row in open_versions(auditor)] == [proposed.pk]
    assert open_versions(people.principal("provider")) == []
    assert open_versions(people.principal("analyst", "thurrock")) == []


def test_text_before_the_first_change_is_kept_as_a_version(home, proposed):
    first = Version.objects.get(council=COUNCIL, file=FILE, number=1)
    assert (first.state, first.written_by, first.content) == ("agreed", None, text_of(home))


@pytest.mark.parametrize(
    ("words", "rule", "said"),
    [
        ("There are 27 carers.", "typed number", "'27' is typed"),
        ('{{ measure("care_home_peple", period="2021-03-31") }}', "unknown name", "care_home_people"),
        ('{{ measure("bed_nights", period="2021-03", district="unknown") | nonsense }}', "expression", "no format"),
        (
            'It fell by {{ growth(measure("care_home_people", period="2020-03-31"), '
            'measure("care_home_people", period="2021-03-31")) | percent }}.',
            "contradiction", "fell",
        ),
    ],
)  # fmt: skip
def test_proposal_with_faults_is_refused_and_kept_as_a_draft(home, analyst, words, rule, said):
    with pytest.raises(Refused) as refused:
        propose(analyst, COUNCIL, FILE, changed(home, words), WHY)
    fault = refused.value.faults[0]
    assert (fault.rule, fault.line > 1) == (rule, True)
    assert said in fault.message
    draft = Version.objects.get(state="draft")
    assert words in draft.content


def test_figure_that_moved_since_its_words_were_agreed_stops_a_proposal(home, analyst):
    words = 'We bought {{ measure("care_home_people", period="2021-03-31") | words }} places.'
    content = changed(home, words).replace("\n+++\n", "\n[slots.supply]\nagreed = 2021-06-30\n+++\n", 1)
    propose(analyst, COUNCIL, FILE, content, WHY)  # nothing moved since
    discard(analyst, Version.objects.get(state="proposed"))
    ledger = home.council_path(COUNCIL)
    more = home.path / "more.csv"
    rows = [
        LINE.format(
            n=n, group="older-people", service="nursing", district="redditch", start="2020-04-01", end="", cost="900"
        )
        for n in range(50, 60)
    ]
    more.write_text(HEADER + "".join(rows), "utf-8")
    import_file(Ledger.open(ledger), more, reader="packages", recorded_at=datetime(2021, 7, 30, 9, tzinfo=UTC))
    with pytest.raises(Refused) as refused:
        propose(analyst, COUNCIL, FILE, content, WHY)
    assert [one.rule for one in refused.value.faults] == ["moved figure"]


def test_page_that_changed_meanwhile_is_told_and_neither_text_is_lost(home, analyst, commissioner, proposed):
    old = text_of(home)
    mine = with_slot(old, "need", "Much is needed.")
    began = digest(old)
    agree(commissioner, proposed)
    with pytest.raises(Meanwhile):
        propose(commissioner, COUNCIL, FILE, mine, WHY, base=began)
    assert "Much is needed." in Version.objects.get(state="draft").content
    assert "There is some more." in text_of(home)


def test_two_proposals_of_one_page_the_second_is_not_agreed_over_the_first(home, analyst, commissioner, people):
    one = propose(analyst, COUNCIL, FILE, changed(home), WHY)
    other = propose(commissioner, COUNCIL, FILE, changed(home, "Others say otherwise."), WHY)
    agree(commissioner, one)
    with pytest.raises(CallError, match="changed since"):
        agree(analyst, other)
    assert "There is some more." in text_of(home)
    turn_back(analyst, other, "The page has changed.")
    other.refresh_from_db()
    assert "Others say otherwise." in other.content


def test_draft_saved_in_another_window_is_not_written_over_unseen(home, analyst):
    first = save(analyst, COUNCIL, FILE, changed(home), WHY)
    save(analyst, COUNCIL, FILE, changed(home, "In one window."), seen=first.digest)
    with pytest.raises(Elsewhere):
        save(analyst, COUNCIL, FILE, changed(home, "In another."), seen=first.digest)
    assert "In one window." in Version.objects.get(state="draft").content


def test_council_without_a_text_of_its_own_gets_a_copy_at_its_first_change(home, people):
    folder = home.council_path("thurrock") / "statement"
    packaged = content_folder("thurrock")
    assert not folder.exists()
    file = "statement/20-home-care.md"
    writer, second = people.principal("analyst", "thurrock"), people.principal("commissioner", "thurrock")
    content = with_slot(in_force(home, "thurrock", file), "gap", "We do not know yet what is missing.")
    agree(second, propose(writer, "thurrock", file, content, WHY))
    made, came = ({one.relative_to(at): one for one in at.rglob("*") if one.is_file()} for at in (folder, packaged))
    assert made.keys() == came.keys()
    assert [f"{name}" for name, one in made.items() if one.read_bytes() != came[name].read_bytes()] == [
        "20-home-care.md"
    ]
    assert not list(home.council_path("thurrock").glob(".*.new"))


def test_agreed_for_a_day_it_is_in_force_from_that_day(home, proposed, commissioner):
    on = timezone.localdate() + timedelta(days=3)
    agree(commissioner, proposed, on)
    assert "some more" not in text_of(home)
    assert put_due_in_force() == []
    Version.objects.update(comes_on=timezone.localdate())
    assert [row.pk for row in put_due_in_force()] == [proposed.pk]
    assert "some more" in text_of(home)
    assert put_due_in_force() == []


def test_day_is_set_anew_or_taken_away(home, proposed, commissioner):
    agree(commissioner, proposed, timezone.localdate() + timedelta(days=3))
    with pytest.raises(CallError, match="still to come"):
        schedule(commissioner, proposed, date(2020, 1, 1))
    schedule(commissioner, proposed, timezone.localdate() + timedelta(days=9))
    assert "some more" not in text_of(home)
    schedule(commissioner, proposed, None)
    assert "some more" in text_of(home)


def test_agreed_version_over_which_another_came_into_force_is_turned_back_with_a_word(home, analyst, commissioner):
    later = propose(analyst, COUNCIL, FILE, changed(home), WHY)
    now = propose(commissioner, COUNCIL, FILE, changed(home, "Others say otherwise."), WHY)
    agree(commissioner, later, timezone.localdate() + timedelta(days=3))
    agree(analyst, now)
    Version.objects.filter(pk=later.pk).update(comes_on=timezone.localdate())
    put_due_in_force()
    later.refresh_from_db()
    assert (later.state, later.answer[:20]) == ("turned-back", "The page was changed")
    assert "Others say otherwise." in text_of(home)


def test_who_wrote_it_sets_no_earlier_day_than_the_one_agreed(home, proposed, analyst, commissioner):
    on = timezone.localdate() + timedelta(days=3)
    agree(commissioner, proposed, on)
    for day in (None, on - timedelta(days=1)):
        with pytest.raises(CallError, match="a later one"):
            schedule(analyst, proposed, day)
    assert Version.objects.get(pk=proposed.pk).comes_on == on
    schedule(analyst, proposed, on + timedelta(days=1))
    assert Version.objects.get(pk=proposed.pk).comes_on == on + timedelta(days=1)


def test_what_was_agreed_for_a_day_is_asked_again_on_it_and_turned_back_with_its_fault(home, analyst, commissioner):
    """Meanwhile a hand wrote a review that names the intention which the version takes away."""
    rows = SHEET.texts(in_force(home, COUNCIL, INTENTIONS))
    gone = rows.pop()
    row = propose(analyst, COUNCIL, INTENTIONS, SHEET.write(rows), WHY)
    agree(commissioner, row, timezone.localdate() + timedelta(days=3))
    line = dict.fromkeys(REVIEW.names, "") | {
        "id": "R-1", "driver": "1", "title": "Homes", "implication": "Have fewer.", "outcome": "not-reported",
        "carried_to": gone["id"],
    }  # fmt: skip
    review = home.council_path(COUNCIL) / REVIEW.file
    review.parent.mkdir()
    review.write_text(REVIEW.write([line]), "utf-8")
    Version.objects.filter(pk=row.pk).update(comes_on=timezone.localdate())
    put_due_in_force()
    row.refresh_from_db()
    assert (row.state, gone["id"] in row.answer) == ("turned-back", True)
    assert len(open_council(home.path, COUNCIL).decided.intentions) == len(rows) + 1


@pytest.mark.parametrize("on", [None, timedelta(days=0)])
def test_what_is_in_its_place_is_in_force_and_not_turned_back(home, proposed, people, commissioner, on):
    """A process ended between the file and the end of its transaction; somebody was faster than background work."""
    Version.objects.filter(pk=proposed.pk).update(
        state="agreed", agreed_by=people.account("commissioner"), agreed_at=timezone.now() - timedelta(minutes=5),
        comes_on=None if on is None else timezone.localdate() + on,
    )  # fmt: skip
    put(home, COUNCIL, FILE, proposed.content)
    finish()
    assert Job.objects.filter(kind="writing.put_in_force").count() == 1, "what has a day that came is finished too"
    with pytest.raises(CallError, match="cannot be turned back"):
        turn_back(commissioner, proposed, "No.")
    with pytest.raises(CallError, match="not in force yet"):
        schedule(commissioner, proposed, timezone.localdate() + timedelta(days=3))
    proposed.refresh_from_db()
    assert (proposed.state, proposed.in_force_at is not None) == ("agreed", True)


@pytest.mark.parametrize("written", [False, True])
def test_what_a_process_left_half_done_is_finished_by_background_work(home, proposed, people, written):
    """It ended between the agreement and the file, or between the file and the end of its transaction."""
    Version.objects.filter(pk=proposed.pk).update(
        state="agreed", agreed_by=people.account("commissioner"), agreed_at=timezone.now() - timedelta(minutes=5)
    )
    if written:
        put(home, COUNCIL, FILE, proposed.content)
    finish()
    while (job := claim("here")) is not None:
        run(job, "here")
    assert Job.objects.filter(kind="writing.put_in_force", state="done").count() == 1
    proposed.refresh_from_db()
    assert proposed.in_force_at is not None
    assert "some more" in text_of(home)
    put_in_force(proposed)
    assert Version.objects.filter(file=FILE).count() == 2, "what was there before, and this"


def test_who_must_act_is_told(home, proposed, commissioner):
    assert Message.objects.count() == 1, "the commissioner; the writer is not asked"
    agree(commissioner, proposed)
    assert Message.objects.count() == 2


def test_turned_back_it_is_taken_up_again_by_its_writer_alone(home, proposed, analyst, commissioner):
    with pytest.raises(CallError, match="Say why"):
        turn_back(commissioner, proposed, " ")
    turn_back(commissioner, proposed, "Say where.")
    with pytest.raises(CallError, match="Another person"):
        take_back(commissioner, proposed)
    take_back(analyst, proposed)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.answer) == ("draft", "Say where.")
    with pytest.raises(CallError, match="Another person"):
        discard(commissioner, proposed)
    discard(analyst, proposed)
    assert Version.objects.get(pk=proposed.pk).state == "discarded"


@pytest.mark.parametrize(
    "file", ["council.toml", "statement/../council.toml", "ledger/x.md", "statement/A b.md", "statement/x.md\n"]
)
def test_only_files_of_a_kind_are_changed(home, analyst, file):
    with pytest.raises(CallError, match="not changed here"):
        save(analyst, COUNCIL, file, "x")


@pytest.mark.parametrize(
    ("content", "why", "said"),
    [
        ("x\x00", "", "NUL"),
        ("x\x08", "", r"U\+0008"),
        ("x\x9f", "", r"U\+009F"),
        ("x" * 200_001, "", "at most"),
        ("x", "w" * 501, "at most"),
    ],
)
def test_content_that_cannot_be_kept_is_refused_in_a_sentence(home, analyst, content, why, said):
    with pytest.raises(InputError, match=said):
        save(analyst, COUNCIL, FILE, content, why)
    assert not Version.objects.exists()


def test_file_of_decisions_may_be_as_long_as_its_readers_take_it(home, analyst):
    save(analyst, COUNCIL, INTENTIONS, "x" * (LARGEST - 1))
    with pytest.raises(InputError, match=f"at most {LARGEST:,}"):
        save(analyst, COUNCIL, INTENTIONS, "x" * LARGEST)


def test_content_that_is_no_page_is_refused_with_its_fault(home, analyst):
    with pytest.raises(Refused, match="begins with its particulars"):
        propose(analyst, COUNCIL, FILE, "No particulars.", WHY)


def test_what_is_in_force_already_is_not_proposed(home, analyst):
    with pytest.raises(CallError, match="in force already"):
        propose(analyst, COUNCIL, FILE, text_of(home), WHY)


def test_reason_is_asked_for(home, analyst):
    with pytest.raises(CallError, match="Say why"):
        propose(analyst, COUNCIL, FILE, changed(home), "")
