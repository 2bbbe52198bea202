"""Loading: a good folder adds its entries; each kind of fault is refused with file, entry, field, value and rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from careshape.catalogue import catalogue, load_catalogue
from careshape.catalogue.book import FOLDERS_VARIABLE
from careshape.errors import CallError, CatalogueError

ENTRY = '[[entry]]\nid = "befriending"\ncode = 10001\nlabel = "Befriending"\nunit = "hour"\n'


def folder_with(tmp_path: Path, text: str, name: str = "service.toml") -> Path:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_folder_adds_an_entry_and_keeps_the_packaged_ones(tmp_path: Path) -> None:
    book = load_catalogue([folder_with(tmp_path, ENTRY)])
    assert book.id("service", 10001) == "befriending"
    assert book.code("service", "nursing") == catalogue().code("service", "nursing")
    assert "befriending" not in catalogue().lists["service"].by_id


def test_folder_may_name_its_own_entries_of_other_lists(tmp_path: Path) -> None:
    folder_with(
        tmp_path,
        '[[entry]]\nid = "call"\ncode = 10000\nlabel = "Call"\nplural = "calls"\nkind = "event"\n',
        "unit.toml",
    )
    book = load_catalogue([folder_with(tmp_path, ENTRY.replace('"hour"', '"call"'))])
    assert book.lists["service"].by_id["befriending"].unit == "call"


def test_folder_adds_a_group_of_old_and_new_entries(tmp_path: Path) -> None:
    group = '[groups.company]\nlabel = "Company"\nmembers = ["befriending", "day-services"]\n'
    book = load_catalogue([folder_with(tmp_path, ENTRY + group)])
    assert book.members("service", "company") == ("befriending", "day-services")
    assert book.label("service", "company") == "Company"


def test_variable_names_the_folders_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDERS_VARIABLE, str(folder_with(tmp_path, ENTRY)))
    assert catalogue().label("service", "befriending") == "Befriending"
    assert catalogue() is catalogue()
    monkeypatch.delenv(FOLDERS_VARIABLE)
    with pytest.raises(CallError, match=FOLDERS_VARIABLE):
        catalogue().id("service", 10001)


@pytest.mark.parametrize(
    ("text", "entry", "field", "rule"),
    [
        # fields of one entry
        (ENTRY.replace('label = "Befriending"\n', ""), "befriending", "label", "required"),
        (ENTRY.replace('"Befriending"', '""'), "befriending", "label", "at least 1 character"),
        (ENTRY.replace('"Befriending"', "7"), "befriending", "label", "piece of text"),
        (ENTRY.replace('"befriending"', '"Be friending"'), "Be friending", "id", "must look like"),
        (ENTRY.replace("10001", '"10001"'), "befriending", "code", "whole number"),  # a number in quotes
        (ENTRY.replace("10001", "40000"), "befriending", "code", "32767"),  # more than two bytes hold
        (ENTRY.replace("10001", "-1"), "befriending", "code", "greater than or equal to 0"),
        (ENTRY + "colour = 1\n", "befriending", "colour", "no such field"),
        (ENTRY + 'counts_nights = "perhaps"\n', "befriending", "counts_nights", "true or false"),
        (ENTRY + 'systems = ["178"]\n', "befriending", "systems.0", "must look like"),
        (ENTRY + "valid_from = 2021-04-01\nvalid_to = 2021-03-31\n", "befriending", "entry", "before valid_from"),
        ('[[entry]]\ncode = 10001\nlabel = "x"\nunit = "hour"\n', "number 1", "id", "required"),
        # codes
        (ENTRY.replace("10001", "300"), "befriending", "code", "from 10000"),  # kept for careshape's own
        (ENTRY.replace("10001", "0"), "befriending", "entry", "Code 0 belongs to"),
        (ENTRY + ENTRY, "befriending", "id", "has an entry of this id"),
        (ENTRY + ENTRY.replace('"befriending"', '"calls"'), "calls", "code", "never given twice"),
        # names
        (ENTRY.replace('"Befriending"', '"Domiciliary Care"'), "befriending", "label, aliases", "leads to one entry"),
        (ENTRY + 'aliases = ["extra-care!"]\n', "befriending", "label, aliases", "leads to one entry"),
        # references to other lists
        (ENTRY.replace('"hour"', '"phone-call"'), "befriending", "unit", "entry of the list unit"),
        (ENTRY + 'settings = ["own-home", "moon"]\n', "befriending", "settings", "entry of the list care_setting"),
        (ENTRY + 'client_groups = ["elderly"]\n', "befriending", "client_groups", "entry of the list client_group"),
        (
            ENTRY + 'cld = [{ service_type = "long-term", component = "home-support" }]\n',
            "befriending",
            "service_type",
            "entry of the list cld_service_type",
        ),
        # a pair of national values that home care is read from already
        (
            ENTRY + 'cld = [{ service_type = "long-term-community", component = "home-support" }]\n',
            "befriending",
            "cld",
            "'home-care' is read from this pair",
        ),
        # the outline of the file
        ("entries = []\n", "-", "entries", "A catalogue file holds"),
        ("entry = 3\n", "-", "entry", "Entries are written as"),
        ("entry = [3]\n", "number 1", "entry", "table of fields"),
        ("id = \n", "-", "-", "file of TOML"),
        # groups
        ('[groups.some]\nlabel = "Some"\nmembers = ["nursing", "cinema"]\n', "some", "members", "ids of the list"),
        ('[groups.some]\nlabel = "Some"\nmembers = []\n', "some", "members", "one or more ids"),
        ('[groups.some]\nlabel = 1\nmembers = ["nursing"]\n', "some", "label", "piece of text"),
        ('[groups.some]\nlabel = "Some"\n', "some", "groups", "label and members"),
        ('[groups.nursing]\nlabel = "N"\nmembers = ["nursing"]\n', "nursing", "groups", "An entry bears this name"),
        ('[groups.all]\nlabel = "All"\nmembers = ["nursing"]\n', "all", "groups", "An entry bears this name"),
        ('[groups.care-homes]\nlabel = "x"\nmembers = ["nursing"]\n', "care-homes", "groups", "has this group"),
    ],
)
def test_fault_names_file_entry_field_value_and_rule(
    text: str, entry: str, field: str, rule: str, tmp_path: Path
) -> None:
    with pytest.raises(CatalogueError, match=rule) as caught:
        load_catalogue([folder_with(tmp_path, text)])
    error = caught.value
    assert (error.file, error.entry, error.field) == ("service.toml", entry, field)
    for part in ("service.toml", entry, field, repr(error.value), error.rule):
        assert part in str(error)


@pytest.mark.parametrize(
    ("name", "text", "entry", "field", "rule"),
    [
        # a reason with an age but no group for it
        (
            "support_reason.toml",
            '[[entry]]\nid = "x"\ncode = 10000\nlabel = "X"\nclient_group = "other"\nolder_from = 65\n',
            "x",
            "entry",
            "set together",
        ),
        # a postcode district that another zone has
        (
            "zone.toml",
            '[[entry]]\nid = "x"\ncode = 10000\nlabel = "X"\npostcode_districts = ["WR11"]\n',
            "x",
            "postcode_districts",
            "one zone only",
        ),
        # a town in one district and a zone of another
        (
            "town.toml",
            '[[entry]]\nid = "x"\ncode = 10000\nlabel = "X"\ndistrict = "redditch"\nzone = "evesham-zone"\n',
            "x",
            "zone",
            "the town in redditch",
        ),
        # a conversion back along one that is stated
        (
            "unit.toml",
            '[[entry]]\nid = "x"\ncode = 10000\nlabel = "X"\nplural = "x"\nkind = "time"\n'
            'conversions = [{ to = "x", amount = 1, basis = "?" }]\n',
            "x",
            "conversions",
            "stated once",
        ),
        (
            "unit.toml",
            '[[entry]]\nid = "x"\ncode = 10000\nlabel = "X"\nplural = "x"\nkind = "odd"\n',
            "x",
            "kind",
            "'time'",
        ),
        (
            "district.toml",
            '[[entry]]\nid = "x"\ncode = 10000\nlabel = "X"\nons_code = "E1"\n',
            "x",
            "ons_code",
            "look like",
        ),
        # gender codes fill one byte of the ledger, so that there is no room for a council's own
        ("gender.toml", '[[entry]]\nid = "x"\ncode = 10000\nlabel = "X"\n', "x", "code", "takes no entries"),
        ("colours.toml", "", "-", "file name", "bears the name of its list"),
    ],
)
def test_fault_in_another_list_is_named_alike(
    name: str, text: str, entry: str, field: str, rule: str, tmp_path: Path
) -> None:
    with pytest.raises(CatalogueError, match=rule) as caught:
        load_catalogue([folder_with(tmp_path, text, name)])
    assert (caught.value.file, caught.value.entry, caught.value.field) == (name, entry, field)


def test_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="does not exist"):
        load_catalogue([tmp_path / "nowhere"])


def test_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "service.toml").write_bytes(b'title = "\xff"\n')
    with pytest.raises(CatalogueError, match=r"service\.toml.*UTF-8"):
        load_catalogue([tmp_path])
