"""Editions in the place to work: prepared in the background by one, agreed and released by another."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from careshape.accounts.mail import hand_over_all
from careshape.accounts.models import Membership
from careshape.accounts.signing_in import CONFIRMED
from careshape.audit.models import Event
from careshape.editions.begin import record
from careshape.editions.models import Edition
from careshape.editions.prepare import prepare_files
from careshape.editions.since import changed_since
from careshape.home import Home
from careshape.jobs.lease import claim, end
from careshape.jobs.models import Job, State
from careshape.jobs.run import run
from careshape.readers.models import Follow
from careshape.work.gate_words import counted
from careshape.writing.place import in_force, put

HOME = "/work/editions/"
COUNCIL = "worcestershire"


def work_through() -> None:
    """Do all jobs, as a worker does."""
    while (job := claim("here")) is not None:
        run(job, "here")


@pytest.fixture(scope="session")
def made(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of edition 1 of the sample, made once."""
    folder = tmp_path_factory.mktemp("work-edition") / "data"
    shutil.copytree(sample, folder)
    home = Home(folder)
    (home.council_path(COUNCIL) / "disclosure.toml").write_text('method = "suppress"\nthreshold = 3\n', "utf-8")
    last = home.ledger(COUNCIL).postings()[-1]
    prepare_files(home, COUNCIL, 1, last.number, last.day.isoformat(), [], lambda *said: None)
    return home.council_path(COUNCIL)


@pytest.fixture
def prepared(made, people, data) -> Edition:
    """An edition that an analyst had prepared."""
    there = data / "councils" / COUNCIL
    shutil.copyfile(made / "disclosure.toml", there / "disclosure.toml")
    shutil.copytree(made / "editions", there / "editions")
    return record(people.principal("analyst"), COUNCIL, 1, Home(data).ledger(COUNCIL).postings()[-1], True)


@pytest.fixture
def second(people):
    """Another commissioner of the council, by whom nothing was done yet."""
    first = people.memberships[COUNCIL, "commissioner"]
    account = type(first.account).objects.create(email="second@example.org", name="Second commissioner")
    return type(first).objects.create(account=account, council=first.council, role="commissioner", team=first.team)


