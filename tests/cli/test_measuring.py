"""``careshape measure``: what is said beside the figures."""

from careshape.cli import main

LINES = """line_reference,person_id,birth_date,client_group,service,start_date,end_date,unit,units_per_week,weekly_cost
1,A1,1936-02-11,older-people,nursing,2019-05-03,,week,1,912.00
2,A2,1941-07-30,older-people,nursing,2020-04-19,2021-03-09,week,1,855.00
"""


def test_measure_says_where_a_period_outruns_the_records(tmp_path, capsys):
    (tmp_path / "lines.csv").write_text(LINES, "utf-8")
    place = ("--dir", str(tmp_path / "data"))
    assert main([*place, "new", "worcestershire", "--demonstration"]) == 0
    assert main([*place, "import", str(tmp_path / "lines.csv")]) == 0
    capsys.readouterr()
    assert main([*place, "measure", "bed_nights", "--period", "2021/22", "--format", "csv"]) == 0
    said = capsys.readouterr().err
    assert "The records reach 9 March 2021" in said
    assert "counted as going on to 31 March 2022" in said
    assert main([*place, "measure", "bed_nights", "--period", "2019/20", "--format", "csv"]) == 0
    assert capsys.readouterr().err == ""


def test_new_council_must_have_a_name(tmp_path, capsys):
    assert main(["--dir", str(tmp_path / "data"), "new", "unknown"]) == 2
    assert "Name the council" in capsys.readouterr().err
