"""Adding official files: recognised, checked, kept once, and read again."""

from __future__ import annotations

import gzip
import json
import zipfile

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from careshape.errors import CallError, InputError
from careshape.home import Home
from careshape.records.official import add_file, editions, find_source, manifests, remove, statistic
from careshape.records.official.checking import edition_of

from .files import RATES, WORCESTERSHIRE, YEARS, prepared, projection, variants


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "data")


def test_projection_as_published_is_kept_by_sex_age_and_year(home, tmp_path):
    (females,) = add_file(home, projection(tmp_path / "females.csv", "females"))
    assert (females.manifest.source, females.manifest.edition, females.outcome) == ("snpp", "2018-based", "added")
    assert females.rows == 7 * 91 * 26  # areas x single ages, "All ages" left out, x years
    found = statistic(home, "snpp", area_code="E07000234", age=90, year=2020)
    assert found.rows() == [
        {
            "variant": "principal",
            "area_code": "E07000234",
            "area_name": "District 34",
            "area_level": "district",
            "sex": "female",
            "age": 90,
            "year": 2020,
            "value": 104.0,
            "marker": "",
        }
    ]


def test_second_file_of_an_edition_is_put_beside_the_first(home, tmp_path):
    add_file(home, projection(tmp_path / "females.csv", "females"))
    (males,) = add_file(home, projection(tmp_path / "males.csv", "males"))
    assert (males.outcome, males.rows, males.manifest.rows) == ("added to", 7 * 91 * 26, 2 * 7 * 91 * 26)
    assert [one.name for one in males.manifest.files] == ["females.csv", "males.csv"]


def test_same_file_twice_changes_nothing(home, tmp_path):
    path = projection(tmp_path / "females.csv", "females")
    add_file(home, path)
    kept = {one.name: one.read_bytes() for one in (home.statistics_path / "snpp" / "2018-based").iterdir()}
    (again,) = add_file(home, path)
    assert again.outcome == "unchanged"
    assert {one.name: one.read_bytes() for one in (home.statistics_path / "snpp" / "2018-based").iterdir()} == kept


def test_other_figures_for_a_kept_edition_are_refused(home, tmp_path):
    add_file(home, projection(tmp_path / "females.csv", "females"))
    with pytest.raises(InputError, match=r"gives another figure .* 101.* and not 100.*data remove snpp 2018-based"):
        add_file(home, projection(tmp_path / "revised.csv", "females", extra=1))
    assert statistic(home, "snpp", area_code="E07000234", age=0, year=2018).rows()[0]["value"] == 100


def test_gzip_and_zip_are_read_as_what_they_hold(home, tmp_path):
    plain = projection(tmp_path / "females.csv", "females")
    packed = tmp_path / "females.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert add_file(home, packed)[0].rows == 7 * 91 * 26
    archive = tmp_path / "both.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(plain, "females.csv")
        file.write(projection(tmp_path / "males.csv", "males"), "males.csv")
        file.writestr("notes.pdf", "not a table")
    assert add_file(home, archive)[0].rows == 7 * 91 * 26  # the males; the females are there already


def test_manifest_says_source_licence_and_checksum(home, tmp_path):
    add_file(home, projection(tmp_path / "females.csv", "females"))
    manifest = json.loads((home.statistics_path / "snpp" / "2018-based" / "manifest.json").read_text())
    assert manifest["licence"] == "Open Government Licence v3.0"
    assert "Office for National Statistics" in manifest["attribution"]
    assert len(manifest["files"][0]["sha256"]) == 64
    assert (manifest["first"], manifest["last"], manifest["areas"]) == ("2018", "2043", 7)


def test_variant_is_told_by_the_caller_where_the_file_does_not_say(home, tmp_path):
    add_file(home, projection(tmp_path / "high.csv", "females"), variant="high-migration")
    assert set(statistic(home, "snpp").table["variant"].to_pylist()) == {"high-migration"}
    rates = tmp_path / "T51.csv"
    rates.write_text(RATES)
    with pytest.raises(CallError, match="no variants"):
        add_file(home, rates, variant="high")