def _as(member) -> Client:
    """A browser in which somebody is signed in."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(member.account)
    session = client.session
    session.update({"factor": "code", CONFIRMED: timezone.now().isoformat()})
    session.save()
    return client


def mails() -> list[tuple[str, str]]:
    """Receiver and subject of what waits, which is handed over."""
    mail.outbox.clear()
    hand_over_all()
    return sorted((one.to[0], one.subject) for one in mail.outbox)


def test_edition_is_prepared_in_the_background_and_its_job_leads_to_it(signed_in, data):
    client = signed_in("analyst")
    answer = client.post(f"{HOME}prepare/")
    job = f"/work/jobs/{Job.objects.get().pk}/"
    assert answer.headers["Location"] == job
    assert "Edition 1 is being prepared" in client.get(HOME).content.decode()
    colleague = signed_in("commissioner")
    assert "having edition 1 prepared already" in colleague.post(f"{HOME}prepare/", follow=True).content.decode()
    work_through()
    assert f'href="{HOME}1/"' in client.get(job).content.decode()
    assert "is being prepared" not in client.get(HOME).content.decode()
    assert Edition.objects.get().state == "prepared"


def test_edition_is_agreed_and_released_by_another(prepared, signed_in):
    client = signed_in("commissioner")
    page = client.get(f"{HOME}1/").content.decode()
    assert "Waits for agreement" in page
    assert "The gate looked at" in page
    assert "/release/" not in page
    agreed = client.post(f"{HOME}1/agree/", follow=True).content.decode()
    assert "It is agreed" in agreed
    assert f'href="{HOME}1/release/"' in agreed
    assert "It is released" in client.post(f"{HOME}1/release/", follow=True).content.decode()
    prepared.refresh_from_db()
    assert (prepared.state, prepared.agreed_by.name) == ("released", "Commissioner worcestershire")
    assert client.get("/worcestershire/latest/", follow=True).status_code == 200


def test_release_is_asked_with_what_it_does(prepared, signed_in, people):
    client = signed_in("commissioner")
    assert client.get(f"{HOME}1/release/").headers["Location"] == f"{HOME}1/", "nobody agreed it"
    client.post(f"{HOME}1/agree/")
    asked = client.get(f"{HOME}1/release/").content.decode()
    assert "it is the first edition" in asked
    assert "nobody follows the statement yet" in asked
    Follow.objects.create(account=people.account("provider"), council=COUNCIL, what="statement")
    Follow.objects.create(account=people.account("provider", "thurrock"), council=COUNCIL, what="statement")
    assert "1 person follows the statement" in client.get(f"{HOME}1/release/").content.decode()
    prepared.refresh_from_db()
    assert prepared.state == "agreed", "asking releases nothing"


def test_discarding_is_asked_first(prepared, signed_in):
    client = signed_in("analyst")
    assert "Do you want to discard edition 1?" in client.get(f"{HOME}1/discard/").content.decode()
    assert Edition.objects.get().state == "prepared"
    assert "It is discarded" in client.post(f"{HOME}1/discard/", follow=True).content.decode()
    assert client.get(f"{HOME}1/discard/").headers["Location"] == f"{HOME}1/"


def test_what_waits_stands_on_the_home_page_of_who_can_do_it(prepared, signed_in, people, second):
    at_home = {role: signed_in(role).get("/work/").content.decode() for role in ("analyst", "commissioner")}
    assert "1 edition waits for your agreement" in at_home["commissioner"]
    assert "Editions to agree" not in at_home["analyst"]
    signed_in("commissioner").post(f"{HOME}1/agree/")
    assert "1 edition is agreed and waits to be released" in signed_in("commissioner").get("/work/").content.decode()
    Edition.objects.update(state="refused")
    assert "The gate refused edition 1" in signed_in("analyst").get("/work/").content.decode()


def test_who_must_act_is_told_by_mail(second, prepared, signed_in, people):
    first = people.account("commissioner").email
    waits = "Edition 1 waits for your agreement"
    assert mails() == sorted([(first, waits), (second.account.email, waits)])
    assert "/work/editions/1/" in mail.outbox[0].body
    signed_in("commissioner").post(f"{HOME}1/agree/")
    released = "Edition 1 is agreed and can be released"
    assert mails() == sorted([(second.account.email, released), (people.account("analyst").email, released)])


def test_who_prepared_it_is_told_of_a_refusal_and_nobody_else(made, data, people):
    shutil.copytree(made / "editions", data / "councils" / COUNCIL / "editions")
    last = Home(data).ledger(COUNCIL).postings()[-1]
    record(people.principal("analyst"), COUNCIL, 1, last, False)
    assert mails() == [(people.account("analyst").email, "The gate refused edition 1")]


def test_who_prepared_it_is_told_to_wait_for_another(prepared, signed_in, people):
    Edition.objects.update(prepared_by=people.account("commissioner"))
    client = signed_in("commissioner")
    assert "a second person agrees it" in client.get(f"{HOME}1/").content.decode()
    assert "Editions to agree" in client.get("/work/").content.decode()
    assert "No edition waits for your agreement" in client.get("/work/").content.decode()
    assert client.post(f"{HOME}1/agree/").status_code == 409


def test_asked_for_twice_it_is_prepared_once_and_anew_where_it_was_stopped(signed_in, data):
    client = signed_in("analyst")
    for _ in range(2):
        client.post(f"{HOME}prepare/")
    job = claim("here")
    assert Job.objects.count() == 1
    end(job, "here", State.FAILED, fault="The text has a fault.")
    assert "The text has a fault." in client.get("/work/").content.decode()
    signed_in("commissioner").post(f"{HOME}prepare/")
    assert Job.objects.filter(state="queued").count() == 1


@pytest.mark.parametrize(
    ("day", "said"), [("2199-03-31", "released on"), ("31/3/27", "year-month-day"), ("2020-01-01", "still to come")]
)
def test_day_of_release_is_set_or_said_to_be_none(prepared, signed_in, day, said):
    client = signed_in("commissioner")
    client.post(f"{HOME}1/agree/")
    answer = client.post(f"{HOME}1/schedule/", {"release_on": day}, follow=True)
    assert said in answer.content.decode()
    kept = answer if answer.status_code == 409 else client.get(f"{HOME}1/release/")
    assert f'value="{day}"' in kept.content.decode()


def test_edition_whose_folder_is_gone_says_so_and_is_not_released(prepared, signed_in, data):
    client = signed_in("commissioner")
    client.post(f"{HOME}1/agree/")
    shutil.rmtree(data / "councils" / COUNCIL / "editions" / "1")
    for page in (f"{HOME}1/", f"{HOME}1/release/"):
        assert "councils/worcestershire/editions/1" in client.get(page).content.decode(), page
    answer = client.post(f"{HOME}1/release/")
    assert answer.status_code == 409
    assert "from a backup" in answer.content.decode()
    assert Edition.objects.get().state == "agreed"


def test_list_of_editions_is_a_file_too(prepared, signed_in):
    client = signed_in("auditor")
    assert "Edition" in client.get(HOME).content.decode()
    assert "Waits for agreement" in client.get("/work/editions.csv").content.decode()


def test_page_of_a_refused_edition_says_which_figure_where_and_why(prepared, signed_in, data):
    """The gate's own words for a refusal, as they are kept: the test of the gate makes them from a real leak."""
    Edition.objects.update(state="refused")
    fault = {
        "figure": "people, 30 June 2021: Wychavon", "stands": ["the table “People by district”"],
        "places": [{"kind": "table", "id": "people-by-district", "title": "the table “People by district”"}],
        "why": "“people, 30 June 2021: Wychavon” (edition 1) can only be 2.",
    }  # fmt: skip
    rest = {"figure": "what is left of people, 30 June 2021", "stands": [], "why": "It cannot be protected."}
    file = data / "councils" / "worcestershire" / "editions" / "1" / "reasons.json"
    file.write_text(json.dumps({"faults": [fault, rest]}), "utf-8")
    page = signed_in("analyst").get(f"{HOME}1/").content.decode()
    assert "Refused by the gate" in page
    for words in (fault["figure"], *fault["stands"], "can only be 2", "it is what is left of a total"):
        assert words in page
    assert "Agree it" not in page
    # What to do, with the way there.
    assert 'href="/worcestershire/tables/people-by-district/"' in page
    assert "name groups and not single values of district" in page
    assert "Show no totals" in page
    change = re.search(r'href="(/work/writing/pages/[^"]+slot=people-by-district)"', page).group(1)
    assert signed_in("analyst").get(change.replace("&amp;", "&")).status_code == 200
    assert "fewer than 3 people" in page
    assert "Prepare another edition" in page
    assert change not in signed_in("auditor").get(f"{HOME}1/").content.decode(), "who may not write is sent nowhere"


