"""The API's acts of readers: what somebody follows, what they say of an edition, and what the council answers."""

from __future__ import annotations

import pytest

from careshape.accounts.models import Message
from careshape.audit.models import Event
from careshape.readers.models import Comment, Follow
from careshape.work.models import Answer
from tests.policy.editions import make_edition
from tests.work.asking import ROOT, send

SAID = "More places are needed in the east."


@pytest.fixture
def released(data) -> None:
    """An edition with one page that everybody reads."""
    make_edition(data, "worcestershire", "released")


def test_something_is_followed_stopped_and_followed_again(asking, released) -> None:
    client = asking("provider")
    pk = send(client, "following", {"what": "segment", "segment": "care-homes"}).json()["id"]
    one = client.get(f"{ROOT}/following").json()["items"][0]
    assert (one["id"], one["title"], one["stopped"]) == (pk, "Care homes", None)
    assert send(client, f"following/{pk}/stop").json()["done"] == "stopped"
    assert client.get(f"{ROOT}/following").json()["items"][0]["stopped"]
    assert send(client, f"following/{pk}/resume").json()["done"] == "resumed"
    for wrong, status in (
        ({"what": "all"}, 422), ({"what": "wanted"}, 422), ({"what": "wanted", "service": "no-such"}, 422),
        ({"what": "segment", "segment": "no-such"}, 409),
    ):  # fmt: skip
        assert send(client, "following", wrong).status_code == status, wrong
    other = asking("voluntary")
    assert other.get(f"{ROOT}/following").json()["total"] == 0
    assert send(other, f"following/{pk}/stop").status_code == 404
    assert Follow.objects.get().stopped_at is None


def test_a_reader_is_answered_and_what_they_said_is_published_without_a_name(asking, released) -> None:
    reader, council = asking("provider"), asking("commissioner")
    given = {"segment": "care-homes", "text": SAID}
    made = [send(reader, "comments", given, **{"Idempotency-Key": "a"}) for _ in range(2)]
    pk = made[0].json()["id"]
    assert (made[0].status_code, made[1].content, Comment.objects.count()) == (201, made[0].content, 1)
    assert SAID not in Answer.objects.get().body
    listed = council.get(f"{ROOT}/readers?state=waiting").json()["items"]
    assert [(one["id"], one["section"], one["who"]) for one in listed] == [
        (pk, "Care homes", "Provider worcestershire")
    ]
    assert asking("analyst").get(f"{ROOT}/readers").status_code == 403
    assert send(council, f"readers/{pk}/answer", {"answer": "No.", "publish": True}).status_code == 409, "too short"
    assert send(council, f"readers/{pk}/answer", {"answer": "We ask for tenders in spring."}).status_code == 422
    answer = {"answer": "We ask for tenders in spring.", "publish": True}
    assert send(council, f"readers/{pk}/answer", answer).json()["done"] == "published"
    assert Message.objects.count() == 1
    own = reader.get(f"{ROOT}/comments/{pk}").json()
    assert (own["state"], own["answer"], own["by"]) == ("published", answer["answer"], None)
    assert council.get(f"{ROOT}/readers/{pk}").json()["by"] == "Commissioner worcestershire"
    assert send(council, f"readers/{pk}/settle").json()["done"] == "settled"
    assert send(council, f"readers/{pk}/settle").status_code == 409
    assert send(council, f"readers/{pk}/reopen").json()["done"] == "reopened"
    told = list(
        Event.objects.filter(act__startswith="readers.", outcome="done").order_by("pk").values_list("act", flat=True)
    )
    assert told == ["readers.comment", *["readers.answer"] * 3]


def test_a_comment_is_taken_back_and_nobody_else_sees_it(asking, released) -> None:
    reader, council = asking("provider"), asking("commissioner")
    pk = send(reader, "comments", {"segment": "care-homes", "text": SAID, "edition": 1}).json()["id"]
    assert send(reader, f"comments/{pk}/withdraw").json()["done"] == "withdrawn"
    assert council.get(f"{ROOT}/readers/{pk}").status_code == 404
    assert send(reader, f"comments/{pk}/restore").json()["done"] == "restored"
    assert council.get(f"{ROOT}/readers/{pk}").status_code == 200
    assert reader.get(f"{ROOT}/comments?state=waiting").json()["total"] == 1
    assert send(asking("voluntary"), f"comments/{pk}/withdraw").status_code == 404


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"segment": "no-such", "text": SAID}, 422, "section: "),
        ({"segment": "care-homes", "slot": "no-such", "text": SAID}, 422, "section: "),
        ({"segment": "care-homes", "text": "Short"}, 422, "text: "),
        ({"segment": "care-homes", "text": SAID, "edition": 7}, 404, "no such released edition"),
    ],
)
def test_what_is_wrong_with_a_comment_is_said(asking, released, given, status, said) -> None:
    answer = send(asking("provider"), "comments", given)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True)
    assert not Comment.objects.exists()
