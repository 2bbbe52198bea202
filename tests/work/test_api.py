"""The API: tokens, paging, idempotency, and the same acts under the same policy."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from careshape.accounts.models import Account, Membership
from careshape.home import Home
from careshape.policy import ANYBODY, policy
from careshape.policy.views import act_of
from careshape.work import api
from careshape.work.api.acts import FIELD
from careshape.work.api.service import description
from careshape.work.models import Answer, Import, Token
from careshape.work.tokens import OFFERED, digest, make
from tests.work.files import FAULTY, GOOD

ROOT = "/api/v1"


def bring(client, content: bytes = GOOD, **headers: str):
    return client.post(f"{ROOT}/imports", {"file": SimpleUploadedFile("packages.csv", content)}, headers=headers)


def test_a_token_says_who_asks_and_what_it_may(asking) -> None:
    told = asking("analyst", acts=["work.home", "work.measures"]).get(f"{ROOT}/me").json()
    assert told == {"role": "analyst", "council": "worcestershire", "acts": ["work.home", "work.measures"]}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer careshape_wrong"}, {"Authorization": "Basic YTpi"}])
def test_without_a_good_token_nothing_is_answered(data, db, headers) -> None:
    answer = Client(SERVER_NAME="localhost", headers=headers).get(f"{ROOT}/measures")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert "detail" in answer.json()


def test_a_session_is_no_token(signed_in) -> None:
    assert signed_in("analyst").get(f"{ROOT}/me").status_code == 401


def test_a_token_does_no_act_beyond_those_it_was_given(asking) -> None:
    client = asking("analyst", acts=["work.measures"])
    assert client.get(f"{ROOT}/measures").status_code == 200
    for address in ("postings", "registers/providers", "imports", "figures", "me"):
        answer = client.get(f"{ROOT}/{address}")
        assert (answer.status_code, "detail" in answer.json()) == (403, True), address
    assert bring(client).status_code == 403
    assert not Import.objects.exists()


@pytest.mark.parametrize("how", ["revoked", "expired", "ended", "inactive"])
def test_a_token_that_is_not_good_any_more_is_refused_at_once(asking, how) -> None:
    client = asking("analyst")
    assert client.get(f"{ROOT}/me").status_code == 200
    token = Token.objects.get()
    now = timezone.now()
    if how == "revoked":
        Token.objects.update(revoked_at=now)
    elif how == "expired":
        Token.objects.update(expires_at=now - timedelta(seconds=1))
    elif how == "ended":
        Membership.objects.filter(pk=token.membership_id).update(ended_at=now)
    else:
        Account.objects.filter(pk=token.membership.account_id).update(is_active=False)
    assert client.get(f"{ROOT}/me").status_code == 401


def test_the_database_holds_no_token(people, db) -> None:
    token, text = make(people.principal("analyst"), "tests", ["work.home"], 30)
    assert text not in str(Token.objects.values().get())
    assert token.digest == digest(text)


def test_measures_answer_as_the_pages_do(asking) -> None:
    client = asking("commissioner")
    told = client.get(f"{ROOT}/measures/care_home_people/answer?by=district&period=2021-03-31").json()
    assert told["rows"] == [{"district": "redditch", "value": 2}, {"district": "wychavon", "value": 3}]
    nursing = client.get(f"{ROOT}/measures/people_supported/answer?where=service=Nursing care&period=2021-03-31").json()
    assert nursing["rows"] == [{"value": 4}]
    wrong = client.get(f"{ROOT}/measures/bed_nigths/answer")
    assert wrong.status_code == 422
    assert "Did you mean bed_nights" in wrong.json()["detail"]


def test_lists_are_paged(asking) -> None:
    client = asking("analyst")
    first = client.get(f"{ROOT}/registers/providers?limit=3").json()
    last = client.get(f"{ROOT}/registers/providers?limit=3&offset=6").json()
    assert (first["total"], len(first["items"]), len(last["items"])) == (8, 3, 2)
    one = first["items"][0]
    assert client.get(f"{ROOT}/registers/providers/{one['id']}").json() == one
    for wrong in ("limit=0", "limit=201", "offset=-1", "limit=x"):
        assert client.get(f"{ROOT}/registers/providers?{wrong}").status_code == 422, wrong


def test_reading_gives_observations_postings_and_figures(asking) -> None:
    client = asking("analyst")
    found = client.get(f"{ROOT}/observations?table=table-01&limit=1").json()
    assert found["total"] > 1
    assert found["items"][0]["table"] == "table-01"
    assert client.get(f"{ROOT}/postings").json()["items"][0]["posted_by"] == "The command line"
    assert client.get(f"{ROOT}/postings/9").status_code == 404
    figures = client.get(f"{ROOT}/figures?q=care_home_people").json()["items"]
    assert figures
    assert client.get(f"{ROOT}/figures/{figures[0]['key']}").json() == figures[0]


def test_a_file_is_brought_and_posted(asking, data) -> None:
    client = asking("analyst")
    brought = bring(client)
    assert brought.status_code == 201
    one = brought.json()
    assert (one["state"], one["rows"], one["refused"]) == ("checked", 2, 0)
    posted = client.post(f"{ROOT}/imports/{one['id']}/post").json()
    assert (posted["state"], posted["posting"]) == ("posted", 2)
    faulty = bring(client, FAULTY).json()
    assert client.get(f"{ROOT}/imports/{faulty['id']}/report").json()["refused"] == 2
    assert client.post(f"{ROOT}/imports/{faulty['id']}/discard").json()["state"] == "discarded"
    assert client.post(f"{ROOT}/imports/{faulty['id']}/post").status_code == 409
    assert client.post(f"{ROOT}/withdrawals", {"references": ["L0"]}, "application/json").status_code == 201


def test_the_same_key_and_request_is_done_once_and_answered_again(asking, data) -> None:
    client = asking("analyst")
    answers = [bring(client, **{"Idempotency-Key": "a"}) for _ in range(3)]
    assert {one.content for one in answers} == {answers[0].content}
    assert [one.headers.get("Idempotent-Replayed") for one in answers] == [None, "true", "true"]
    pk = answers[0].json()["id"]
    posts = [client.post(f"{ROOT}/imports/{pk}/post", headers={"Idempotency-Key": "b"}) for _ in range(3)]
    assert {one.content for one in posts} == {posts[0].content}
    assert len(Home(data).ledger("worcestershire").postings()) == 2
    client.post(f"{ROOT}/imports/{pk}/discard")
    assert bring(client, **{"Idempotency-Key": "a"}).json()["state"] == "checked", "as it was answered then"


def test_the_same_key_with_another_request_is_refused(asking) -> None:
    client = asking("analyst")
    bring(client, **{"Idempotency-Key": "a"})
    other = bring(client, FAULTY, **{"Idempotency-Key": "a"})
    assert other.status_code == 422
    assert Import.objects.count() == 1
    assert bring(asking("analyst", "thurrock"), FAULTY, **{"Idempotency-Key": "a"}).status_code == 201, "another's key"


def test_a_key_under_way_is_told_and_a_failed_request_frees_it(asking) -> None:
    client = asking("analyst")
    assert client.post(f"{ROOT}/imports/999/post", headers={"Idempotency-Key": "c"}).status_code == 404
    assert not Answer.objects.exists()
    bring(client, **{"Idempotency-Key": "d"})
    Answer.objects.update(status=None)
    assert bring(client, **{"Idempotency-Key": "d"}).status_code == 409
    assert bring(client, **{"Idempotency-Key": "white space"}).status_code == 422


def test_text_that_no_file_can_hold_is_not_read(asking) -> None:
    for body in ('{"name": "\\ud800"}', '{"\\udfff": 1}', "{", "\xff"):
        answer = asking("administrator").post(f"{ROOT}/teams", body, "application/json")
        assert (answer.status_code, answer.json()) == (400, {"detail": "Cannot parse request body"}), body


def test_another_councils_objects_are_refused_as_those_that_do_not_exist(asking) -> None:
    pk = bring(asking("analyst")).json()["id"]
    other = asking("analyst", "thurrock")
    theirs, none = other.get(f"{ROOT}/imports/{pk}"), other.get(f"{ROOT}/imports/{pk + 1000}")
    assert (theirs.status_code, theirs.content) == (none.status_code, none.content)
    assert other.post(f"{ROOT}/imports/{pk}/post").status_code == 404


def test_every_operation_states_an_act_that_the_gate_sees() -> None:
    paths = description()["paths"]
    assert len(paths) >= 15
    for where, methods in paths.items():
        path = where.replace("{which}", "providers").replace("{number}", "1").replace("{pk}", "1")
        view = get_resolver().resolve(re.sub(r"{\w+}", "x", path)).func
        for method, operation in methods.items():
            assert act_of(view, method.upper()) == operation[FIELD], where
            assert operation[FIELD] in policy().acts
            assert operation[FIELD] in OFFERED or policy().permits(ANYBODY, operation[FIELD])


def test_the_description_is_open_and_its_page_has_no_script_of_others(client, data) -> None:
    told = client.get(f"{ROOT}/openapi.json", SERVER_NAME="localhost").json()
    assert told["openapi"].startswith("3.")
    text = client.get(f"{ROOT}/", SERVER_NAME="localhost").content.decode()
    assert "/api/v1/imports" in text
    assert 'href="#writing"' in text
    assert "The manifest of the edition that was read" in text, "what is sent is said too"
    assert text.count("<script") == text.count('<script type="module" src="/static/careshape/')


def test_tokens_are_made_and_revoked_on_their_page(signed_in) -> None:
    client = signed_in("finance")
    offered = client.get("/account/tokens/").content.decode()
    places = [offered.index(one) for one in ("Records and figures", "Ask the council&#39;s measures", "Readers")]
    assert places == sorted(places)
    ids = re.findall(r' id="([^"]+)"', offered)
    assert len(ids) == len(set(ids)), "each place of the page has a name of its own"
    wrong = client.post("/account/tokens/", {"name": "", "acts": ["work.measures"], "days": "30"})
    assert (wrong.status_code, "Enter what the token is for." in wrong.content.decode()) == (400, True)
    beyond = client.post("/account/tokens/", {"name": "x", "acts": ["work.import"], "days": "30"})
    assert "Select what the token may do." in beyond.content.decode()
    made = client.post("/account/tokens/", {"name": "Dashboard", "acts": ["work.measures"], "days": "90"})
    assert "careshape_" in made.content.decode()
    token = Token.objects.get()
    assert "careshape_" not in client.get("/account/tokens/").content.decode().replace("careshape_session", "")
    assert signed_in("broker").post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    client.post(f"/account/tokens/{token.pk}/revoke/")
    assert Token.objects.get().revoked_at is not None


def test_no_two_shapes_of_the_api_have_one_name():
    found: dict[str, set[str]] = {}
    for file in Path(api.__path__[0]).glob("*.py"):
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, set()).add(file.name)
    assert len(found) > 100
    # The description of the API names a shape by its class: of two of a name it would show one for both.
    assert {name: files for name, files in found.items() if len(files) > 1} == {}
