"""``careshape measure --engine spark``: the figures on standard output, and nothing else anywhere."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from tests import warm

pytestmark = [
    pytest.mark.national,
    pytest.mark.skipif(shutil.which("java") is None, reason="needs Java 17"),
    pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="needs the extra 'national'"),
]
PACKAGES = """\
line_reference,person_id,birth_date,client_group,service,purchase_type,provider_reference,provider_name,provider_type,\
district,start_date,end_date,unit,units_per_week,unit_price,weekly_cost
L1,P1,1940-05-01,older-people,nursing,spot,PR1,Synthetic provider 1,private,redditch,2020-04-01,2020-05-01,week,1,\
700.00,700.00
L2,P2,1938-11-09,older-people,residential,spot,PR2,Synthetic provider 2,private,worcester,2020-06-15,,week,1,\
640.00,640.00
"""
FIGURE = ["bed_nights", "--by", "district", "--period", "2020/21", "--format", "csv"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spark")
    file = folder / "packages.csv"
    file.write_text(PACKAGES, encoding="utf-8")
    ledger = Ledger.create(folder / "data" / "councils" / "worcestershire", "worcestershire", demonstration=True)
    import_file(ledger, file)
    return folder / "data"


def careshape(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "CARESHAPE_SPARK"}
    return warm.careshape("--dir", data, "measure", *arguments, env=environment)


def test_spark_prints_what_the_embedded_engine_prints_and_nothing_else(data):
    here = careshape(data, *FIGURE)
    spark = careshape(data, *FIGURE, "--engine", "spark", "--master", "local[1]")
    assert here.stdout == "district,value\nredditch,30\nworcester,290\n"
    assert here.stderr.startswith("The records reach 15 June 2020")
    assert (spark.returncode, spark.stdout, spark.stderr) == (0, here.stdout, here.stderr)


def test_address_that_is_none_is_said_in_a_sentence(data):
    done = careshape(data, *FIGURE, "--engine", "spark", "--master", "nowhere")
    assert done.returncode == 1
    assert done.stderr.startswith("careshape: Spark did not start on nowhere.")
    assert "Traceback" not in done.stderr
