"""Pages as a whole in the place to work: added, taken out, read with what is said of them; easy read, the statement."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings

import careshape
from careshape.accounts.models import Message
from careshape.home import Home
from careshape.statement.addresses import address
from careshape.writing.models import Comment, Version
from careshape.writing.place import in_force
from tests.work.test_writing import HOME, agree, field, send

PAGE = f"{HOME}pages/shared-lives/"
WHOLE = f"{HOME}pages/the_statement/edit/"
TABLES = f"{HOME}pages/the_tables/edit/"


@pytest.fixture
def writer(signed_in):
    return signed_in("commissioner")


@pytest.fixture
def other(signed_in):
    return signed_in("analyst")


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def put(client, place: str, do: str, part: str = "", **sent):
    """What the editor of a file sends, as it was opened just now."""
    page = client.get(f"{place}?slot={part}").content.decode()
    opened = {"do": do, "slot": part, "base": field(page, "base"), "seen": field(page, "seen"), "why": "It is new."}
    return client.post(place, opened | sent, follow=True)


def test_page_is_added_agreed_and_read_then_taken_out(writer, other):
    sent = {"kind": "segment", "title": "Advice for carers", "part": "Care"}
    assert "Choose what kind" in text_of(writer.post(f"{HOME}add/", sent | {"kind": ""}))
    assert "Choose the part" in text_of(writer.post(f"{HOME}add/", sent | {"part": ""}))
    assert "Nobody reads it as the statement before" in text_of(writer.post(f"{HOME}add/", sent, follow=True))
    place = f"{HOME}pages/advice-for-carers/"
    assert "New page: Advice for carers" in text_of(writer.get(HOME))
    put(writer, f"{place}edit/", "propose", "need", text="Carers ask for advice.")
    row = Version.objects.get(state="proposed")
    assert other.get(place).status_code == 200
    agree(other, row)
    here = address("worcestershire", "segment", "advice-for-carers")
    assert "Carers ask for advice." in text_of(other.get(here))
    assert "No page of the statement has a link to it" in text_of(writer.get(f"{place}take-out/"))
    writer.post(f"{place}take-out/", {"why": "Nobody asks any more."})
    agree(other, Version.objects.get(state="proposed"))
    gone = other.get(here)
    assert gone.status_code == 410
    assert "“Advice for carers” was taken out of the statement" in text_of(gone)
    assert other.get(here.replace("advice-for-carers", "advice-for-nobody")).status_code == 404
    assert "Taken out" in text_of(writer.get(HOME))
    assert "Bring it back" in text_of(writer.get(place))


def test_page_that_others_lead_to_is_not_taken_out_and_each_is_named(writer):
    send(writer, "propose", "See [care homes](/worcestershire/statement/nowhere/).")
    page = text_of(writer.get(f"{HOME}pages/care-homes/take-out/"))
    assert "What would break" in page
    assert "older-people" in page
    assert "Propose to take it out" not in page


def test_taking_a_page_out_does_not_write_over_its_writers_own_draft(writer):
    send(writer, "save", "There is some more.")
    draft = Version.objects.get(state="draft")
    stopped = writer.post(f"{PAGE}take-out/", {"why": "Nobody asks any more."})
    assert (stopped.status_code, "You have a draft of this page" in text_of(stopped)) == (400, True)
    kept = Version.objects.get(state="draft")
    assert (kept.pk, kept.content) == (draft.pk, draft.content)


def test_contact_and_licence_are_a_form_and_shown_as_they_will_stand(writer, other):
    sent = {"field-team": "Care market team", "field-email": "no mail", "field-phone": "", "field-address": ""}
    assert "Write it as team@example.org" in text_of(put(writer, WHOLE, "propose", "contact", **sent))
    put(writer, WHOLE, "propose", "contact", **sent | {"field-email": "care@example.org"})
    row = Version.objects.get(state="proposed")
    assert row.content.endswith('[contact]\nteam = "Care market team"\nemail = "care@example.org"\n')
    page = text_of(writer.post(f"{HOME}pages/the_statement/preview/", {"slot": "licence", "field-name": "Open"}))
    assert "Open" in page
    agree(other, row)
    assert "care@example.org" in text_of(other.get(address("worcestershire", "segment", "shared-lives")))
    empty = {f"field-{name}": "" for name in ("team", "email", "phone", "address")}
    put(writer, WHOLE, "propose", "contact", **empty)
    assert "[contact]" not in Version.objects.get(state="proposed").content


def test_table_is_written_by_itself_beside_how_it_reads(writer):
    page = text_of(writer.get(f"{TABLES}?slot=people-by-district&as=text"))
    assert "[[table]]" in page
    assert "Edit as a form" in page
    assert "older-people" not in page.partition("<textarea")[2].partition("</textarea>")[0]
    assert "People in care homes by district" in page.partition("How it reads")[2]


def fields_of(client, place: str, part: str) -> dict[str, str]:
    """What stands in the fields of a part that is a form, as a browser would send it."""
    page = client.get(f"{place}?slot={part}").content.decode()
    found = dict(re.findall(r'<input[^>]* name="(field-[a-z_]+)"[^>]* value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea[^>]* name="(field-[a-z_]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL))
    for name, options in re.findall(r'<select[^>]* name="(field-[a-z_]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        found[name] = re.search(r'value="([^"]*)" selected', options)[1]
    return {name: unescape(value) for name, value in found.items()}


def in_force_now() -> str:
    """The tables of the sample's statement."""
    return in_force(Home(settings.CARESHAPE_DIR), "worcestershire", "statement/tables.toml")