def test_figures_that_were_kept_back_are_told_in_words_by_reason(prepared, signed_in, data):
    page = signed_in("analyst").get(f"{HOME}1/").content.decode()
    kept = re.search(r"Why each figure was kept back.*?</details>", page, re.DOTALL)[0]
    assert "<strong>Fewer than 3 people</strong>" in kept
    assert "@20" not in kept, "no place of the gate by its id"
    # An edition that was prepared before its figures were named.
    file = data / "councils" / COUNCIL / "editions" / "1" / "reasons.json"
    file.write_text(json.dumps({"why": {"people[district=wychavon]@2021": "fewer than 3 people"}}), "utf-8")
    assert "people[district=wychavon]@2021" in signed_in("analyst").get(f"{HOME}1/").content.decode()


def test_home_page_says_nothing_of_a_failed_attempt_at_an_edition_made_since(prepared, signed_in):
    client = signed_in("analyst")
    client.post(f"{HOME}prepare/")
    Job.objects.update(state=State.FAILED, fault="The machine was off.", ended_at=timezone.now())
    assert "The machine was off." in client.get("/work/").content.decode()
    Job.objects.update(arguments={"number": prepared.number})
    assert "The machine was off." not in client.get("/work/").content.decode()


def test_attempt_that_is_tried_again_is_the_one_that_everybody_is_led_to(signed_in, data):
    client = signed_in("analyst")
    stopped = {"state": State.FAILED, "ended_at": timezone.now()}
    client.post(f"{HOME}prepare/")
    Job.objects.update(**stopped)
    client.post(f"{HOME}prepare/")
    first, second = Job.objects.order_by("pk")
    Job.objects.filter(pk=second.pk).update(**stopped)
    Job.objects.filter(pk=first.pk).update(state=State.QUEUED, ended_at=None)
    assert client.post(f"{HOME}prepare/").headers["Location"] == f"/work/jobs/{first.pk}/"
    assert Job.objects.count() == 2


