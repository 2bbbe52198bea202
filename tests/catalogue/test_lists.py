"""Asking the catalogue: by id, by code, by name, by group, and on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from careshape.catalogue import catalogue, load_catalogue
from careshape.catalogue.lists import normalise
from careshape.errors import CallError


def test_id_and_code_lead_to_each_other() -> None:
    book = catalogue()
    for name, one in book.lists.items():
        for entry in one.entries:
            assert book.id(name, book.code(name, entry.id)) == entry.id


def test_every_name_of_an_entry_finds_it() -> None:
    for one in catalogue().lists.values():
        for entry in one.entries:
            for name in (entry.id, entry.label.upper(), *entry.aliases):
                assert one.find(f" {name}. ") is entry


def test_find_gives_none_for_what_is_not_there() -> None:
    assert catalogue().lists["service"].find("cinema") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Extra-care housing", "EXTRA CARE HOUSING"),
        ("Memory & Cognition", "memory and cognition"),
        ("4-weekly", "4 Weekly"),
    ],
)
def test_normalise_leaves_out_case_and_punctuation(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("name", "wanted", "says"),
    [
        ("service", "nursng", "Did you mean nursing"),  # a slip
        ("service", "Domiciliary care", "home-care"),  # another name for it
        ("district", "glasgow", "It holds unknown, bromsgrove"),  # nothing near: the short list is shown
        ("colour", "red", "Its lists are authority"),
    ],
)
def test_unknown_name_is_answered_with_what_there_is(name: str, wanted: str, says: str) -> None:
    with pytest.raises(CallError, match=says):
        catalogue().code(name, wanted)


def test_members_of_group_entry_and_all() -> None:
    book = catalogue()
    assert book.members("client_group", "other-working-age") == (
        "physical-disability",
        "mental-health",
        "sensory-impairment",
        "autism",
        "other",
    )
    assert book.members("client_group", "autism") == ("autism",)
    assert book.members("district", "all")[0] == "unknown"
    assert len(book.members("district", "all")) == len(book.lists["district"].entries)
    assert book.codes("team", "south") == (4, 5)
    assert book.label("team", "south") == "South team"


def test_members_of_what_is_not_there_is_an_error() -> None:
    with pytest.raises(CallError, match="neither an entry nor a group"):
        catalogue().members("client_group", "everybody")


def test_code_that_is_not_there_is_an_error() -> None:
    with pytest.raises(CallError, match="no entry with code 9999"):
        catalogue().id("service", 9_999)


def test_entry_holds_from_its_first_to_its_last_day(tmp_path: Path) -> None:
    (tmp_path / "zone.toml").write_text(
        '[[entry]]\nid = "old"\ncode = 10000\nlabel = "Old zone"\nvalid_from = 2015-04-01\nvalid_to = 2021-03-31\n'
        '[[entry]]\nid = "new"\ncode = 10001\nlabel = "New zone"\nvalid_from = 2021-04-01\n',
        encoding="utf-8",
    )
    zones = load_catalogue([tmp_path]).lists["zone"]
    for day, held in [
        (date(2015, 3, 31), set()),
        (date(2015, 4, 1), {"old"}),
        (date(2021, 3, 31), {"old"}),
        (date(2021, 4, 1), {"new"}),
    ]:
        assert {zone.id for zone in zones.on(day)} & {"old", "new"} == held
    assert zones.entry("old", on=date(2021, 3, 31)).label == "Old zone"
    with pytest.raises(CallError, match="does not hold on 2021-04-01: it runs from 2015-04-01 to 2021-03-31"):
        zones.entry("old", on=date(2021, 4, 1))
