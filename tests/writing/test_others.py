"""What is written beside the pages that stand: easy read, the statement as a whole, its tables, pages new and gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from careshape.audit.models import Event
from careshape.errors import CallError, InputError
from careshape.statement.council import open_council
from careshape.writing.comment import comment_on_file, settle
from careshape.writing.contents import touched
from careshape.writing.kinds import kind_of
from careshape.writing.merge import merge
from careshape.writing.models import Version
from careshape.writing.others import STATEMENT, TABLES
from careshape.writing.papers import begun, others, paper, paper_of_file
from careshape.writing.particulars import with_out, with_slot
from careshape.writing.place import digest, in_force
from careshape.writing.preview import preview
from careshape.writing.settle import agree, turn_back
from careshape.writing.toml_parts import by_entry, by_table, fields_in, first_line, put, text_of, with_fields
from careshape.writing.write import Refused, propose, save, take_back

COUNCIL = "worcestershire"
SHARED = "statement/03-shared-lives.md"
EASY = "statement/easy-read/shared-lives.md"
WHY = "More is known now."
LINE = '[people] {{ measure("care_home_people", period="2021-03-31") }} people live in homes in {{ month("2021-03") }}.'


def easy(*lines: str) -> str:
    return '+++\ntitle = "Shared lives"\n+++\n\n## What it is\n' + "\n".join(lines) + "\n"


def now(home, file: str) -> str:
    return in_force(home, COUNCIL, file)


def council(home):
    return open_council(home.path, COUNCIL)


@pytest.fixture
def settled(home, analyst, commissioner):
    """Gives a content that one proposes and another agrees."""

    def do(file: str, content: str) -> Version:
        row = propose(analyst, COUNCIL, file, content, WHY)
        agree(commissioner, row)
        return row

    return do


def test_easy_read_page_is_begun_agreed_taken_out_and_brought_back(home, settled):
    file, content = begun(council(home), "shared-lives", "", "easy-read", "")
    assert (file, "Shared Lives" in content) == (EASY, True)
    settled(EASY, easy(LINE))
    assert council(home).statement.easy["shared-lives"].title == "Shared lives"
    settled(EASY, with_out(now(home, EASY), timezone.localdate()))
    assert not council(home).statement.easy
    gone = paper(council(home), "easy_shared-lives")
    assert (gone.out, gone.stands) == (True, False)
    settled(EASY, with_out(now(home, EASY), None))
    assert "shared-lives" in council(home).statement.easy


@pytest.mark.parametrize(
    ("file", "content", "rule", "line", "said"),
    [
        (EASY, easy("[home] You have 3 choices."), "typed number", 6, "'3' is typed"),
        (EASY, easy("[hose] You live at home."), "form", 6, "no picture 'hose'"),
        (EASY, easy("[home] The commissioning of accommodation."), "hard word", 6, "hard to read"),
        (EASY, easy("You live at home."), "form", 6, "a picture and a sentence"),
        (EASY, easy('[home] {{ measure("care_home_peple") }} live there.'), "unknown name", 6, "care_home_people"),
        ("statement/easy-read/nowhere.md", easy(), "form", 0, "no segment 'nowhere'"),
    ],
)  # fmt: skip
def test_easy_read_page_with_a_fault_is_refused_with_its_line(home, analyst, file, content, rule, line, said):
    with pytest.raises(Refused) as refused:
        propose(analyst, COUNCIL, file, content, WHY)
    found = next(one for one in refused.value.faults if one.rule == rule)
    assert (found.line, said in found.message) == (line, True), found


def test_statement_as_a_whole_is_written_part_by_part(home, settled):
    content = now(home, STATEMENT)
    made = put(content, by_table(content), "licence", '[licence]\nname = "Open Government Licence v3.0"')
    made = made.replace(
        'title = "The place"\nsections = ["population"]', 'title = "Where we are"\nsections = ["population"]'
    )
    settled(STATEMENT, made)
    assert council(home).statement.licence.name == "Open Government Licence v3.0"
    assert [one.title for one in council(home).statement.groups] == ["Where we are", "Care"]


@pytest.mark.parametrize(
    ("old", "new", "rule", "said"),
    [
        ('title = "Care"', 'title = "Care in 2021"', "typed number", "'2021' is typed"),
        ('"care-homes", "shared-lives"', '"care-homes"', "form", "stands in no part"),
        ('"care-homes", "shared-lives"', '"care-homes", "shared-live"', "form", "no file has this id"),
        ("[[parts]]\ntitle", "[parts]\ntitle", "form", ""),
        ('planned = "2022-04"', 'planned = "some day"', "form", "planned"),
        ('segments = ["care-homes"]', 'segments = ["care-home"]', "form", "no segment 'care-home'"),
        ('owner = "Commissioning manager"', 'owner = "Mr Somebody"', "form", "Name the post"),
        ('owner = "Commissioning manager"', "", "slots", "an owner"),
        ('subtitle = "What', 'subtitle = What', "form", "line 3"),
    ],
)  # fmt: skip
def test_statement_as_a_whole_with_a_fault_is_refused(home, analyst, old, new, rule, said):
    content = now(home, STATEMENT)
    assert old in content
    with pytest.raises(Refused) as refused:
        propose(analyst, COUNCIL, STATEMENT, content.replace(old, new), WHY)
    assert any(one.rule == rule and said in one.message for one in refused.value.faults), refused.value.faults


NEW_TABLE = """[[table]]
id = "homes"
title = "People in homes"
measure = "care_home_people"
rows = "district"
period = "2021-03-31"
"""


def test_table_is_added_shown_on_a_page_and_taken_away_again(home, settled, analyst):
    content = now(home, TABLES)
    with pytest.raises(Refused, match="unused = true"):
        propose(analyst, COUNCIL, TABLES, f"{content}\n{NEW_TABLE}", WHY)
    settled(TABLES, f"{content}\n{NEW_TABLE}unused = true\n")
    text = with_slot(now(home, SHARED), "supply", '{{ table("homes") }}')
    settled(SHARED, text)
    with pytest.raises(Refused, match="which would not be there"):
        propose(analyst, COUNCIL, TABLES, content, WHY)
    settled(SHARED, with_slot(now(home, SHARED), "supply", "There are places."))
    settled(TABLES, content)
    assert "homes" not in council(home).statement.tables


def test_preview_shows_the_table_that_is_written_and_what_is_wrong_at_its_line(home, db):
    content = f"{now(home, TABLES)}\n{NEW_TABLE}unused = true\n"
    found = preview(council(home), TABLES, content, "homes")
    assert found.problem == ""
    assert "People in homes" in found.parts[0].html
    wrong = preview(council(home), TABLES, content.replace("People in homes", "People in 2 homes"), "homes")
    assert [(one.line, one.rule) for one in wrong.faults] == [(3, "typed number")]
    broken = preview(council(home), TABLES, content.replace('rows = "district"', "rows = district"), "homes")
    assert "not valid TOML" in broken.problem


def test_new_page_comes_and_goes_with_what_it_breaks_named(home, settled, analyst):
    with pytest.raises(InputError, match="that of the page"):
        begun(council(home), "shared-lives", "Again", "segment", "Care")
    with pytest.raises(InputError, match="part of the contents"):
        begun(council(home), "advice", "Advice", "context", "Nowhere")
    file, content = begun(council(home), "advice", "Advice", "segment", "Care")
    row = save(analyst, COUNCIL, file, content, WHY)
    assert paper(council(home), "advice") is None
    assert paper(council(home), "advice", {file}).stands is False
    row = settled(file, with_slot(content, "need", "People need to know."))
    assert [one.id for one in council(home).statement.groups[1].segments] == ["care-homes", "shared-lives", "advice"]
    settled(SHARED, with_slot(now(home, SHARED), "supply", f"See [advice](/{COUNCIL}/statement/advice/)."))
    with pytest.raises(Refused) as refused:
        propose(analyst, COUNCIL, file, with_out(now(home, file), row.agreed_at.date()), WHY)
    assert [(one.file, one.rule) for one in refused.value.faults] == [("03-shared-lives.md", "dead link")]
    settled(SHARED, with_slot(now(home, SHARED), "supply", "There are places."))
    settled(file, with_out(now(home, file), row.agreed_at.date()))
    assert "advice" not in council(home).statement.segments
    assert [one.name for one in others(council(home)) if one.out] == ["advice"]
    settled(file, with_out(now(home, file), None))
    assert "advice" in council(home).statement.segments


def test_page_of_which_a_statement_is_made_is_not_taken_out(home, analyst):
    file = paper(council(home), "care-homes").file
    with pytest.raises(Refused, match="is taken out"):
        propose(analyst, COUNCIL, file, with_out(now(home, file), timezone.localdate()), WHY)


def test_comment_on_a_page_stands_with_what_is_in_force_or_proposed(home, analyst, commissioner):
    first = comment_on_file(commissioner, COUNCIL, SHARED, "Say where.", "supply")
    assert (first.version.written_by, first.version.state, first.part) == (None, "agreed", "supply")
    row = propose(analyst, COUNCIL, SHARED, with_slot(now(home, SHARED), "supply", "There are places."), WHY)
    second = comment_on_file(commissioner, COUNCIL, SHARED, "Better.", "supply")
    assert second.version == row
    with pytest.raises(CallError, match="no part"):
        comment_on_file(commissioner, COUNCIL, SHARED, "What?", "nothing")
    settle(commissioner, second)
    acts = [one.act for one in Event.objects.filter(act="writing.comment")]
    assert len(acts) == 3


def test_two_who_write_different_tables_keep_each_others(home, db):
    base = f"# Tables\n\n{NEW_TABLE}\n# The second\n{NEW_TABLE.replace('homes', 'other')}"
    mine, theirs = base.replace("People in homes", "Mine"), base.replace("People in other", "Theirs")
    made = merge(base, mine, theirs, kind_of(TABLES).parted.split)
    assert ("Mine" in made.content, "Theirs" in made.content, made.both) == (True, True, ())
    assert [one.id for one in by_entry(made.content)[-2:]] == ["homes", "other"]
    assert made.content.count("# The second") == 1


def test_part_of_a_file_is_found_changed_and_left_alone():
    content = (
        '# About.\ntitle = "A"\n\n[slots]\nowner = "B"\n\n[slots.price]\nowner = "C"\n\n# Ask.\n[contact]\nteam = "D"\n'
    )
    found = by_table(content)
    assert [one.id for one in found] == ["title", "slots", "contact"]
    assert text_of(content, found, "title") == '# About.\ntitle = "A"'
    assert text_of(content, found, "contact") == '# Ask.\n[contact]\nteam = "D"'
    assert first_line(content, found, "slots") == 4
    assert put(content, found, "slots", text_of(content, found, "slots")) == content
    changed = with_fields(text_of(content, found, "contact"), {"team": 'The "D" team', "email": "d@example.org"})
    assert fields_in(changed) == {"team": 'The "D" team', "email": "d@example.org"}
    assert changed.startswith("# Ask.\n")
    assert with_fields(changed, {"email": ""}) == '# Ask.\n[contact]\nteam = "The \\"D\\" team"'


def test_text_of_several_lines_is_one_value_whatever_stands_in_it():
    first = (
        '[[table]]\nid = "a" # not """ a text\nnote = """\nRead \\""" this.\nid = "c"\n[home] is a picture, and\n\n\n'
        "# three lines\n[[table]] stand apart.\"\"\"\nmore = '''\n[b] \\'''"
    )
    content = f'{first}\n\n# The second\n[[table]]\nid = "b"\n'
    found = by_entry(content)
    assert [one.id for one in found] == ["a", "b"]
    assert text_of(content, found, "a") == first
    assert put(content, found, "a", first) == content
    part = 'title = """\nperiod = "1"\n""" # ask\nperiod = "2" # "#" and so on\nunder = "3" # gone'
    assert with_fields(part, {"title": "Long # one", "period": "4", "under": ""}) == (
        'title = "Long # one" # ask\nperiod = "4" # "#" and so on'
    )


def test_agreement_that_did_not_hold_leaves_no_trace_in_what_is_taken_up(home, analyst, commissioner):
    row = propose(analyst, COUNCIL, SHARED, with_slot(now(home, SHARED), "supply", "There are places."), WHY)
    agree(commissioner, row, timezone.localdate() + timedelta(days=9))
    assert "agreed = " in row.content
    turn_back(commissioner, row, "We are not ready.")
    take_back(analyst, row)
    assert (row.agreed_by, row.agreed_at, row.content) == (
        None,
        None,
        with_slot(now(home, SHARED), "supply", "There are places."),
    )
    assert row.digest == digest(row.content)
    for file, content in ((STATEMENT, now(home, STATEMENT).replace("Care", "Help")), (TABLES, now(home, TABLES))):
        assert touched(council(home), Version(council=COUNCIL, file=file, content=content)) == []


def test_every_file_that_is_written_on_has_a_name_that_leads_back_to_it(home, db):
    for one in others(council(home)):
        assert paper_of_file(council(home), one.file) == one
        assert one.kind.name(COUNCIL, one.file) == one.title
