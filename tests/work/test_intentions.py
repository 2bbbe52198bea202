"""A commissioner changes an intention; a second person sees what differs as a row, and agrees it."""

from __future__ import annotations

import pytest

from careshape.design.files import EVENTS
from careshape.records.intentions import FILE, SHEET, design_text
from careshape.statement.council import open_council
from careshape.writing.models import Version
from careshape.writing.write import save

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/work/writing/intentions/"
NEW = {
    "id": "X-1", "service": "home-care", "client_group": "all", "statement": "Have more.", "direction": "grow",
    "why": "The committee decided it.",
}  # fmt: skip


def body(response) -> str:
    return response.content.decode()


def row_of(name: str) -> dict[str, str]:
    """An intention as it is packaged, as the form holds it."""
    return next(one for one in SHEET.texts(design_text("worcestershire", None, FILE)) if one["id"] == name)


def opened(client, name="W-CI-131") -> str:
    """What the form of an intention holds of the row that it was opened with."""
    return body(client.get(f"{LIST}{name}/")).partition('name="was" value="')[2].partition('"')[0]


def test_form_opened_before_another_change_came_into_force_writes_nothing_over(signed_in, people, data):
    writer, second = signed_in("commissioner"), signed_in("analyst")
    row = row_of("W-CI-131")
    mine = {**row, "note": "Mine.", "why": "A word.", "was": opened(second)}
    writer.post(f"{LIST}W-CI-131/", {**row, "target_value": "28", "why": "A new plan.", "was": opened(writer)})
    theirs = Version.objects.get(state="proposed")
    second.post(f"/work/writing/versions/{theirs.pk}/agree/", {"digest": theirs.digest})
    late = second.post(f"{LIST}W-CI-131/", mine)
    assert late.status_code == 400
    assert "changed since you opened it" in body(late)
    assert "As it stands now: 28" in body(late)
    assert not Version.objects.filter(state="proposed").exists()
    assert second.post(f"{LIST}W-CI-131/", {**mine, "target_value": "28", "was": opened(second)}).status_code == 302


def test_draft_left_over_is_brought_up_to_date_row_by_row(signed_in, people, data):
    writer, second = signed_in("commissioner"), signed_in("analyst")
    text = design_text("worcestershire", None, FILE)
    left = SHEET.write([one | ({"note": "Mine."} if one["id"] == "W-CI-130" else {}) for one in SHEET.texts(text)])
    save(people.principal("analyst"), "worcestershire", FILE, left, "A word.")
    sent = {**row_of("W-CI-131"), "target_value": "28", "why": "A new plan."}
    writer.post(f"{LIST}W-CI-131/", {**sent, "was": opened(writer)})
    theirs = Version.objects.get(state="proposed")
    second.post(f"/work/writing/versions/{theirs.pk}/agree/", {"digest": theirs.digest})
    more = {**row_of("W-CI-129"), "note": "More.", "why": "A word.", "was": opened(second, "W-CI-129")}
    assert second.post(f"{LIST}W-CI-129/", more).status_code == 302
    rows = {one["id"]: one for one in SHEET.texts(Version.objects.get(state="proposed").content)}
    assert (rows["W-CI-129"]["note"], rows["W-CI-130"]["note"]) == ("More.", "Mine.")
    assert rows["W-CI-131"]["target_value"] == "28"


def test_intention_is_changed_when_a_second_person_agrees(signed_in, people, data):
    writer, second = signed_in("commissioner"), signed_in("analyst")
    sent = {**row_of("W-CI-131"), "target_value": "28", "why": "A new plan.", "was": opened(writer)}
    response = writer.post(f"{LIST}W-CI-131/", sent)
    assert response.status_code == 302
    version = Version.objects.get(state="proposed")
    page = body(second.get(response.headers["Location"]))
    assert "W-CI-131" in page
    assert "target_value" in page
    assert "W-CI-130" not in page
    assert 'value="27"' in body(second.get(f"{LIST}W-CI-131/"))  # what is in force
    second.post(f"/work/writing/versions/{version.pk}/agree/", {"digest": version.digest})
    council = open_council(data, "worcestershire")
    assert council.decided.intention("W-CI-131").target_value == 28
    assert len(council.decided.intentions) == 139


def test_intentions_that_come_packaged_are_changed_where_the_council_has_another_file_of_its_own(signed_in, data):
    own = data / "councils" / "worcestershire" / "design"
    own.mkdir()
    (own / "events.csv").write_text(design_text("worcestershire", None, EVENTS.file), "utf-8")
    writer, second = signed_in("commissioner"), signed_in("analyst")
    assert writer.get(f"{LIST}W-CI-131/").status_code == 200
    sent = {**row_of("W-CI-131"), "target_value": "28", "why": "A new plan.", "was": opened(writer)}
    assert writer.post(f"{LIST}W-CI-131/", sent).status_code == 302
    version = Version.objects.get(state="proposed")
    second.post(f"/work/writing/versions/{version.pk}/agree/", {"digest": version.digest})
    assert open_council(data, "worcestershire").decided.intention("W-CI-131").target_value == 28
    assert sorted(one.name for one in own.iterdir()) == ["events.csv", "intentions.csv"]


def test_intention_is_added_with_its_faults_beside_their_fields(signed_in, people):
    writer = signed_in("commissioner")
    response = writer.post(f"{LIST}add/", {**NEW, "direction": "up", "by_date": "soon", "why": ""})
    assert response.status_code == 400
    text = body(response)
    for said in ("direction-error", "by_date-error", "why-error", "There is a problem"):
        assert said in text
    assert "Another intention has this reference" in body(writer.post(f"{LIST}add/", {**NEW, "id": "W-CI-131"}))
    assert not Version.objects.exists()
    dead = writer.post(f"{LIST}add/", {**NEW, "measure": 'measure("no_such")'})
    assert dead.status_code == 400
    assert "no measure &#39;no_such&#39;" in body(dead)
    assert writer.post(f"{LIST}add/", NEW).status_code == 302
    content = Version.objects.get(state="proposed").content
    assert content.endswith("X-1,,home-care,all,,Have more.,grow,,,,,,,,,,,,,,,,\n")


def test_intentions_are_listed_for_who_may_see_and_changed_by_who_may_write(signed_in, people):
    assert "Add an intention" in body(signed_in("commissioner").get(LIST))
    assert "Add an intention" not in body(signed_in("auditor").get(LIST))
    assert signed_in("auditor").get(f"{LIST}add/").status_code == 403
    assert signed_in("commissioner").get(f"{LIST}W-CI-999/").status_code == 404
    assert signed_in("commissioner").get("/work/writing/intentions.csv").status_code == 200


def test_who_may_not_change_an_intention_is_led_to_it_as_it_is_published(signed_in, people, data):
    assert f'href="{LIST}W-CI-131/"' in body(signed_in("commissioner").get(f"{LIST}?q=W-CI-131"))
    shown = body(signed_in("auditor").get(f"{LIST}?q=W-CI-131"))
    assert f'href="{LIST}W-CI-131/"' not in shown
    assert 'href="/worcestershire/intentions/#W-CI-131"' in shown
