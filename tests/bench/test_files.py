from __future__ import annotations

import csv

from careshape.bench.files import FAULTS, write_cld_file
from careshape.ledger.readers import choose


def test_file_is_client_level_data_with_as_many_rows_as_asked_for(tmp_path):
    file = write_cld_file(tmp_path / "cld.csv", 2_000, 1)
    with file.open(newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    assert len(rows) == 2_000
    assert choose(list(rows[0]), None, file.name).reader.id == "cld"
    services = [row for row in rows if row["Event_Type"] == "Service"]
    assert 0.6 < len(services) / len(rows) < 0.8
    assert len({row["Service_Component"] for row in services}) > 10


def test_about_one_row_in_so_many_has_a_fault_of_a_kind(tmp_path):
    text = write_cld_file(tmp_path / "cld.csv", 20_000, 1).read_text("utf-8")
    assert 0.5 < text.count("31/02/2021") / (20_000 / FAULTS) < 1.5


def test_equal_seeds_give_equal_bytes(tmp_path):
    first, again, other = (
        write_cld_file(tmp_path / str(n), 300, seed).read_bytes() for n, seed in enumerate((1, 1, 2))
    )
    assert first == again != other
