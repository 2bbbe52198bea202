"""Writing in the place to work: a page is written beside how it reads, stopped, mended, and agreed by another."""

from __future__ import annotations

from html import unescape

import pytest

from careshape.statement.addresses import address
from careshape.writing.models import Comment, Version
from careshape.writing.write import own_draft, save

HOME = "/work/writing/"
EDIT = f"{HOME}pages/shared-lives/edit/"
FILE = "statement/03-shared-lives.md"
MEASURE = '{{ measure("care_home_people", period="2021-03-31") }}'


def field(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def send(client, do: str, text: str, why: str = "More is known.", slot: str = "supply", follow: bool = True, **more):
    """What the editor sends, as it was opened just now."""
    page = client.get(f"{EDIT}?slot={slot}").content.decode()
    sent = {"do": do, "text": text, "why": why, "slot": slot, "base": field(page, "base"), "seen": field(page, "seen")}
    return client.post(EDIT, sent | more, follow=follow)


def agree(client, row):
    """What the page of a version sends, as it was opened just now."""
    page = client.get(f"{HOME}versions/{row.pk}/").content.decode()
    return client.post(f"{HOME}versions/{row.pk}/agree/", {"digest": field(page, "digest")}, follow=True)


@pytest.fixture
def writer(signed_in):
    return signed_in("commissioner")


@pytest.fixture
def other(signed_in):
    return signed_in("analyst")


@pytest.fixture
def proposed(writer):
    """A part that a commissioner changed and proposed."""
    send(writer, "propose", f"There are places for {MEASURE} people.")
    return Version.objects.get(state="proposed")


def test_page_is_written_stopped_mended_proposed_and_agreed_by_another(writer, other):
    stopped = send(writer, "propose", "There are 27 places.")
    page = unescape(stopped.content.decode())
    assert stopped.status_code == 400
    assert "'27' is typed" in page
    assert 'href="#line-1"' in page
    assert 'id="line-1"' in page
    assert Version.objects.get(state="draft").content.count("There are 27 places.") == 1
    done = send(writer, "propose", f"There are places for {MEASURE} people.")
    assert "waits for the agreement of a second person" in done.content.decode()
    row = Version.objects.get(state="proposed")
    assert writer.post(f"{HOME}versions/{row.pk}/agree/").status_code == 409
    waits = other.get("/work/").content.decode()
    assert "1 page waits for your agreement. Shared Lives." in waits
    page = unescape(other.get(f"{HOME}versions/{row.pk}/").content.decode())
    assert "removed: " in page
    assert "Figures that it quotes anew" in page
    assert "It is agreed and in force" in agree(other, row).content.decode()
    read = other.get(address("worcestershire", "segment", "shared-lives")).content.decode()
    assert "There are places for" in read


def test_everything_that_stops_a_proposal_is_told_at_once(writer):
    text = 'There are 27 places, and {{ measure("no_such") }} more.\n\nA dozen are open.'
    stopped = send(writer, "propose", text, why="", review="soon")
    page = unescape(stopped.content.decode())
    told = page.partition("There is a problem")[2].partition("</ul>")[0]
    for said in ("Write the day of review", "Say why you change it", "'27' is typed", "no_such", "'dozen' is typed"):
        assert said in told, said


def test_words_that_were_changed_after_they_were_read_are_not_agreed(writer, other, proposed):
    read = field(other.get(f"{HOME}versions/{proposed.pk}/").content.decode(), "digest")
    writer.post(f"{HOME}versions/{proposed.pk}/take-back/")
    send(writer, "propose", "Nobody has read this.")
    assert Version.objects.get(state="proposed").pk == proposed.pk
    for sent in ({"digest": read}, {}):
        answer = other.post(f"{HOME}versions/{proposed.pk}/agree/", sent)
        assert answer.status_code == 409
        assert "Read it again" in answer.content.decode()
    assert Version.objects.get(pk=proposed.pk).state == "proposed"
    assert "It is agreed and in force" in agree(other, proposed).content.decode()


def test_preview_shows_the_text_with_its_figures_and_what_is_wrong_at_its_line(writer):
    for slot in ("need", "supply", "gap"):  # in its place, with others around it, and without a heading yet
        text = f"One line.\n\nThere are {MEASURE} people and 12 more."
        answer = writer.post(f"{HOME}pages/shared-lives/preview/", {"slot": slot, "text": text})
        page = unescape(answer.content.decode())
        assert answer.status_code == 200
        assert ">5</a> people and 12 more" in page
        assert "'12' is typed" in page
        assert 'data-line="3"' in page
    whole = writer.post(f"{HOME}pages/shared-lives/preview/", {"slot": "", "text": "nothing"})
    assert "begins with its particulars" in whole.content.decode()
    assert not Version.objects.exists(), "looking keeps nothing"


def test_figure_of_a_draft_opens_its_card_and_stands_on_no_page_of_readers(writer, other):
    text = f"There are {MEASURE.replace('2021-03-31', '2020-05-31')} people."
    page = writer.post(f"{HOME}pages/shared-lives/preview/", {"slot": "gap", "text": text}).content.decode()
    card = page.partition(f'href="{HOME}card/')[2].partition('"')[0]
    assert "As known on" in writer.get(f"{HOME}card/{card}").content.decode()
    assert writer.get(address("worcestershire", "figure", card.rstrip("/"))).status_code == 404


def test_preview_without_script_keeps_what_was_typed(writer):
    page = send(writer, "preview", "Words that nobody saved.").content.decode()
    assert page.count("Words that nobody saved.") == 2, "in the field and as it reads"
    assert not Version.objects.exists()


def test_rule_of_a_slot_is_kept_with_its_words(writer):
    send(writer, "save", "There is some.", owner="Housing lead", review="2031-01-31", held="yes")
    content = Version.objects.get(state="draft").content
    assert '[slots.supply]\nowner = "Housing lead"\nreview = 2031-01-31\nagreed = ' in content
    wrong = send(writer, "save", "There is some.", owner="Housing lead", review="31/1/31")
    assert "year-month-day" in wrong.content.decode()
    person = send(writer, "propose", "There is more.", owner="Mr Somebody", review="2031-01-31")
    assert "Name the post" in person.content.decode()


def test_two_windows_of_one_writer_are_told_apart(writer):
    page = writer.get(f"{EDIT}?slot=supply").content.decode()
    opened = {"slot": "supply", "base": field(page, "base"), "seen": field(page, "seen"), "why": "", "do": "save"}
    writer.post(EDIT, opened | {"text": "In one window."})
    second = writer.post(EDIT, opened | {"text": "In the other window."})
    page = second.content.decode()
    assert second.status_code == 409
    assert "In the other window." in page
    assert "in another window" in page
    assert "In one window." in Version.objects.get(state="draft").content
    again = {**opened, "seen": field(page, "seen"), "text": "In the other window."}
    assert writer.post(EDIT, again).status_code == 302
    assert "In the other window." in Version.objects.get(state="draft").content


def test_two_who_write_at_once_are_told_and_brought_together(writer, other, proposed):
    mine = send(other, "save", "More is needed in the north.", slot="need")
    page = mine.content.decode()
    assert "Commissioner worcestershire writes on this page too" in page
    agree(other, proposed)
    late = send(other, "propose", "More is needed in the north.", slot="need")
    page = late.content.decode()
    assert late.status_code == 409
    assert "Bring my draft up to date" in page
    assert "in the north" in page
    done = other.post(EDIT, {"do": "update", "slot": "need"}, follow=True).content.decode()
    assert "Taken from what is in force" in done
    draft = Version.objects.get(state="draft")
    assert "There are places for" in draft.content
    assert "in the north" in draft.content
    assert send(other, "propose", "More is needed in the north.", slot="need").status_code == 200


def test_both_changed_the_same_part(writer, other, proposed):
    send(other, "save", "Otherwise.")
    agree(other, proposed)
    done = other.post(EDIT, {"do": "update", "slot": "supply"}, follow=True).content.decode()
    assert "You both changed What there is" in done
    assert "Otherwise." in Version.objects.get(state="draft").content


def test_opened_before_another_was_agreed_a_part_is_put_into_what_it_was_opened_from(writer, other, proposed):
    page = other.get(f"{EDIT}?slot=need").content.decode()
    opened = {"slot": "need", "base": field(page, "base"), "seen": field(page, "seen"), "why": "So", "do": "propose"}
    agree(other, proposed)
    late = other.post(EDIT, opened | {"text": "More is needed in the north."})
    assert late.status_code == 409
    assert "Bring my draft up to date" in late.content.decode()
    assert "in the north" in Version.objects.get(state="draft").content


def test_contents_say_how_each_part_stands(writer, proposed):
    page = writer.get(HOME).content.decode()
    for words in ("Written", "Empty", "Overdue", "Waits for agreement", "Fees manager"):
        assert words in page
    file = writer.get(f"{HOME[:-1]}.csv?state=Waits+for+agreement").content.decode()
    assert file.splitlines()[1].startswith("Shared Lives,What there is,Waits for agreement,Commissioning manager")
    assert len(file.splitlines()) == 2


def test_any_two_texts_are_compared(writer, other, proposed):
    agree(other, proposed)
    first = Version.objects.get(number=1)
    for view in ("one", "side"):
        page = writer.get(f"{HOME}compare/?file={FILE}&a={first.pk}&b=now&view={view}").content.decode()
        assert "added: " in page
        assert "There are places for" in unescape(page)
    assert "The two texts are the same" in writer.get(f"{HOME}compare/?file={FILE}&a=now&b=now").content.decode()


def test_texts_that_are_not_there_are_not_compared(writer):
    for words in ("file=nothing", "file=statement/../council.toml", f"file={FILE}&a=99&b=edition-7"):
        answer = writer.get(f"{HOME}compare/?{words}")
        assert answer.status_code in (200, 400)
        assert "demonstration =" not in answer.content.decode()


def test_colleague_comments_the_writer_answers_and_it_is_settled(writer, other, proposed):
    here = f"{HOME}versions/{proposed.pk}/"
    assert "Write what you want to say" in other.post(f"{here}comment/", {"text": " "}).content.decode()
    other.post(f"{here}comment/", {"text": "Say <b>where</b>.", "part": "supply"})
    row = Comment.objects.get()
    page = writer.get(here).content.decode()
    assert "Say &lt;b&gt;where&lt;/b&gt;." in page
    assert "1 page of yours was turned back or commented on" in writer.get("/work/").content.decode()
    writer.post(f"{HOME}comments/{row.pk}/answer/", {"text": "In the north."})
    other.post(f"{HOME}comments/{row.pk}/settle/")
    page = writer.get(here).content.decode()
    assert "In the north." in page
    assert "Settled" in page
    assert "already" in writer.post(f"{HOME}comments/{row.pk}/answer/", {"text": "Again."}).content.decode()


def test_agreed_for_a_day_that_is_none_is_told(other, proposed):
    here = f"{HOME}versions/{proposed.pk}/agree/"
    for on, said in (("31/3/27", "year-month-day"), ("2020-01-01", "still to come")):
        answer = other.post(here, {"comes_on": on, "digest": proposed.digest})
        assert (answer.status_code, said in answer.content.decode()) == (409, True)
    page = other.post(here, {"comes_on": "2199-03-31", "digest": proposed.digest}, follow=True).content.decode()
    assert "in force from 31 March 2199" in page
    assert "Agreed, not in force yet" in other.get(HOME).content.decode()


def test_turned_back_it_is_taken_up_again(writer, other, proposed):
    here = f"{HOME}versions/{proposed.pk}/"
    assert "Say why" in other.post(f"{here}turn-back/", {"answer": ""}).content.decode()
    other.post(f"{here}turn-back/", {"answer": "Say where."})
    page = writer.get(here).content.decode()
    assert "Say where." in page
    assert "Take it up again" in page
    again = writer.post(f"{here}take-back/", follow=True)
    assert again.redirect_chain[-1][0] == f"{EDIT}?slot=supply"
    assert "Do you want to discard" in writer.get(f"{here}discard/").content.decode()
    writer.post(f"{here}discard/")
    proposed.refresh_from_db()
    assert proposed.state == "discarded"


FOUND = (
    ("q=care+homes", "People in care homes"),
    ("q=people+district", 'table("people-by-district")'),
    ("q=population+bromsgrove", "Published figures"),
    ("q=zzz", "None has all these words"),
    ("q=in+the", "stand in nearly every text"),
    ("q=people+in+care+hoems", "Nothing is called “hoems”. Looked for “home”."),
    ("q=people+in+care+homes", '{{ measure("care_home_people", period="2020-10-01") }}'),
    ("q=number+of+people+in+care+homes+in+Wychavon", 'period="2020-10-01", district="wychavon") }}'),
    ("measure=care_home_people&period=2021-03-31&where=district&value=Wychavon", 'district="wychavon"'),
    ("measure=care_home_peple&period=2021-03-31", "There is no measure"),
    ("measure=care_home_people&period=2021-99", "2021-99"),
    ("measure=care_home_people&where=district&value=Wychavn", "Wychavn"),
    ("measure=care_home_people&where=district", "stands alone"),
    ('expression=table("people-by-district")', "stands on a line of its own"),
    ("expression=__import__('os')", "no function"),
)
"""What is asked of the finder, and what it says."""


def test_finder_finds_and_says_what_is_wrong(writer):
    for words, said in FOUND:
        for part in ("", "&fragment=1"):
            answer = writer.get(f"{HOME}find/?{words}{part}")
            assert answer.status_code in (200, 400), words
            assert said in unescape(answer.content.decode()), words


def test_draft_of_one_council_is_out_of_reach_of_another(signed_in, people, data, proposed):
    stranger = signed_in("commissioner", "thurrock")
    for path in ("", "agree/", "discard/", "comment/"):
        assert stranger.get(f"{HOME}versions/{proposed.pk}/{path}").status_code == 404
    assert "Shared Lives" not in stranger.get(f"{HOME}versions/").content.decode()


def test_words_in_a_draft_are_text_and_never_markup(writer):
    page = send(writer, "preview", "<script>alert(1)</script> [x](javascript:alert(1))").content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_page_in_a_council_without_records_can_be_written(signed_in, people, data):
    client = signed_in("analyst", "thurrock")
    page = client.get(f"{HOME}pages/home-care/")
    assert page.status_code == 200
    assert client.get(f"{HOME}pages/home-care/edit/?slot=gap").status_code == 200
    principal = people.principal("analyst", "thurrock")
    save(principal, "thurrock", "statement/20-home-care.md", "x")
    assert own_draft(principal, "thurrock", "statement/20-home-care.md") is not None
    assert client.get(f"{HOME}pages/home-care/edit/").status_code == 200


def test_who_proposed_a_page_is_told_where_they_would_write_on_it_again(writer, other, proposed):
    page = writer.get(f"{EDIT}?slot=supply").content.decode()
    assert f'href="{HOME}versions/{proposed.pk}/">Version {proposed.number}</a>, which you wrote' in page
    assert "Below is what is in force" in page
    assert "which you wrote" not in other.get(EDIT).content.decode()
    agree(other, proposed)
    assert "which you wrote" not in writer.get(EDIT).content.decode()