def test_table_is_changed_in_a_form_and_a_fault_is_told_at_its_field(writer):
    sent = fields_of(writer, TABLES, "people-by-district")
    assert {"field-title", "field-measures", "field-rows", "field-where", "field-chart", "field-note"} <= sent.keys()
    put(writer, TABLES, "save", "people-by-district", **sent)
    assert Version.objects.latest("pk").content.strip() == in_force_now().strip()
    stopped = put(writer, TABLES, "propose", "people-by-district", **sent | {"field-measures": "care_home_peple"})
    page = text_of(stopped)
    assert stopped.status_code == 400
    assert "<a href=\"#field-measures\">Measures: There is no measure 'care_home_peple'" in page
    assert 'id="field-measures-error"' in page
    assert "care_home_peple</textarea>" in page
    wrong = text_of(put(writer, TABLES, "save", "people-by-district", **sent | {"field-where": "by district"}))
    assert "Filters: ‘by district’ is no filter" in wrong
    changed = {"field-title": "Where people live in homes", "field-chart": "none", "field-where": "service = nursing"}
    put(writer, TABLES, "save", "people-by-district", **sent | changed)
    row = Version.objects.latest("pk")
    for said in ('title = "Where people live in homes"', 'where = { service = "nursing" }'):
        assert said in row.content
    assert row.content.count("[[table]]") == in_force_now().count("[[table]]")


def test_statement_is_planned_in_a_form_added_and_renamed(writer):
    sent = {"field-title": "Help at home", "field-id": "Home help", "field-planned": "some day", "field-about": ""}
    sent |= {"field-segments": "shared-lives\nnowhere"}
    assert "Short name: write small letters" in text_of(put(writer, WHOLE, "propose", "a-new-statement", **sent))
    page = text_of(put(writer, WHOLE, "propose", "a-new-statement", **sent | {"field-id": "help"}))
    assert "<a href=\"#field-segments\">Pages that it is made from: there is no segment 'nowhere'" in page
    mended = sent | {"field-id": "help", "field-segments": "shared-lives"}
    page = text_of(put(writer, WHOLE, "propose", "statement-help", **mended))
    assert '<a href="#field-planned">Month or year for which it is planned: ' in page
    page = text_of(
        put(writer, WHOLE, "save", "statement-help", **mended | {"field-planned": "2027-03", "field-id": "aid"})
    )
    assert "planned for March 2027" in page
    row = Version.objects.latest("pk")
    assert row.content.count('title = "Help at home"') == 1
    assert 'id = "aid"' in row.content
    taken = put(writer, WHOLE, "save", "statement-aid", **mended | {"field-planned": "", "field-id": "main"})
    assert "there is another ‘main’" in text_of(taken)


