"""An edition from preparing to rebuilding: nothing small is on its pages, two people agree it, and it comes back."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.template import engines
from django.test import Client
from django.utils import timezone
from jinja2 import ChoiceLoader, DictLoader

from careshape.accounts.mail import hand_over_all
from careshape.audit.change import SYSTEM
from careshape.audit.models import Event
from careshape.cli import main
from careshape.editions import gate, questions
from careshape.editions import rebuild as rebuilding
from careshape.editions.begin import prepare, record
from careshape.editions.code import code_digest, digest_of
from careshape.editions.folders import COUNTED, FIGURES, INPUTS, MANIFEST, PAGES, REASONS, REPORT, edition_path
from careshape.editions.models import Edition
from careshape.editions.rebuild import rebuild
from careshape.editions.settle import agree, discard, release, release_due, schedule
from careshape.editions.since import changed_since
from careshape.editions.standing import CLOSES, OPENS
from careshape.errors import CallError, CareshapeError, InputError
from careshape.home import Home
from careshape.ledger.imports import import_file
from tests.statement.sample import HEADER, LINE

COUNCIL = "worcestershire"
TABLE = "the table “People in care homes by district to 2020/21”"
SAID = "it could tell of fewer than 3 people"
FROM_FILES = pytest.mark.once(
    "what is rebuilt is read from the edition's folder; that it comes back byte for byte is shown on both"
)


@pytest.fixture
def commissioner(people):
    return people.principal("commissioner")


@pytest.fixture
def analyst(people):
    return people.principal("analyst")


@pytest.fixture
def edition(home, prepared, analyst):
    """Edition 1, prepared by an analyst."""
    shutil.copytree(edition_path(Home(prepared), COUNCIL, 1), edition_path(home, COUNCIL, 1))
    return record(analyst, COUNCIL, 1, home.ledger(COUNCIL).postings()[-1], True)


@pytest.fixture
def released(edition, commissioner):
    agree(commissioner, edition)
    release(commissioner, edition)
    return edition


def folder(home, number=1):
    return edition_path(home, COUNCIL, number)


def text_of(home, name, number=1):
    return (folder(home, number) / PAGES / name).read_text("utf-8")


def test_small_figures_are_on_no_page_and_no_download(edition, home):
    page = text_of(home, "tables/people-by-district/index.html")
    # Two in Bromsgrove in 2020, and one or two wherever people are in 2021.
    assert "suppressed" in page
    assert SAID in page
    rows = json.loads(text_of(home, "tables/people-by-district.json"))["rows"]
    assert "suppressed" in [row["value"] for row in rows]
    assert not [row for row in rows if isinstance(row["value"], int) and row["district"] != "all" and row["value"] < 3]
    assert edition.state == "prepared"


def test_pages_say_which_edition_they_are_and_hold_nothing_of_today(edition, home):
    page = text_of(home, "index.html")
    assert "Edition 1" in page
    assert "Draft" not in page
    assert "/outlook/" not in page
    assert not (folder(home) / PAGES / "check").exists()


def test_what_would_tell_a_reader_something_stays_in_the_house(edition, home):
    hidden = json.loads((folder(home) / REASONS).read_text("utf-8"))["why"]
    assert hidden
    report = json.loads((folder(home) / REPORT).read_text("utf-8"))
    # Counts alone: a list of what was attacked would say which figures are small themselves.
    assert {type(one) for one in report.values()} <= {bool, int, str}
    assert not [one for one in hidden if one in json.dumps(report)]
    assert {(folder(home) / name).stat().st_mode & 0o077 for name in (REASONS, COUNTED)} == {0}
    figures = json.loads((folder(home) / FIGURES).read_text("utf-8"))["figures"]
    assert [one for one in figures if one["shown"] is None and one["least"] == one["greatest"]] == []


def test_who_prepared_it_cannot_agree_it(home, commissioner, analyst, people):
    row = prepare(commissioner, COUNCIL)
    with pytest.raises(CallError, match="A second person agrees it"):
        agree(commissioner, row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=row.pk).update(agreed_by=people.account("commissioner"))


def test_nothing_is_released_that_nobody_agreed(edition, commissioner):
    with pytest.raises(CallError, match="not ready to be released: waits for agreement"):
        release(commissioner, edition)
    edition.refresh_from_db()
    assert edition.state == "prepared"


def test_command_line_releases_unagreed_only_where_all_is_synthetic(edition, home):
    about = home.council_path(COUNCIL) / "council.toml"
    about.write_text(about.read_text("utf-8").replace("demonstration = true", "demonstration = false"), "utf-8")
    with pytest.raises(CallError, match="not ready to be released"):
        release(SYSTEM, edition)
    about.write_text(about.read_text("utf-8").replace("demonstration = false", "demonstration = true"), "utf-8")
    release(SYSTEM, edition)
    assert Edition.objects.get().state == "released"


def test_changed_manifest_is_not_released(edition, commissioner, home):
    agree(commissioner, edition)
    manifest = folder(home) / MANIFEST
    manifest.write_text(manifest.read_text("utf-8").replace('"posting": 1', '"posting": 2'), "utf-8")
    with pytest.raises(CareshapeError, match="is not the one that was prepared"):
        release(commissioner, edition)


def test_released_edition_is_everybodys_and_an_unreleased_one_is_not(edition, commissioner, home):
    client = Client(SERVER_NAME="localhost")
    refused = client.get(f"/{COUNCIL}/editions/1/")
    assert refused.status_code == 404
    assert refused.content == client.get("/no-such-council/editions/1/").content
    agree(commissioner, edition)
    release(commissioner, edition)
    assert client.get(f"/{COUNCIL}/latest/", follow=True).redirect_chain == [(f"/{COUNCIL}/editions/1/", 302)]
    page = client.get(f"/{COUNCIL}/editions/1/tables/people-by-district.csv")
    assert "suppressed" in page.content.decode()
    again = client.get(f"/{COUNCIL}/editions/1/tables/people-by-district.csv", headers={"If-None-Match": page["ETag"]})
    assert again.status_code == 304
    for name in (f"../{COUNTED}", COUNTED, REASONS, f"{INPUTS}/council.toml", "no-such-page/"):
        assert client.get(f"/{COUNCIL}/editions/1/{name}").status_code == 404, name
    listed = client.get(f"/{COUNCIL}/editions/").content.decode()
    assert listed.count("Edition 1") == 1
    assert re.search(r"\d+ figures are protected, .* The attacker tried each of them and worked out none", listed)


@pytest.fixture
def newer(released, home, analyst, commissioner):
    """Edition 2 beside it, of which one page is gone."""
    shutil.copytree(folder(home), folder(home, 2))
    manifest = json.loads((folder(home) / MANIFEST).read_text("utf-8"))
    del manifest["pages"]["tables/older-people/index.html"]
    (folder(home, 2) / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    row = record(analyst, COUNCIL, 2, home.ledger(COUNCIL).postings()[-1], True)
    agree(commissioner, row)
    release(commissioner, row)
    return row


def test_old_edition_says_that_there_is_a_newer_one_and_its_bytes_stay(newer, home):
    client = Client(SERVER_NAME="localhost")
    page = client.get(f"/{COUNCIL}/editions/1/tables/people-by-district/").content
    assert b"There is a newer edition" in page
    assert f'href="/{COUNCIL}/editions/2/tables/people-by-district/"'.encode() in page
    before, _, rest = page.partition(OPENS)
    kept = (folder(home) / PAGES / "tables/people-by-district/index.html").read_bytes()
    assert before + rest.partition(CLOSES)[2] == kept
    gone = client.get(f"/{COUNCIL}/editions/1/tables/older-people/").content
    assert f'href="/{COUNCIL}/editions/2/">Read the statement'.encode() in gone, "the newer one has no such page"
    assert b"newer edition" not in client.get(f"/{COUNCIL}/editions/2/").content
    data = "data/figures.csv"
    assert client.get(f"/{COUNCIL}/editions/1/{data}").content == (folder(home) / PAGES / data).read_bytes()


def test_front_page_leads_to_the_latest_edition_and_to_its_data(newer):
    page = Client(SERVER_NAME="localhost").get(f"/{COUNCIL}/").content.decode()
    for path in ("", "statement.pdf", "data/"):
        assert f'href="/{COUNCIL}/editions/2/{path}"' in page, path


def test_front_page_of_a_council_that_has_released_nothing_leads_to_no_edition(edition):
    assert f"/{COUNCIL}/editions/1/" not in Client(SERVER_NAME="localhost").get(f"/{COUNCIL}/").content.decode()


def test_first_edition_offers_nothing_to_compare_it_with(edition, home):
    page = text_of(home, "statement/care-homes/index.html")
    assert "What changed here" not in page
    assert "ollow this section" in page


def test_released_edition_comes_back_byte_for_byte(released, home):
    found = rebuild(home, COUNCIL, 1, known=released.manifest)
    assert found.equal
    assert (found.same_code, found.moved, found.differ) == (True, (), ())
    assert found.words.endswith("the same code: the same bytes")
    assert found.pages > 50


@FROM_FILES
def test_rebuild_reads_the_inputs_and_not_what_was_stored(released, home):
    """What stands in the folder may be anything: the figures come from the ledger, and a difference shows."""
    (folder(home) / COUNTED).write_text("", "utf-8")
    page = folder(home) / PAGES / "index.html"
    page.write_text("nothing", "utf-8")
    found = rebuild(home, COUNCIL, 1)
    assert found.differ == (COUNTED,)
    assert not found.equal


def test_manifest_that_was_changed_to_name_other_code_is_found(released, home):
    """What would excuse files that differ: the row knows the manifest as it was prepared."""
    file = folder(home) / MANIFEST
    manifest = json.loads(file.read_text("utf-8"))
    assert manifest["code"] == code_digest()
    file.write_text(json.dumps(manifest | {"code": "other"}), "utf-8")
    with pytest.raises(InputError, match=r"its manifest\.json is not the one that was prepared"):
        rebuild(home, COUNCIL, 1, known=released.manifest)


def test_code_is_told_apart_by_every_file_and_library_and_by_nothing_else(tmp_path):
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "work.py").write_text("1", "utf-8")
    seen = [digest_of(tmp_path)]
    for name in ("__pycache__", ".cache"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "work.pyc").write_text("compiled", "utf-8")
    assert digest_of(tmp_path) == seen[0]
    seen.append(digest_of(tmp_path, ("library 2",)))
    (tmp_path / "room" / "work.py").write_text("2", "utf-8")
    seen.append(digest_of(tmp_path))
    (tmp_path / "room" / "work.py").rename(tmp_path / "room" / "words.html")
    seen.append(digest_of(tmp_path))
    assert len(set(seen)) == len(seen)


@pytest.fixture
def later(monkeypatch):
    """Later code under the same version, in which every page reads otherwise than before."""
    monkeypatch.setattr(rebuilding, "code_digest", lambda: "other code")
    jinja = engines["jinja2"].env
    words = jinja.loader.get_source(jinja, "base.html")[0].replace("Made with careshape", "Made with careshape 99")
    pages = jinja.overlay(loader=ChoiceLoader([DictLoader({"base.html": words}), jinja.loader]), cache_size=400)
    monkeypatch.setattr(engines["jinja2"], "env", pages)


@FROM_FILES
def test_later_version_gives_the_same_values_and_what_it_writes_otherwise_is_named(released, home, later):
    found = rebuild(home, COUNCIL, 1)
    assert (found.made_by == found.by, found.same_code, found.moved, found.equal) == (True, False, (), True)
    assert found.words.endswith("other code: the same values")
    assert found.said > found.figures > 10
    assert "index.html" in found.differ
    assert not [one for one in found.differ if not one.endswith(".html")], "data are the same to the byte"


@FROM_FILES
@pytest.mark.parametrize("where", ["counted", "drawn"])
def test_value_that_a_later_version_gives_otherwise_is_found(released, home, later, where, monkeypatch):
    """The control: one cell is counted one too high, or shown one too high by the pages alone."""
    if where == "counted":
        real = questions.measure

        def wrong(*given, **more):
            result = real(*given, **more)
            cells = tuple(replace(one, exact=one.exact + 1) if one.exact == 4 else one for one in result.cells)
            return replace(result, cells=cells)

        monkeypatch.setattr(questions, "measure", wrong)
    else:
        real = gate.written_as
        monkeypatch.setattr(gate, "written_as", lambda shown, entry: 5 if shown == 4 else real(shown, entry))
    found = rebuild(home, COUNCIL, 1)
    assert found.moved
    assert not found.equal
    if where == "drawn":
        assert {one.partition(" ")[0] for one in found.moved} == {"the"}, "told by the words of a figure or a table"


def test_edition_whose_inputs_are_gone_says_which(released, home):
    text = next((folder(home) / INPUTS / "statement").glob("*.md"))
    text.unlink()
    with pytest.raises(InputError, match=rf"The pinned file statement/{text.name} is gone: bring it back"):
        rebuild(home, COUNCIL, 1)


def test_later_records_change_no_edition_and_the_next_one_knows_them(released, home, analyst):
    file = home.path / "more.csv"
    line = LINE.format(
        n=99, group="older-people", service="nursing", district="worcester", start="2021-01-01", end="", cost="1000.00"
    )
    file.write_text(HEADER + line, "utf-8")
    recorded = datetime(2021, 7, 1, 9, tzinfo=UTC)
    assert import_file(home.ledger(COUNCIL), file, reader="packages", recorded_at=recorded).accepted == 1
    assert rebuild(home, COUNCIL, 1).equal
    second = prepare(analyst, COUNCIL)
    assert (second.number, second.posting, second.state) == (2, 2, "prepared")
    assert "What changed here since the edition before" in text_of(home, "statement/care-homes/index.html", 2)
    manifest = json.loads((folder(home, 2) / MANIFEST).read_text("utf-8"))
    assert manifest["before"] == [1]


def test_text_with_a_typed_number_makes_no_edition_and_leaves_nothing(home, analyst):
    text = home.council_path(COUNCIL) / "statement" / "03-shared-lives.md"
    text.write_text(text.read_text("utf-8").replace("There is some.", "There are 7."), "utf-8")
    with pytest.raises(InputError, match="'7' is typed"):
        prepare(analyst, COUNCIL)
    assert not Edition.objects.exists()
    assert not folder(home).exists()


GROWTH = 'growth(measure("bed_nights", period="2019/20"), measure("bed_nights", period="2020/21"))'
FAULTS = {
    "contradiction": f"Nights fell by {{{{ {GROWTH} | percent }}}} in a year.",
    "dead figure": '{{ measure("mean_weekly_cost", period="1990-01-01") }} was paid.',
    "unknown name": '{{ measure("no_such_measure", period="2020/21") }} came.',
}


@pytest.mark.parametrize("rule", FAULTS)
def test_text_that_its_figures_do_not_bear_out_makes_no_edition(home, analyst, rule):
    text = home.council_path(COUNCIL) / "statement" / "02-care-homes.md"
    held = "## What there is\n"
    text.write_text(text.read_text("utf-8").replace(held, f"{held}\n{FAULTS[rule]}\n"), "utf-8")
    with pytest.raises(InputError, match=rf"02-care-homes\.md, line \d+: .*\[{rule}\]"):
        prepare(analyst, COUNCIL)
    assert not folder(home).exists()


def test_words_whose_figure_moved_make_no_edition_until_somebody_says_that_they_are_still_true(home, analyst):
    """A correction takes one of five people out of a care home on the day that the words tell of."""
    text = home.council_path(COUNCIL) / "statement" / "02-care-homes.md"
    said = text.read_text("utf-8")
    agreed = said.replace("services =", "slots.need.agreed = {day}\nservices =", 1)
    text.write_text(agreed.replace("{day}", "2027-01-31"), "utf-8")
    later = home.path / "later.csv"
    line = LINE.format(
        n=3, group="older-people", service="nursing", district="wychavon", start="2019-04-01", end="2020-10-31",
        cost="900.00",
    )  # fmt: skip
    later.write_text(HEADER + line, "utf-8")
    import_file(home.ledger(COUNCIL), later, reader="packages", recorded_at=datetime(2027, 6, 1, tzinfo=UTC))
    with pytest.raises(InputError) as refused:
        prepare(analyst, COUNCIL)
    assert "was five when this was agreed" in str(refused.value)
    assert "I have read these words again" in str(refused.value)
    assert not folder(home).exists()
    # Agreed anew, as they stand, with the figure as it is now.
    text.write_text(agreed.replace("{day}", "2027-06-02"), "utf-8")
    assert prepare(analyst, COUNCIL).state == "prepared"


def test_each_step_is_told_in_the_log(released):
    acts = list(Event.objects.filter(chain=COUNCIL, act__startswith="editions.").order_by("number"))
    assert [one.act for one in acts] == ["editions.prepare", "editions.agree", "editions.release"]
    assert released.manifest in acts[0].detail


def test_edition_is_released_on_its_day_once(edition, commissioner):
    agree(commissioner, edition)
    with pytest.raises(CallError, match="still to come"):
        schedule(commissioner, edition, timezone.localdate())
    schedule(commissioner, edition, timezone.localdate() + timedelta(days=1))
    assert release_due() == []
    Edition.objects.update(release_on=timezone.localdate())
    assert [one.number for one in release_due()] == [1]
    assert release_due() == []


def test_edition_whose_words_were_changed_before_its_day_is_held_and_asked_about(edition, home, commissioner):
    """What is released is there for good, and words are often changed because they were wrong."""
    agree(commissioner, edition)
    schedule(commissioner, edition, timezone.localdate() + timedelta(days=1))
    Edition.objects.update(release_on=timezone.localdate())
    page = home.council_path(COUNCIL) / "statement" / "02-care-homes.md"
    page.write_text(page.read_text("utf-8") + "\nOne more thing.\n", "utf-8")
    assert release_due() == []
    edition.refresh_from_db()
    assert (edition.state, edition.release_on) == ("agreed", None)
    assert "02-care-homes.md" in Event.objects.filter(chain=COUNCIL, act="editions.release").last().detail
    hand_over_all()
    assert {one.subject for one in mail.outbox if "not released" in one.subject} == {
        "Edition 1 was not released on its day"
    }
    assert release_due() == [], "it is told of once"
    aware = changed_since(home, edition).digest
    schedule(commissioner, edition, timezone.localdate() + timedelta(days=1), aware)
    Edition.objects.update(release_on=timezone.localdate())
    assert [one.number for one in release_due()] == [1], "who set the day again knew of it"


@pytest.mark.parametrize("fault", ["gone", "changed", "broken"])
def test_release_that_fails_keeps_no_other_council_back(edition, home, commissioner, fault):
    """Two of another council's are due too: their manifests are gone, not those that were agreed, or unreadable."""
    agree(commissioner, edition)
    Edition.objects.update(release_on=timezone.localdate())
    edition.refresh_from_db()
    for number in (7, 8):
        Edition.objects.create(
            council="thurrock", number=number, state="agreed", posting=1, known_on=edition.known_on,
            manifest=edition.manifest, prepared_at=edition.prepared_at, agreed_at=timezone.now(),
            release_on=timezone.localdate(),
        )  # fmt: skip
        there = edition_path(home, "thurrock", number)
        shutil.copytree(folder(home), there)
        if fault == "gone":
            (there / MANIFEST).unlink()
        elif fault == "changed":
            (there / MANIFEST).write_text("{}", "utf-8")
        else:
            (there / MANIFEST).unlink()
            (there / MANIFEST).symlink_to(there / MANIFEST)
    # It comes last in the order in which they are tried.
    Edition.objects.filter(pk=edition.pk).update(id=edition.pk + 100)
    expected = {"gone": CallError, "changed": CareshapeError, "broken": Exception}[fault]
    with pytest.raises(expected):
        release_due()
    assert list(Edition.objects.filter(state="released").values_list("council", flat=True)) == [COUNCIL]
    assert set(Edition.objects.filter(council="thurrock").values_list("state", flat=True)) == {"agreed"}


