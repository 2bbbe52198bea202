"""Small checks of the security standard that no other test makes: answers, cookies, requests, code (docs/asvs.csv)."""

from __future__ import annotations

import ast
import json
import logging
import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from careshape.accounts.models import Account, Council, Invitation, Membership, Organisation, Session
from careshape.audit.models import Event
from careshape.policy.table import addresses
from careshape.policy.views import methods_of
from careshape.site.logs import JsonLines
from tests import warm
from tests.accounts.people import PASSWORD
from tests.accounts.signing import password, signed_in

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "careshape"
SCRIPTS = sorted((SOURCE / "site" / "static" / "careshape").glob("*.mjs"))
PLAIN = [f"/{one.url}" for one in addresses() if not one.parts]
"""Addresses without a part to fill in."""


@pytest.fixture
def administrator(people, data, settings) -> Client:
    """An administrator over the sample."""
    settings.CARESHAPE_DIR = data
    client = signed_in(people.account("administrator"))
    client.raise_request_exception = False
    return client


@pytest.fixture
def stranger(data, settings, db) -> Client:
    """Somebody who has not signed in."""
    settings.CARESHAPE_DIR = data
    return Client(raise_request_exception=False)


def let_go(answer) -> None:
    """Read an answer to its end, which closes its file as a server would, and leaves the test's connection open."""
    if answer.streaming:
        answer.getvalue()


# Answers


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/work/", "/api/v1/me", "/static/careshape/careshape.css"])
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "DEBUG"])
def test_trace_is_refused(administrator, path, method):
    answer = administrator.generic(method, path, headers={"X-Canary": "canary"})
    assert answer.status_code in (401, 403, 405)
    assert b"canary" not in b"".join(answer)


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/careshape/", "/uploads/", "/councils/", "/.git/config", "/.git/HEAD", "/.env",
     "/careshape.toml", "/static/../settings.py", "/static/%2e%2e/settings.py",
     "/static/careshape/../../settings.py", "/mail/",
     "/admin/", "/debug/", "/__debug__/", "/server-status/", "/metrics/"],
)  # fmt: skip
def test_no_folder_file_or_tool_is_shown(administrator, path):
    assert administrator.get(path).status_code == 404


def test_nothing_of_development_is_on():
    from careshape.site import settings

    assert settings.DEBUG is False
    assert not [one for one in settings.INSTALLED_APPS if "admin" in one or "debug" in one or "test" in one]
    script = "from careshape.site import settings; print(settings.DEBUG, settings.TEMPLATES[0]['OPTIONS'].get('debug'))"
    environment = {**os.environ, "DEBUG": "1", "DJANGO_DEBUG": "1", "CARESHAPE_DEBUG": "1"}
    done = warm.run(script, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "None"]


RELEASED = {"Access-Control-Allow-Origin": "*"}
"""What is said of released data: every site may read it, without the reader's cookies, and send it nothing."""


@pytest.mark.once("headers are set before and behind every question to the database")
def test_no_answer_lets_other_sites_read_it(administrator, stranger):
    foreign = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for path in (*PLAIN, "/static/careshape/careshape.css", "/no/such/page/"):
        for client in (administrator, stranger):
            for method in ("GET", "OPTIONS"):
                if path == "/sign-out/":
                    continue
                answer = client.generic(method, path, headers=foreign)
                told = {
                    name: value for name, value in answer.headers.items() if name.lower().startswith("access-control")
                }
                assert not told or (path.startswith("/api/open/") and told == RELEASED), (path, told)
                let_go(answer)


@pytest.mark.once("headers are set before and behind every question to the database")
def test_every_answer_says_what_it_is(administrator, stranger):
    seen = set()
    files = ["/static/careshape/" + name for name in ("careshape.css", "careshape.mjs", "favicon.svg")]
    for path in (*PLAIN, *files, "/work/people.csv", "/no/such/page/"):
        for client in (administrator, stranger):
            answer = client.get(path)
            content, kind = answer.getvalue(), answer.headers.get("Content-Type", "")
            let_go(answer)
            if not content:
                continue
            assert kind, path
            if kind.startswith("text/") or "+xml" in kind:
                assert re.search(r"charset=.?utf-8", kind), (path, kind)
                content.decode("utf-8")
            if kind.startswith("application/json"):
                json.loads(content)
            if kind.startswith("text/html"):
                assert content.lstrip().lower().startswith(b"<!doctype html>"), path
            seen.add(kind.partition(";")[0])
    assert {"text/html", "text/css", "text/javascript", "application/json", "text/csv"} <= seen