def test_who_looks_for_a_figure_without_script_finds_the_way_back(writer):
    for name, part in (
        ("the_tables", "people-by-district"),
        ("the_statement", "front_door"),
        ("shared-lives", "supply"),
    ):
        page = text_of(writer.get(f"{HOME}find/?back={name}&slot={part}"))
        assert f'href="{HOME}pages/{name}/edit/?slot={part}"' in page
    assert "go back to it" not in text_of(writer.get(f"{HOME}find/?back=nowhere&slot=supply"))


def test_page_in_easy_read_is_begun_and_stopped_at_its_line(writer):
    sent = {"kind": "easy-read", "of": "shared-lives"}
    answer = writer.post(f"{HOME}add/", sent, follow=True)
    assert answer.redirect_chain[-1][0] == f"{HOME}pages/easy_shared-lives/edit/"
    text = '+++\ntitle = "Shared lives"\n+++\n\n[home] You live with a family of 4.\n'
    stopped = put(writer, f"{HOME}pages/easy_shared-lives/edit/", "propose", text=text)
    assert (stopped.status_code, "'4' is typed" in text_of(stopped)) == (400, True)
    assert "Line 5" in text_of(stopped)


def test_comment_is_made_answered_and_settled_where_the_page_is_read_and_written(writer, other):
    wrong = other.post(f"{PAGE}comment/", {"part": "supply", "text": " "})
    assert (wrong.status_code, "Write what you want to say" in text_of(wrong)) == (409, True)
    send(writer, "save", "There is some more.")
    before = Message.objects.count()
    other.post(f"{PAGE}comment/", {"part": "supply", "text": "Say where."})
    assert Message.objects.count() == before + 1, "who has a draft of it is told"
    row = Comment.objects.get()
    for place in (PAGE, f"{PAGE}edit/?slot=supply", f"{PAGE}edit/"):
        assert "Say where." in text_of(writer.get(place))
    assert "Say where." not in text_of(writer.get(f"{PAGE}edit/?slot=need"))
    done = send(writer, f"answer-{row.pk}", "There is some in the north.", **{f"answer-{row.pk}": "In the north."})
    assert "It is answered." in text_of(done)
    assert "There is some in the north." in Version.objects.get(state="draft").content, "what was written is kept"
    back = other.post(f"{HOME}comments/{row.pk}/settle/", {"back": "page"})
    assert back.headers["Location"] == f"{PAGE}#supply"
    assert "Say where." not in text_of(writer.get(PAGE))
    assert "1 comment is settled" in text_of(writer.get(PAGE))


def test_title_that_somebody_wrote_is_never_html(writer, other):
    title = "By <b>place</b>"
    text = field_of(writer, "people-by-district").replace("People in care homes by district", title)
    put(writer, TABLES, "save", "people-by-district", text=text)
    place = f"{HOME}versions/{Version.objects.latest('pk').pk}/"
    other.post(f"{place}comment/", {"text": "Say where.", "part": "people-by-district"})
    page = other.get(place).content.decode()
    assert 'Settle it<span class="govuk-visually-hidden">: By &lt;b&gt;place&lt;/b&gt;' in page
    assert "<b>place" not in page


def test_html_that_a_page_hands_on_escapes_what_is_put_into_it():
    """Signs of html in an expression are safe by name, so that what stands between them is escaped."""
    found = [
        (path.name, line.strip())
        for path in Path(careshape.__file__).parent.rglob("templates/**/*.html")
        for line in path.read_text("utf-8").splitlines()
        if re.search(r'"html":.* ~ ', line) and not re.search(r"\|safe ~ [\w.]+ ~ ", line)
    ]
    assert not found


def field_of(client, part: str) -> str:
    """The text of a table as the editor gives it."""
    page = client.get(f"{TABLES}?slot={part}&as=text").content.decode()
    return unescape(page.partition('name="text"')[2].partition(">")[2].partition("</textarea>")[0]).strip()