def test_discarded_edition_frees_no_number(edition, home, analyst, commissioner):
    discard(commissioner, edition)
    with pytest.raises(CallError, match="cannot be discarded"):
        discard(commissioner, edition)
    assert prepare(analyst, COUNCIL).number == 2


@pytest.fixture
def careless(monkeypatch):
    """A protection that hides the small figures alone and leaves the totals to subtract from: the gate must notice."""
    real = gate.protect

    def naive(tables, rule, before=(), number=None, secret="", **more):
        found = real(tables, rule, before=before, number=number, secret=secret, **more)
        small = rule.protected(tables)
        shown = tuple(
            one if one.id in small or not one.printed
            else replace(one, shown=tables.by_id[one.id].value, least=tables.by_id[one.id].value,
                         greatest=tables.by_id[one.id].value)
            for one in found.published.figures
        )  # fmt: skip
        return replace(found, published=replace(found.published, figures=shown))

    monkeypatch.setattr(gate, "protect", naive)


def test_gate_refuses_what_the_attacker_can_work_out(home, commissioner, analyst, careless):
    row = prepare(analyst, COUNCIL)
    assert row.state == "refused"
    assert not (folder(home) / PAGES).exists()
    kept = json.loads((folder(home) / REASONS).read_text("utf-8"))
    assert kept["stops"]
    fault = next(one for one in kept["faults"] if TABLE in one["stands"])
    assert fault["figure"] == "people, 31 March 2021: Redditch, nursing care and residential care"
    assert "people-by-district" in [one["id"] for one in fault["places"] if one["kind"] == "table"]
    assert "can only be" in fault["why"]
    assert "people_on_date" not in fault["why"] + fault["figure"], "said in words, not as the gate calls it"
    with pytest.raises(CallError, match="The gate refused edition 1"):
        agree(commissioner, row)


def test_command_line_says_which_table_gives_what_away(home, careless, capsys, db, monkeypatch):
    monkeypatch.setenv("CARESHAPE_DIR", str(home.path))
    assert main(["--dir", str(home.path), "edition", "prepare", "--authority", COUNCIL]) == 1
    said = capsys.readouterr()
    assert f"In {TABLE}: " in said.out
    assert "The gate refused edition 1 of worcestershire." in said.err