def test_who_has_left_is_not_written_to(made, data, people):
    shutil.copytree(made / "editions", data / "councils" / COUNCIL / "editions")
    last = Home(data).ledger(COUNCIL).postings()[-1]
    Membership.objects.filter(account=people.account("analyst")).update(ended_at=timezone.now())
    record(people.principal("analyst"), COUNCIL, 1, last, False)
    assert mails() == []


def test_who_agrees_and_who_releases_are_told_what_changed_since_it_was_prepared(prepared, signed_in, second, data):
    """One colleague changes a page after the edition was prepared; two others agree and release it all the same."""
    home = Home(data)
    assert not changed_since(home, prepared)
    page = "statement/03-shared-lives.md"
    put(home, COUNCIL, page, (in_force(home, COUNCIL, page) or "").replace("There is some.", "There is much more."))
    for role, step, words in (("commissioner", "agree", "agree it as it is"), ("second", "release", "release it as")):
        client = signed_in("commissioner") if role == "commissioner" else _as(second)
        there = f"{HOME}1/" if step == "agree" else f"{HOME}1/release/"
        shown = client.get(there).content.decode()
        assert "1 thing that the council writes or decides changed" in shown
        assert "Shared lives: What there is" in shown.replace("Shared Lives", "Shared lives")
        assert words in shown
        compare = re.search(r'href="(/work/writing/compare/[^"]+)"', shown).group(1).replace("&amp;", "&")
        assert "much more" in client.get(compare).content.decode()
        refused = client.post(f"{HOME}1/{step}/")
        assert refused.status_code == 409
        assert 'href="#aware"' in refused.content.decode()
        told = re.search(r'id="aware" name="aware" type="checkbox" value="(\w{64})"', shown).group(1)
        # What changes between the page and the answer is told again.
        put(home, COUNCIL, page, (in_force(home, COUNCIL, page) or "") + "\n")
        assert (
            "More was changed since you were told" in client.post(f"{HOME}1/{step}/", {"aware": told}).content.decode()
        )
        now = changed_since(home, prepared).digest
        assert client.post(f"{HOME}1/{step}/", {"aware": now}).status_code == 302
    kept = Event.objects.filter(act="editions.release").latest("pk").detail
    assert json.loads(kept) if isinstance(kept, str) else kept
    assert "03-shared-lives.md" in str(kept)
    assert "confirmed" in str(kept)
    assert "know that edition 1 does not hold" not in signed_in("commissioner").get(f"{HOME}1/").content.decode()