def test_who_only_reads_neither_writes_nor_comments(signed_in):
    auditor = signed_in("auditor")
    page = text_of(auditor.get(PAGE))
    assert "There is some." in page
    assert "Your comment" not in page
    assert auditor.post(f"{PAGE}comment/", {"text": "Say where."}).status_code == 403


@pytest.mark.parametrize(
    ("place", "part", "wrong", "said"),
    [
        (TABLES, "a-new-table", {"field-id": "Bad Name"}, "Short name: write small letters"),
        (TABLES, "a-new-table", {"field-id": "people-by-district"}, "there is another ‘people-by-district’"),
        (TABLES, "a-new-table", {"field-where": "service: nursing"}, "Filters: ‘service: nursing’ is no filter"),
        (WHOLE, "a-new-statement", {"field-id": "help!"}, "Short name: write small letters"),
        (WHOLE, "a-new-statement", {"field-id": ""}, "Short name: write small letters"),
        (WHOLE, "a-new-statement", {"field-id": "main"}, "there is another ‘main’"),
    ],
)
def test_preview_of_a_field_that_is_wrong_says_so_beside_it_and_keeps_what_was_typed(writer, place, part, wrong, said):
    typed = {"field-title": "A title that was typed", "field-id": "a-fresh-one", "field-measures": "care_home_people"}
    sent = fields_of(writer, place, part) | typed | wrong
    answer = put(writer, place, "preview", part, **sent)
    page = text_of(answer)
    name = next(iter(wrong))
    assert (answer.status_code, f'id="{name}-error"' in page, said in page) == (400, True, True)
    assert "A title that was typed" in page
    assert {one: value for one, value in sent.items() if f'name="{one}"' in page}.keys() >= {"field-title", name}
    assert wrong[name] in page


def test_table_of_a_period_that_the_records_do_not_reach_is_refused_at_its_field(writer):
    sent = fields_of(writer, TABLES, "a-new-table")
    sent |= {"field-title": "People in years to come", "field-id": "to-come", "field-measures": "care_home_people"}
    sent |= {"field-rows": "district", "field-periods": "2099-12-31", "field-unused": "true"}
    stopped = put(writer, TABLES, "propose", "a-new-table", **sent)
    page = text_of(stopped)
    assert (stopped.status_code, 'id="field-periods-error"' in page) == (400, True)
    assert "Periods: The records reach" in page


def test_codes_of_a_table_are_chosen_from_lists_and_added_without_script(writer):
    """Nobody knows codes by heart: what is chosen is added as the form is sent, each once, and nothing else changes."""
    sent = fields_of(writer, TABLES, "a-new-table")
    page = writer.get(f"{TABLES}?slot=a-new-table").content.decode()
    for chosen in ("care_home_people", "client_group = older-people", "district", "period"):
        assert f'<option value="{chosen}">' in page, chosen
    assert "Care home" in page.partition('id="add-measures"')[2].partition("</select>")[0]
    sent |= {"field-title": "People in homes by place", "field-id": "by-place", "field-unused": "true"}
    sent |= {
        "field-where": "service = nursing",
        "add-where": "service = residential",
        "add-measures": "care_home_people",
    }
    sent |= {"add-rows": "district", "field-rows": "district", "add-periods": "2021-03-31"}
    shown = writer.post(TABLES, {"do": "preview", "slot": "a-new-table", "base": "", "seen": ""} | sent)
    read = text_of(shown)
    assert shown.status_code == 200, read
    assert "service = nursing; residential</textarea>" in read
    assert "People in homes by place" in read.partition("How it reads")[2]
    saved = put(writer, TABLES, "save", "a-new-table", **sent)
    assert saved.status_code == 200
    made = Version.objects.latest("pk").content.partition('id = "by-place"')[2]
    assert 'service = ["nursing", "residential"]' in made
    assert 'rows = "district"' in made
    assert 'measure = "care_home_people"' in made