@pytest.mark.parametrize("labels", [{}, {"variant": "high-migration"}, {"edition": "2018-based"}])
def test_what_the_caller_says_labels_a_file_and_does_not_change_what_it_is(home, tmp_path, labels):
    # the same columns as estimates have: it is a projection by its years alone
    (added,) = add_file(home, prepared(tmp_path / "people.csv"), **labels)
    assert (added.manifest.source, added.manifest.edition) == ("snpp", "2018-based")
    assert set(statistic(home, "snpp").table["variant"].to_pylist()) == {labels.get("variant", "principal")}


def test_a_wrong_label_is_refused_as_what_the_file_is(home, tmp_path):
    estimates = prepared(tmp_path / "people.csv", range(2011, 2024))
    with pytest.raises(InputError, match="is the edition 2023 of mid-year-estimates, and not 2018-based"):
        add_file(home, estimates, edition="2018-based")
    with pytest.raises(CallError, match="mid-year-estimates has no variants"):
        add_file(home, estimates, variant="high-migration")
    assert manifests(home) == []


def test_prepared_variants_are_a_source_of_their_own(home, tmp_path):
    (added,) = add_file(home, variants(tmp_path / "variants.csv", {"v1": 1, "v8": 1.1, "v9": 0.9}))
    assert added.manifest.source == "snpp-variants"
    assert "no publication of the Office" in statistic(home, "snpp-variants").caveats[0]
    assert set(pc.unique(statistic(home, "snpp-variants").table["variant"]).to_pylist()) == {
        "principal",
        "high-population",
        "low-population",
    }


def test_table_with_notes_and_two_header_lines_is_read(home, tmp_path):
    path = tmp_path / "T51.csv"
    path.write_text(RATES, encoding="utf-8")
    (added,) = add_file(home, path)
    assert (added.manifest.source, added.manifest.edition, added.rows) == ("asc-fr-t51", "2021-22", 12)
    cells = {(one["area_name"], one["year"], one["provision"]): one for one in statistic(home, "asc-fr-t51").rows()}
    assert cells["England", "2020-21", "external"]["value"] == 18.25
    assert cells["England", "2020-21", "external"]["area_level"] == "country"
    assert cells["Thurrock", "2020-21", "in-house"]["value"] == 1020.5  # "1,020.50"
    assert cells["Thurrock", "2020-21", "external"]["value"] == 16.85  # "£16.85"


def test_marker_stays_a_marker_and_zero_stays_zero(home, tmp_path):
    path = tmp_path / "T51.csv"
    path.write_text(RATES, encoding="utf-8")
    add_file(home, path)
    cells = {
        one["year"]: one for one in statistic(home, "asc-fr-t51").rows(area_name="Worcestershire", provision="in-house")
    }
    assert (cells["2020-21"]["value"], cells["2020-21"]["marker"]) == (0.0, "")
    assert (cells["2021-22"]["value"], cells["2021-22"]["marker"]) == (None, "[x]")


def test_truncated_gzip_is_named_as_cut_off(home, tmp_path):
    packed = tmp_path / "females.csv.gz"
    packed.write_bytes(gzip.compress(projection(tmp_path / "f.csv", "females").read_bytes())[:-200])
    with pytest.raises(InputError, match="cut off or damaged"):
        add_file(home, packed)