def test_day_is_not_taken_away_where_none_is_set(prepared, signed_in):
    client = signed_in("commissioner")
    client.post(f"{HOME}1/agree/")
    answer = client.post(f"{HOME}1/schedule/", {"release_on": ""})
    assert answer.status_code == 409
    assert "None is set now" in answer.content.decode()


@pytest.mark.parametrize(
    ("report", "why", "said"),
    [
        ({"figures": 700, "suppressed": 0, "printed_elsewhere": 0}, 0, "None of them reads “suppressed”."),
        ({"figures": 1_736, "suppressed": 36, "printed_elsewhere": 8}, 39, "and 3 that are not printed, such as rests"),
        ({"figures": 12, "suppressed": 1, "printed_elsewhere": 1}, 1, "(1 of them though another document has printed"),
    ],
)
def test_counts_of_the_gate_are_related_to_each_other(report, why, said):
    words = counted(report, {"why": dict.fromkeys(map(str, range(why)), "small")})
    assert said in words
    assert f"{report['figures']:,} figures" in words


def test_rules_are_read_said_and_set_aside_before_a_release(prepared, signed_in, second, data):
    commissioner, other = signed_in("commissioner"), _as(second)
    (data / "councils" / COUNCIL / "rules").mkdir(exist_ok=True)
    own = data / "councils" / COUNCIL / "rules" / "rules.toml"
    own.write_text('[[rule]]\nid = "home-care-awaits-the-pilot"\n', "utf-8")
    aware = {"aware": changed_since(Home(data), prepared).digest}
    commissioner.post(f"{HOME}1/agree/", aware)
    asked = commissioner.get(f"{HOME}1/release/").content.decode()
    assert "Rates of employment are of people aged 16 to 64" in asked, "rules of counting are shown, and stop nothing"
    assert "It can be released when no rule stops it." in asked
    assert "Release it now, for good" not in asked
    refused = commissioner.post(f"{HOME}1/release/", aware)
    assert refused.status_code == 409
    assert "Say what is asked" in refused.content.decode()
    assert "nothing is guessed, and the rule waits" in commissioner.get(f"{HOME}1/say/").content.decode()
    wrong = commissioner.post(f"{HOME}1/say/", {"says-what-becomes-of-home-care": "perhaps"})
    assert wrong.status_code == 422
    commissioner.post(f"{HOME}1/say/", {"says-what-becomes-of-home-care": "yes"})
    there = commissioner.get(f"{HOME}1/release/").content.decode()
    assert 'href="/work/kept/told/wellbeing-teams-pilot-reported/"' in there, "what is still asked is told elsewhere"
    told = {"value": "", "on": f"{timezone.localdate():%d/%m/%Y}", "why": "The minutes of the board."}
    assert commissioner.post("/work/kept/told/wellbeing-teams-pilot-reported/", told).status_code == 302
    aside = f"{HOME}1/set-aside/home-care-awaits-the-pilot/"
    assert aside in commissioner.get(f"{HOME}1/release/").content.decode()
    reason = {"reason": "The cabinet asked for the position before the report."}
    assert commissioner.post(aside, reason, follow=True).redirect_chain == [(f"{HOME}1/", 302)]
    assert "Set aside" in commissioner.get(f"{HOME}1/release/").content.decode()
    assert "Somebody else must do it" in commissioner.post(f"{HOME}1/release/", aware).content.decode()
    assert "It is released" in other.post(f"{HOME}1/release/", aware, follow=True).content.decode()
    kept = other.get("/work/kept/").content.decode()
    assert "nothing is said of the future of home care before the pilot has reported" in kept


def test_page_of_what_the_rules_ask_says_where_they_ask_nothing(prepared, signed_in):
    page = signed_in("commissioner").get(f"{HOME}1/say/").content.decode()
    assert "The rules ask you nothing about this edition." in page