def test_api_does_not_send_to_https_what_was_sent_in_the_clear(db, settings):
    settings.SECURE_SSL_REDIRECT, settings.CARESHAPE_HTTPS = True, True
    page, api = Client().get("/help/"), Client().get("/api/v1/me", headers={"Authorization": "Bearer careshape_x"})
    assert page.status_code == 301
    assert api.status_code == 403
    assert "HTTPS" in api.json()["detail"]
    assert Client().get("/api/v1/me", secure=True).status_code == 401


def test_cookies_of_https_are_kept_to_this_host(tmp_path):
    script = (
        "from careshape.site.serve import make_ready; make_ready()\n"
        "from django.conf import settings\n"
        "from django.test import Client\n"
        "client = Client()\n"
        "answer = client.get('/sign-in/', HTTP_HOST='localhost', secure=True)\n"
        "from django.contrib.sessions.backends.base import SessionBase\n"
        "print([str(one.OutputString()) for one in answer.cookies.values()])\n"
        "print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH,"
        " settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE)\n"
    )
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("CARESHAPE_")},
        "DJANGO_SETTINGS_MODULE": "careshape.site.settings", "CARESHAPE_DIR": str(tmp_path),
        "CARESHAPE_SECRET_KEY": "for tests only: this secret keeps nothing that matters", "CARESHAPE_HTTPS": "yes",
        "CARESHAPE_ADDRESS": "https://care.example.org",
    }  # fmt: skip
    done = warm.run(script, env=environment)
    assert done.returncode == 0, done.stderr
    cookies, session = ast.literal_eval(done.stdout.splitlines()[-2]), done.stdout.splitlines()[-1]
    assert len(cookies) == 1
    assert cookies[0].startswith("__Host-csrf=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookies[0]
    assert "Domain" not in cookies[0]
    assert session == "__Host-careshape_session None / True True Lax"


def test_session_key_is_in_its_cookie_and_nowhere_else(people, administrator):
    key = administrator.cookies["careshape_session"].value
    for path in ("/account/", "/work/", "/work/people/", "/account/tokens/"):
        assert key.encode() not in administrator.get(path).content


# Requests


def test_forms_are_taken_from_our_own_pages_only(people, data, settings):
    settings.CARESHAPE_DIR = data
    known = signed_in(people.account("administrator"))
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies = known.cookies
    before = counts()
    asked = 0
    for one in addresses():
        if "POST" not in methods_of(one.view) or one.url.startswith("api/"):
            continue
        path = re.sub(r"<[^>]+>", "1", f"/{one.url}")
        assert client.post(path, {"name": "x"}).status_code in (403, 404), path
        asked += client.post(path, {"name": "x"}).status_code == 403
    assert asked > 25
    assert counts() == before
    assert known.get("/account/").status_code == 200, "not even signed out"


def counts() -> dict[str, int]:
    """Rows of what people change."""
    return {
        one.__name__: one.objects.count() for one in (Account, Membership, Invitation, Organisation, Council, Session)
    }


def test_reading_changes_nothing(administrator):
    rows = counts()
    values = list(Account.objects.order_by("pk").values_list("name", "email", "password", "is_active"))
    for path in PLAIN:
        for method in ("get", "head"):
            let_go(getattr(administrator, method)(path))
    assert counts() == rows
    assert list(Account.objects.order_by("pk").values_list("name", "email", "password", "is_active")) == values
    assert administrator.get("/account/").status_code == 200, "reading signs nobody out"


def test_a_form_is_read_from_its_body_only(people, stranger):
    email = people.account("provider").email
    answer = stranger.post(f"/sign-in/?email={email}&password={PASSWORD}", {})
    assert answer.status_code == 422
    twice = stranger.generic(
        "POST", "/sign-in/", f"email={email}&email=nobody@example.org&password={PASSWORD}",
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert twice.status_code == 422, "of a name that comes twice the last counts, in every place"


def test_token_in_the_address_is_none(people, stranger):
    from careshape.work.tokens import make

    _, text = make(people.principal("analyst"), "tests", ["work.home"], 30)
    assert stranger.get("/api/v1/me", headers={"Authorization": f"Bearer {text}"}).status_code == 200
    for name in ("token", "access_token", "api_key", "Authorization"):
        assert stranger.get(f"/api/v1/me?{name}={text}").status_code == 401


def test_fields_that_a_form_does_not_show_are_not_taken(people, administrator):
    row = Organisation.objects.filter(council=people.councils["worcestershire"]).first()
    theirs = people.councils["thurrock"]
    given = {"kind": "provider", "name": "Synthetic provider W-003", "reference": "W-003"}
    more = {"council": theirs.pk, "council_id": theirs.pk, "id": row.pk, "pk": row.pk, "is_active": "off"}
    assert administrator.post("/work/organisations/new/", {**given, **more}).status_code == 302
    made = Organisation.objects.get(name="Synthetic provider W-003")
    assert made.council == people.councils["worcestershire"]
    assert made.pk != row.pk
    member = people.memberships["worcestershire", "broker"]
    change = {"role": "analyst", "team": "", "council": theirs.pk, "account": 1, "ended_at": "2020-01-01"}
    assert administrator.post(f"/work/people/{member.pk}/role/", change).status_code == 302
    before, account = member.account_id, member.council_id
    member.refresh_from_db()
    assert (member.account_id, member.council_id, member.ended_at, member.role) == (before, account, None, "analyst")


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_to_own_addresses_only(people, stranger, away):
    given = {"email": people.account("provider").email, "password": PASSWORD, "next": away}
    assert stranger.post(f"/sign-in/?next={away}", given).headers["Location"] == "/work/"


@pytest.mark.parametrize("asked", ["' OR '1'='1", "x'; DROP TABLE accounts_account; --", "%' OR 1=1 --", "\\"])
def test_words_are_no_part_of_a_query(people, administrator, stranger, asked):
    assert b"None of 10 fits" in administrator.get("/work/people/", {"q": asked}).content
    assert administrator.get("/work/people/", {"sort": asked, "role": asked}).status_code == 200
    assert stranger.post("/sign-in/", {"email": asked, "password": asked}).status_code == 422
    assert Account.objects.exists()


def test_words_in_links_are_encoded(people, administrator):
    asked = "\"><img src=x>&role=broker#'"
    account = people.account("finance")
    account.name = asked
    account.save()
    page = administrator.get("/work/people/", {"q": asked, "page": "1"}).content.decode()
    assert "<img src=x>" not in page
    links = [one for one in re.findall(r'href="([^"]*)"', page) if "q=" in one]
    assert links
    assert all("q=%22%3E%3Cimg+src%3Dx%3E%26role%3Dbroker%23%27" in one for one in links), links[:2]
    assert not re.findall(r'(?:href|src|action)="(?:javascript|data):', page)


def test_words_are_decoded_once(administrator):
    page = administrator.get("/work/people/?q=%253Cb%253E%2526amp%253B").content.decode()
    assert 'value="%3Cb%3E%26amp%3B"' in page, "what was encoded twice stays encoded once"
    assert administrator.get("/static/%252e%252e/settings.py").status_code == 404
    assert administrator.get("/static/careshape/%252e%252e%252f%252e%252e%252fsettings.py").status_code == 404


@pytest.mark.parametrize("words", ["{{ 7*7 }}", "{% raw %}", "%s %(x)s {0.__class__}", "${7*7} #{7*7}", "\\u003cb"])
def test_words_are_shown_as_they_are_and_never_run(people, administrator, words):
    row = people.organisations["worcestershire"][0]
    row.name = words
    row.save()
    page = administrator.get(f"/work/organisations/{row.pk}/").content.decode()
    assert words in page.replace("&#39;", "'")
    assert "49" not in re.sub(r"<script.*?</script>|<[^>]+>", "", page).replace(str(row.pk), "")


def test_data_in_json_stays_data(people, administrator):
    from careshape.work.tokens import make

    _, text = make(people.principal("analyst"), 'a</script>"\n', ["work.registers"], 30)
    answer = Client().get("/api/v1/registers/providers?q=%22%7D%2C%7B", headers={"Authorization": f"Bearer {text}"})
    assert json.loads(answer.content)["items"] == []
    assert answer.headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    "email", ["a@example.org\nBcc: b@example.org", "a@example.org\r\n\r\nwords", "a@b.org,c@d.org"]
)
def test_address_that_would_change_a_message_is_refused(administrator, email):
    answer = administrator.post("/work/people/invite/", {"email": email, "role": "broker"})
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("number", ["9223372036854775808", "99999999999999999999999", "2147483648"])
def test_numbers_beyond_what_a_column_holds_are_answered(administrator, number):
    for path in (f"/work/people/{number}/", f"/work/organisations/{number}/", f"/work/imports/{number}/"):
        assert administrator.get(path).status_code in (403, 404), path
    assert administrator.get(f"/work/people/?page={number}").status_code == 200


def test_every_page_of_the_signed_in_offers_to_sign_out(administrator):
    shown = 0
    for path in PLAIN:
        if not path.startswith(("/work/", "/account/")):
            continue
        answer = administrator.get(path)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            assert 'action="/sign-out/"' in answer.content.decode(), path
            shown += 1
        let_go(answer)
    assert shown > 8


# What is written down


def test_failed_signing_in_is_told(people, data, settings):
    settings.CARESHAPE_DIR = data
    password(Client(), people.account("broker"), "a wrong password")
    event = Event.objects.filter(act="accounts.sign_in", outcome="refused").latest("pk")
    assert "a wrong password" not in str(event.__dict__)
    assert event.object == f"accounts.account:{people.account('broker').pk}"


def test_refused_acts_are_in_the_log(people, data, settings, caplog):
    settings.CARESHAPE_DIR = data
    with caplog.at_level(logging.INFO, "careshape.request"):
        assert signed_in(people.account("analyst")).post("/work/people/invite/", {}).status_code == 403
    told = [json.loads(JsonLines().format(one)) for one in caplog.records if one.name == "careshape.request"]
    assert [(one["method"], one["route"], one["status"]) for one in told] == [("POST", "/work/people/invite/", 403)]


def test_times_of_the_log_and_of_events_say_their_zone(people):
    made = logging.LogRecord("careshape", logging.WARNING, "x.py", 1, "words", (), None)
    at = datetime.fromisoformat(json.loads(JsonLines().format(made))["at"])
    assert at.utcoffset() is not None
    password(Client(), people.account("broker"), "a wrong password")
    told = Event.objects.latest("pk").at
    assert datetime.fromisoformat(told).utcoffset() == timedelta(0), told


# Code

RUNS = {"eval", "exec", "os.system", "os.popen", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load",
        "random.random", "random.choice", "random.randint", "random.getrandbits",
        "hashlib.md5", "shelve.open"}  # fmt: skip
GUARDED = ("accounts", "audit", "jobs", "policy", "privacy", "site", "statement", "work")


def runs(text: str) -> list[str]:
    """Calls that run text, read objects of anybody's making, draw what can be foretold, or go through a shell."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            shell = any(one.arg == "shell" and getattr(one.value, "value", True) for one in node.keywords)
            found += [name] * (name in RUNS or shell)
    return found


def test_code_runs_no_text_and_reads_no_objects():
    files = [one for room in GUARDED for one in (SOURCE / room).rglob("*.py")]
    assert len(files) > 100
    assert {str(one): runs(one.read_text("utf-8")) for one in files if runs(one.read_text("utf-8"))} == {}
    assert runs("eval(x); subprocess.run(y, shell=True); pickle.loads(z)") == ["eval", "subprocess.run", "pickle.loads"]


def test_scripts_keep_nothing_write_no_markup_and_hear_no_other_window():
    stored = r"localStorage|sessionStorage|indexedDB|document\.cookie"
    markup = r"innerHTML|outerHTML|document\.write|insertAdjacentHTML|\beval\(|new Function"
    words = rf"{stored}|{markup}|postMessage|[\"']message[\"']|__proto__"
    assert len(SCRIPTS) >= 4
    assert [one.name for one in SCRIPTS if re.search(words, one.read_text("utf-8"))] == []
    assert re.search(words, "element.innerHTML = text")