def test_truncated_csv_names_the_first_age_that_is_missing(home, tmp_path):
    path = projection(tmp_path / "females.csv", "females")
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:-5]) + "\n")  # without 87, 88, 89, 90 and over, All ages of Thurrock
    with pytest.raises(InputError, match=r"E06000034 has 2262 of 2366 rows; missing is, first, .*age 87, year 2018"):
        add_file(home, path)
    path.write_text("\n".join(lines[:-1])[:-40])
    with pytest.raises(InputError, match="cells where the header has 31"):
        add_file(home, path)
    assert editions(home, "snpp") == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        # the last years are not there
        (
            lambda text: _without_columns(text, 5),
            r"ends in 2038, and 2018-based of snpp runs to 2043",
        ),
        # a year in the middle is not there
        (lambda text: _without_column(text, "2025"), r"the year 2025 is missing between 2024 and 2026"),
        # a figure is a word
        (lambda text: text.replace("104.000", "many", 1), r"'many' stands in the column '2020', about line 2"),
        # a figure is blank: never 0
        (lambda text: text.replace("104.000", "", 1), r"has 2365 of 2366 rows; missing is, first, .*age 0, year 2020"),
        # a figure was kept back
        (lambda text: text.replace("104.000", "[c]", 1), r"1 figures of population are missing or kept back"),
        # an unknown sex
        (
            lambda text: text.replace("females", "women", 1),
            r"'women' is no sex of snpp. Known: females, males",
        ),
        # an age that is none
        (lambda text: text.replace(",41,", ",forty,", 1), r"'forty' stands in the column age"),
        # a district twice
        (
            lambda text: text + "\n".join(text.splitlines()[1:92]),
            r"two rows say variant principal, area_code E0700",
        ),
        # only a header
        (lambda text: text.splitlines()[0] + "\n", r"no rows? below"),
    ],
)
def test_faulty_projection_is_refused_with_what_is_wrong(home, tmp_path, change, message):
    path = projection(tmp_path / "females.csv", "females", WORCESTERSHIRE)
    path.write_text(change(path.read_text()))
    with pytest.raises(InputError, match=message):
        add_file(home, path)
    assert manifests(home) == []


def _without_columns(text: str, last: int) -> str:
    return "\n".join(",".join(line.split(",")[:-last]) for line in text.splitlines()) + "\n"


def _without_column(text: str, name: str) -> str:
    place = text.splitlines()[0].split(",").index(name)
    return "\n".join(
        ",".join(cell for number, cell in enumerate(line.split(",")) if number != place) for line in text.splitlines()
    )


def test_wrong_edition_is_refused(home, tmp_path):
    path = projection(tmp_path / "females.csv", "females")
    with pytest.raises(InputError, match="is the edition 2018-based of snpp, and not 2022-based"):
        add_file(home, path, edition="2022-based")
    unknown = projection(tmp_path / "odd.csv", "females", years=range(2020, 2030))
    with pytest.raises(InputError, match=r"2020 to 2029, which is no edition of snpp known here \(2018-based: 2018"):
        add_file(home, unknown)


def test_edition_that_the_file_does_not_tell_must_be_given(home, tmp_path):
    text = (
        "Geographical Code,Geographical Description,Geographical Level,ONS Code,ASCOF Measure Code,"
        "Disaggregation Level,Measure Type,Measure Value,Measure Group,Measure Group Description\n"
        "416,Worcestershire,Council,E10000034,1E,Total,Outcome,5.0,1E,Paid employment\n"
    )
    path = tmp_path / "open-data.csv"
    path.write_text(text)
    with pytest.raises(InputError, match="does not say which edition of ascof it is"):
        add_file(home, path)
    assert add_file(home, path, edition="2020-21")[0].manifest.edition == "2020-21"
    named = tmp_path / "ascof_2021-22.csv"
    named.write_text(text)
    assert add_file(home, named)[0].manifest.edition == "2021-22"
    assert editions(home, "ascof") == ["2021-22", "2020-21"]  # the newest first
    assert statistic(home, "ascof").rows()[0]["year"] == "2021-22"


COSTS = (
    "geography_code,la_code,la_name,region_code,region_name,year,setting,age_band,gbp_per_week\n"
    "E10000034,416,Worcestershire,E12000005,West Midlands,2020-21,Nursing,65 and Over,794\n"
    "E10000034,416,Worcestershire,E12000005,West Midlands,{year},Nursing,Total,800\n"
)


