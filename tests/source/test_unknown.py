"""What nobody recorded of a provider bars it only where the council chose so, and is counted where it went on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from careshape.cli import main
from careshape.errors import CallError
from careshape.source.judged.kept import kept_by, kept_in_all, published
from careshape.source.models import Judged
from careshape.source.requests.award import award, said_of
from tests.accounts.signing import signed_in
from tests.source.arranged import sent, yes
from tests.source.place import Place

pytestmark = pytest.mark.django_db(transaction=True)
COUNCIL = "worcestershire"
RULE = "landlord-apart"


def own_rule(data: Path, **more: str) -> None:
    """Have the rule on the landlord be about nursing, of which the place has a list."""
    lines = [f'[[rule]]\nid = "{RULE}"', 'applies = {fact = "service", is = ["nursing"]}']
    lines += [f"{name} = {value}" for name, value in more.items()]
    folder = data / "councils" / COUNCIL / "rules"
    folder.mkdir()
    (folder / "rules.toml").write_text("\n".join(lines) + "\n", "utf-8")


def test_unknown_is_counted_apart_from_breaches(place: Place, data: Path, capsys, monkeypatch):
    monkeypatch.setenv("CARESHAPE_DIR", str(data))  # whose database the command asks
    own_rule(data)
    request = sent(place)
    offer = yes(request, place.vehicle.members.order_by("pk")[0])
    award(place.who("broker"), offer, said_of(offer))
    kept = next(one for one in json.loads(Judged.objects.get(act="award").found) if one["rule"] == RULE)
    assert kept == {"rule": RULE, "state": "not-known", "overridden": False, "passed": True}
    assert Judged.objects.get(act="award").breached == 0
    row = next(one for one in kept_in_all(COUNCIL) if one.rule == RULE)
    assert (row.acts, row.met, row.breached, row.not_kept, row.unknown) == (1, 0, 0, 0, 1)
    assert [one.unknown for one in kept_by(COUNCIL) if one.rule == RULE] == [1]
    public = next(one for one in published([row]) if one["rule"] == RULE)
    assert public["unknown"] == "suppressed"
    code = main(["--dir", str(data), "rules", "breaches", "--authority", COUNCIL, "--format", "json"])
    said = capsys.readouterr()
    assert code == 0, said.err
    told = next(one for one in json.loads(said.out) if one["rule"] == RULE)
    assert (told["acts"], told["unknown"], told["not_kept"]) == (1, 1, 0)


def test_council_may_choose_that_what_is_not_known_bars(place: Place, data: Path):
    own_rule(data, unknown_bars="true")
    request = sent(place)
    offer = yes(request, place.vehicle.members.order_by("pk")[0])
    with pytest.raises(CallError, match="may not be offered it any more: It is not known whether this is met"):
        award(place.who("broker"), offer, said_of(offer))
    assert not Judged.objects.exists()


def test_page_of_an_award_says_what_is_not_known(place: Place, data: Path):
    own_rule(data)
    offer = yes(sent(place), place.vehicle.members.order_by("pk")[0])
    page = signed_in(place.people.account("broker")).get(f"/work/offers/{offer.pk}/award/").content.decode()
    assert "Not known of it, and counted so: Is the landlord also the provider of the support?" in page
