"""The API's acts of writing: a text is read with its faults, drafted, proposed, and agreed by another who read it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from careshape.audit.models import Event
from careshape.statement.addresses import address
from careshape.work.models import Answer
from careshape.writing.models import Version
from tests.work.asking import ROOT, send

FILE = "statement/03-shared-lives.md"
FIGURE = 'There are places for {{ measure("care_home_people", period="2021-03-31") }} people.'


def text(client, file: str = FILE):
    return client.get(f"{ROOT}/writing/text", {"file": file}).json()


def proposed(client, words: str = FIGURE, **more: object) -> int:
    """Propose words for a part; the number of the version."""
    given = {"file": FILE, "part": "supply", "text": words, "why": "More is known.", **more}
    answer = send(client, "writing/proposals", given)
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]


def test_files_of_every_kind_are_listed_and_read(asking) -> None:
    client = asking("auditor")
    listed = client.get(f"{ROOT}/writing/files?limit=200").json()["items"]
    found = {one["file"]: one for one in listed}
    assert {FILE, "statement/statement.toml", "statement/tables.toml", "design/intentions.csv"} <= set(found)
    assert (found[FILE]["title"], found[FILE]["in_force"], found[FILE]["open"]) == ("Shared Lives", True, [])
    one = text(client)
    assert (one["draft"], one["faults"]) == (None, [])
    assert "supply" in [part["id"] for part in one["parts"]]
    assert {part["state"] for part in one["parts"]} <= {"Written", "Empty", "Due for review", "Overdue"}
    assert text(client, "design/intentions.csv")["content"].startswith("id,")
    assert client.get(f"{ROOT}/writing/text?file=statement/99-nothing.md").status_code == 404
    for wrong in ("../council.toml", "council.toml", "statement/../../x.md", "\x00"):
        assert client.get(f"{ROOT}/writing/text", {"file": wrong}).status_code == 422, wrong


def test_a_faulty_text_is_kept_as_a_draft_mended_proposed_and_agreed_by_another(asking, client) -> None:
    writer, other = asking("commissioner"), asking("analyst")
    base = text(writer)["digest"]
    given = {"file": FILE, "part": "supply", "text": "There are 27 places.", "why": "More is known.", "base": base}
    refused = send(writer, "writing/proposals", given)
    assert (refused.status_code, refused.json()["faults"][0]["rule"]) == (422, "typed number")
    one = text(writer)
    assert "There are 27 places." in one["draft"]["content"]
    assert (one["draft"]["behind"], one["faults"][0]["message"]) == (False, refused.json()["faults"][0]["message"])
    assert text(other)["draft"] is None, "another's draft is not one's own"
    pk = proposed(writer)
    assert text(other)["open"] == [pk]
    own = send(writer, f"writing/versions/{pk}/agree", {"digest": Version.objects.get(pk=pk).digest})
    assert (own.status_code, "second person" in own.json()["detail"]) == (409, True)
    read = other.get(f"{ROOT}/writing/versions/{pk}").json()
    assert any("There are places" in change["after"] for change in read["changes"])
    assert read["figures_come"] == ['measure("care_home_people", period="2021-03-31")']
    assert send(other, f"writing/versions/{pk}/agree", {}).status_code == 422, "which words were read is not said"
    agreed = send(other, f"writing/versions/{pk}/agree", {"digest": read["digest"]}, **{"Idempotency-Key": "a"})
    assert agreed.json() == {"id": pk, "done": "in force"}
    again = send(other, f"writing/versions/{pk}/agree", {"digest": read["digest"]}, **{"Idempotency-Key": "a"})
    assert again["Idempotent-Replayed"] == "true"
    assert "There are places" not in Answer.objects.get().body
    page = client.get(address("worcestershire", "segment", "shared-lives"), SERVER_NAME="localhost").content.decode()
    assert "There are places for" in page
    told = set(Event.objects.filter(chain="worcestershire").values_list("act", flat=True))
    assert {"writing.write", "writing.propose", "writing.agree", "writing.put_in_force"} <= told


def test_words_that_were_changed_since_they_were_read_are_not_agreed(asking) -> None:
    writer, other = asking("commissioner"), asking("analyst")
    pk = proposed(writer)
    read = other.get(f"{ROOT}/writing/versions/{pk}").json()["digest"]
    assert send(writer, f"writing/versions/{pk}/take-back").json()["done"] == "taken back"
    assert proposed(writer, "Nobody has read this.") == pk
    refused = send(other, f"writing/versions/{pk}/agree", {"digest": read})
    assert (refused.status_code, "not those that you read" in refused.json()["detail"]) == (409, True)


def test_what_is_left_out_of_a_draft_stays_and_no_other_draft_is_written_over(asking) -> None:
    client = asking("commissioner")
    now = text(client)
    others = {part["id"]: part["text"] for part in now["parts"] if part["id"] != "supply"}
    given = {"file": FILE, "part": "supply", "owner": "Commissioning manager", "review": "2030-01-31"}
    assert send(client, "writing/drafts", given).json()["done"] == "saved"
    given = {"file": FILE, "part": "supply", "text": "Some."}
    assert send(client, "writing/drafts", {**given, "seen": "0" * 64}).status_code == 409, "another was saved since"
    assert send(client, "writing/drafts", {**given, "seen": text(client)["draft"]["digest"]}).status_code == 201
    one = text(client)
    assert {part["id"]: part["text"] for part in one["parts"] if part["id"] != "supply"} == others
    assert 'owner = "Commissioning manager"' in one["draft"]["content"]
    assert "review = 2030-01-31" in one["draft"]["content"]
    assert one["content"] == now["content"], "a draft is not in force"
    for wrong, said in (
        ({"part": "no_such", "text": "x"}, "no part"), ({"text": "x"}, "of which part"),
        ({"owner": "x"}, "Only a part"),
        ({"file": "statement/99-new.md", "part": "supply", "text": "x"}, "no such file"),
    ):  # fmt: skip
        refused = send(client, "writing/drafts", {"file": FILE, **wrong})
        assert (refused.status_code, said in refused.json()["detail"]) == (422, True), wrong
    new = send(client, "writing/drafts", {"file": "statement/99-new.md", "content": "No page."})
    assert new.status_code == 201
    listed = client.get(f"{ROOT}/writing/files?limit=200").json()["items"]
    assert [one["in_force"] for one in listed if one["file"] == "statement/99-new.md"] == [False]


def test_a_proposal_is_scheduled_turned_back_and_discarded(asking) -> None:
    writer, other = asking("commissioner"), asking("analyst")
    pk = proposed(writer)
    place, tomorrow = f"writing/versions/{pk}", (timezone.localdate() + timedelta(days=1)).isoformat()
    read = other.get(f"{ROOT}/{place}").json()["digest"]
    assert send(other, f"{place}/agree", {"digest": read, "comes_on": tomorrow}).json()["done"] == "scheduled"
    assert other.get(f"{ROOT}/writing/versions?state=agreed&file={FILE}").json()["items"][0]["comes_on"] == tomorrow
    assert send(other, f"{place}/turn-back", {"answer": " "}).status_code == 409
    assert send(other, f"{place}/turn-back", {"answer": "Say where."}).json()["done"] == "turned back"
    assert writer.get(f"{ROOT}/{place}").json()["answer"] == "Say where."
    assert send(other, f"{place}/discard").status_code == 409, "it is another's"
    assert send(writer, f"{place}/discard").json()["done"] == "discarded"
    assert send(asking("auditor"), f"{place}/discard").status_code == 403


def test_colleagues_comment_answer_and_settle(asking) -> None:
    writer, other = asking("commissioner"), asking("analyst")
    pk = proposed(writer)
    said = send(other, f"writing/versions/{pk}/comments", {"text": "Say where.", "part": "supply"}).json()["id"]
    assert send(other, "writing/comments", {"file": FILE, "text": "And when?"}).status_code == 201
    assert send(other, "writing/comments", {"file": FILE, "text": "x", "part": "no_such"}).status_code == 409
    assert send(writer, f"writing/comments/{said}/answer", {"answer": "In the east."}).json()["done"] == "answered"
    assert send(writer, f"writing/comments/{said}/settle").json()["done"] == "settled"
    listed = writer.get(f"{ROOT}/writing/comments?file={FILE}").json()["items"]
    assert [one["text"] for one in listed] == ["And when?"]
    every = writer.get(f"{ROOT}/writing/comments?settled=true").json()["items"]
    assert [(one["text"], one["answer"]) for one in every] == [("Say where.", "In the east."), ("And when?", "")]
    assert writer.get(f"{ROOT}/writing/versions/{pk}").json()["comments"][0]["id"] == said
    theirs = asking("commissioner", "thurrock")
    assert send(theirs, f"writing/comments/{said}/settle").status_code == 404