@pytest.mark.parametrize("year", ["2021/22", "2021", "../../x", "2019/20"])
def test_edition_that_a_file_names_must_be_a_name(home, tmp_path, year):
    path = tmp_path / "costs.csv"
    path.write_text(COSTS.format(year=year))
    with pytest.raises(InputError, match=rf"costs.csv: the year '{year}' does not look like"):
        add_file(home, path)
    assert not list(home.path.rglob("manifest.json"))
    path.write_text(COSTS.format(year="2021-22"))
    assert add_file(home, path)[0].manifest.edition == "2021-22"


def test_edition_by_a_day_must_be_a_name(tmp_path):
    table = pa.table({"published": ["10/07/2026"]})
    with pytest.raises(InputError, match="would be the edition '10/07/2' of cqc-ratings, which is no name"):
        edition_of(find_source("cqc-ratings"), table, "ratings.csv", None)


def test_unknown_file_names_the_nearest_source_and_all_of_them(home, tmp_path):
    path = tmp_path / "near.csv"
    path.write_text("AREA_CODE,AREA_NAME,COMPONENT,GENDER,AGE,2018\nE07000234,A,Population,females,0,1\n")
    with pytest.raises(InputError, match=r"nearest to snpp .*lacks the columns AGE_GROUP, SEX.*asc-fr-t51, asc-fr-t52"):
        add_file(home, path)
    far = tmp_path / "far.csv"
    far.write_text("fruit,price\napple,1\n")
    with pytest.raises(InputError, match=r"is not a file of a source that careshape knows. The sources are"):
        add_file(home, far)
    (tmp_path / "letter.pdf").write_bytes(b"%PDF")
    with pytest.raises(InputError, match="not a kind of file that can be read"):
        add_file(home, tmp_path / "letter.pdf")


def test_removed_edition_is_gone_and_another_cannot_be_removed(home, tmp_path):
    add_file(home, projection(tmp_path / "females.csv", "females"))
    remove(home, "snpp", "2018-based")
    assert manifests(home) == []
    for edition in ("2018-based", "", ".."):
        with pytest.raises(CallError, match="No edition"):
            remove(home, "snpp", edition)


def test_edition_that_would_leave_its_folder_is_refused(home, tmp_path):
    path = projection(tmp_path / "females.csv", "females")
    for name in ("../elsewhere", "a/b", "", ".hidden"):
        with pytest.raises(CallError, match="is no name of an edition"):
            add_file(home, path, edition=name)
    add_file(home, path)
    with pytest.raises(CallError, match="No edition"):
        remove(home, "asc-fr-t51", "../snpp/2018-based")
    assert editions(home, "snpp") == ["2018-based"]


def test_rows_written_before_a_crash_are_taken_into_the_manifest(home, tmp_path):
    add_file(home, projection(tmp_path / "females.csv", "females"))
    manifest = home.statistics_path / "snpp" / "2018-based" / "manifest.json"
    before = manifest.read_text()
    males = projection(tmp_path / "males.csv", "males")
    add_file(home, males)
    manifest.write_text(before)  # as if it had ended between the rows and the manifest
    (mended,) = add_file(home, males)
    assert (mended.outcome, mended.manifest.rows) == ("added to", 2 * 7 * 91 * 26)
    assert [one.name for one in mended.manifest.files] == ["females.csv", "males.csv"]


def test_statistic_says_what_is_kept_and_which_columns_there_are(home, tmp_path):
    with pytest.raises(CallError, match=r"No edition of snpp .* is kept. Download it from its publisher"):
        statistic(home, "snpp")
    with pytest.raises(CallError, match="There is no official source 'snp'"):
        statistic(home, "snp")
    add_file(home, projection(tmp_path / "females.csv", "females"))
    with pytest.raises(CallError, match=r"'2014-based' of snpp is not kept. Kept: 2018-based"):
        statistic(home, "snpp", "2014-based")
    with pytest.raises(CallError, match=r"no column 'area'\..* It has variant, area_code"):
        statistic(home, "snpp", area="Thurrock")
    assert statistic(home, "snpp", year=[2018, 2019]).table.num_rows == 2 * 7 * 91
    assert len(YEARS) == 26
