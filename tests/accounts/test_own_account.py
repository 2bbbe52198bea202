"""One's own account: password by e-mail, second factors, recovery codes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client

from careshape.accounts import one_time
from careshape.accounts.mail import link
from careshape.accounts.models import OneTimeCodes, RecoveryCode, Session
from careshape.folders import HELD_FILE
from careshape.site.serve import served_at
from tests.accounts.people import PASSWORD
from tests.accounts.signing import SECRET, code_now, give_codes, key_on, password, signed_in

NEW = "a new password of tests"


def reset_path(mailoutbox) -> str:
    return re.search(r"(/sign-in/reset/\S+)", mailoutbox[-1].body)[1]


def test_forgotten_password_is_replaced_by_a_link_that_is_good_once(people, visitor, mailoutbox):
    account = people.account("broker")
    give_codes(account)
    client = signed_in(account)
    assert visitor.post("/sign-in/forgotten/", {"email": account.email}).status_code == 200
    path = reset_path(mailoutbox)
    assert visitor.post(path, {"password": "short"}).status_code == 422
    assert visitor.post(path, {"password": NEW}).status_code == 200
    assert visitor.post(path, {"password": "yet another password"}).status_code == 410
    assert client.get("/account/").status_code == 302
    assert not Session.objects.filter(account=account.pk).exists()
    assert password(Client(), account).status_code == 422
    assert password(visitor, account, NEW).headers["Location"] == "/sign-in/second/"


def test_forgotten_password_of_nobody_gets_the_same_answer_and_no_message(people, visitor, mailoutbox):
    pages = [
        visitor.post("/sign-in/forgotten/", {"email": email}).content
        for email in ("nobody@example.org", people.account("broker").email)
    ]
    assert pages[0] == pages[1]
    assert [mail.to for mail in mailoutbox] == [["broker@worcestershire.example"]]


def test_link_for_a_password_is_good_for_an_hour(people, visitor, mailoutbox, monkeypatch):
    account = people.account("broker")
    visitor.post("/sign-in/forgotten/", {"email": account.email})
    path = reset_path(mailoutbox)
    late = datetime.now() + timedelta(minutes=61)  # noqa: DTZ005 (Django's tokens count in naive local time)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: late)
    assert visitor.get(path).status_code == 410


def test_links_lead_to_the_installation_and_not_to_the_host_that_was_asked_for(settings, rf):
    settings.ALLOWED_HOSTS = ["*"]
    asked = rf.get("/", HTTP_HOST="evil.example")
    assert "evil" not in link("/x/", asked)
    settings.CARESHAPE_ADDRESS = "https://care.example.org"
    assert link("/x/", asked) == "https://care.example.org/x/"


def test_links_of_commands_lead_to_where_the_folder_is_served(settings, tmp_path):
    settings.CARESHAPE_DIR = tmp_path
    assert link("/x/") == "http://127.0.0.1:8000/x/"
    (tmp_path / HELD_FILE).write_text(f"{served_at('0.0.0.0', 8123)}\n", "utf-8")
    assert link("/x/") == "http://127.0.0.1:8123/x/"
    assert served_at("::1", 80) == "http://[::1]:80"


def test_recovery_code_is_good_once(people, visitor):
    account = people.account("broker")
    give_codes(account)
    code = one_time.new_recovery_codes(account)[0]
    password(visitor, account)
    assert visitor.get("/sign-in/recovery/").status_code == 200
    assert visitor.post("/sign-in/recovery/", {"code": "aaaaa-bbbbb-ccccc"}).status_code == 422
    assert visitor.post("/sign-in/recovery/", {"code": code.upper().replace("-", " ")}).status_code == 302
    other = Client()
    password(other, account)
    assert other.post("/sign-in/recovery/", {"code": code}).status_code == 422
    assert code not in str(list(RecoveryCode.objects.values_list("digest", flat=True)))


def test_recovery_codes_are_made_anew_and_the_old_ones_are_over(people):
    account = people.account("broker")
    give_codes(account)
    old = one_time.new_recovery_codes(account)
    page = signed_in(account).post("/account/recovery/").content.decode()
    new = re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5}-[a-z2-9]{5})</li>", page)
    assert len(set(new)) == 10
    assert not one_time.take_recovery_code(account, old[0])
    assert one_time.take_recovery_code(account, new[0])


def test_staff_cannot_take_their_last_second_factor_away(people):
    account = people.account("broker")
    give_codes(account)
    client = signed_in(account)
    assert client.get("/account/codes/remove/").status_code == 200
    answer = client.post("/account/codes/remove/")
    assert answer.status_code == 422
    assert "Set up another one" in answer.content.decode()
    assert OneTimeCodes.objects.filter(account=account).exists()


def test_provider_may_have_and_take_away_a_second_factor(people, visitor):
    account = people.account("provider")
    client = signed_in(account, "")
    key = key_on(client.get("/account/codes/").content)
    assert client.post("/account/codes/", {"code": code_now(key)}).status_code == 200
    assert password(visitor, account).headers["Location"] == "/sign-in/second/"
    assert client.post("/account/codes/remove/").status_code == 302
    assert not OneTimeCodes.objects.filter(account=account).exists()


def test_new_password_needs_the_old_one(people):
    client = signed_in(people.account("provider"), "")
    assert client.post("/account/password/", {"present": "wrong", "password": NEW}).status_code == 422
    assert client.post("/account/password/", {"present": PASSWORD, "password": PASSWORD}).status_code == 422
    assert people.account("provider").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("step", "code"),
    # RFC 6238, appendix B, SHA-1, the last six of eight digits.
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_standard(step, code):
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert one_time.code_at(secret, step // 30) == code
    assert one_time.step_of(secret, f"{code[:3]} {code[3:]}", step) == step // 30
    assert one_time.step_of(secret, code, step + 30) == step // 30
    assert one_time.step_of(secret, code, step + 90) is None


def test_secret_is_encrypted_in_the_database(people):
    give_codes(people.account("broker"))
    assert SECRET not in OneTimeCodes.objects.get().secret


def test_passkey_that_answers_no_challenge_is_refused(people, visitor):
    account = people.account("broker")
    give_codes(account)
    password(visitor, account)
    for answer in ("", "{}", "[]", '{"id": "x"}', "no json"):
        assert visitor.post("/sign-in/second/passkey/", {"answer": answer}).status_code == 422
        assert Client().post("/sign-in/passkey/", {"answer": answer}).status_code == 422
    assert visitor.get("/account/").status_code == 302
