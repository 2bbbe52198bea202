"""``careshape catalogue``: what a file and a filter may say."""

from __future__ import annotations

import csv
import io
import json

import pytest

from careshape.catalogue import catalogue
from careshape.cli import main


@pytest.fixture
def run(capsys):
    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["catalogue", *arguments])
        output = capsys.readouterr()
        return code, output.out, output.err

    return call


def test_catalogue_lists_every_list_with_the_number_of_its_entries(run):
    code, out, _ = run("--format", "csv")
    rows = {row["list"]: row for row in csv.DictReader(io.StringIO(out))}
    assert code == 0
    assert list(rows) == list(catalogue().lists)
    assert int(rows["service"]["entries"]) == len(catalogue().list("service").entries)


def test_list_gives_each_entry_with_code_groups_and_other_names(run):
    code, out, _ = run("client-group", "--format", "json")
    rows = {row["id"]: row for row in json.loads(out)}
    assert code == 0
    assert (rows["autism"]["code"], rows["autism"]["label"]) == (catalogue().code("client_group", "autism"), "Autism")
    assert "other-working-age" in rows["autism"]["groups"].split(", ")
    assert "LD" in rows["learning-disability"]["other_names"].split("; ")


def test_every_name_of_the_list_is_one_that_a_file_may_give(run):
    service = catalogue().list("service")
    for row in json.loads(run("service", "--format", "json")[1]):
        others = row["other_names"].split("; ") if row["other_names"] else []
        assert {service.find(name).id for name in (row["id"], row["label"], *others)} == {row["id"]}


def test_list_with_days_of_validity_shows_them_and_others_do_not(run):
    assert "valid_from" in run("district", "--format", "csv")[1].splitlines()[0]
    assert "valid_from" not in run("gender", "--format", "csv")[1].splitlines()[0]


def test_unknown_list_is_a_wrong_call_that_names_near_ones(run):
    code, _, err = run("servces")
    assert code == 2
    assert "Did you mean service?" in err
    assert "careshape catalogue names the lists" in run("xyz")[2]
