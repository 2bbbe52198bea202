"""Synthetic files of the regulator: laid out from the published list of columns, with made-up locations."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

from tests.evaluate.gap.registers import HOME

PRIMARY = "Primary ID (Dual registration locations)"
ACTIVE: dict[str, Any] = {**HOME, "Registered manager": "not read", "Publication Date": "20/08/2020"}
ENDED: dict[str, Any] = {
    "Location ID": "1-300",
    "Location Name": "Synthetic home 3",
    "Location Status": "Inactive-Dereg",
    "Location HSCA start date": "01/10/2010",
    "Location HSCA End Date": "31/05/2021",
    "Care home?": "Y",
    "Care homes beds at point location de-activated": "22",
    "Location Type/Sector": "Social Care Org",
    "Location Primary Inspection Category": "Residential social care",
    "Location Inspection Directorate": "Adult social care",
    "Location Region": "West Midlands",
    "Location Local Authority": "Worcestershire",
    "Location Latitude": "52.19",
    "Location Longitude": "-2.22",
    "Location Postal Code": "WR1 1AA",
    "Location Latest Overall Rating": "Good",
    "Brand ID": "-",
}
RATED: dict[str, Any] = {
    "Location ID": "1-100",
    "Location Name": "Synthetic home 1",
    "Care Home?": "Y",
    "Location Type": "Social Care Org",
    "Location Primary Inspection Category": "Residential social care",
    "Location Post Code": "WR1 1AA",
    "Location Local Authority": "Worcestershire",
    "Location Region": "West Midlands",
    "Service / Population Group": "Overall",
    "Domain": "Overall",
    "Latest Rating": "Good",
    "Publication Date": "20/08/2020",
    "Report Type": "Location",
    "Inherited Rating (Y/N)": "N",
    "URL": "",
    "Provider ID": "1-200",
    "Provider Name": "Synthetic provider 1",
    "Brand ID": "-",
    "Brand Name": "-",
}
WEEKLY: dict[str, Any] = {
    "Name": "Synthetic home 1",
    "Also known as": "",
    "Address": "1 Made-up Street, Worcester",
    "Postcode": "WR1 1AA",
    "Phone number": "",
    "Service's website (if available)": "",
    "Service types": "Residential homes|Nursing homes",
    "Date of latest check": "14/Apr/2021 - 00:00",
    "Specialisms/services": "Dementia|Caring for adults over 65 yrs",
    "Provider name": "Synthetic provider 1",
    "Local authority": "Worcestershire",
    "Region": "West Midlands",
    "Location URL": "",
    "CQC Location ID (for office use only)": "1-100",
    "CQC Provider ID (for office use only)": "1-200",
}
JULY = "01_July_2021_HSCA_Active_Locations"
GONE = "01_July_2021_Deactivated_Locations"


def as_csv(path: Path, rows: Sequence[Mapping[str, Any]], preamble: Sequence[str] = ()) -> Path:
    """Rows as a CSV of the regulator, with lines above its header."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        for line in preamble:
            writer.writerow([line] if line else [])
        writer.writerow(list(rows[0]))
        for row in rows:
            writer.writerow(list(row.values()))
    return path


def as_workbook(path: Path, sheet: str, rows: Sequence[Mapping[str, Any]], preamble: int = 0) -> Path:
    """Rows as a workbook with one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for number in range(preamble):
        page.append([f"Note {number}", ""])
    page.append(list(rows[0]))
    for row in rows:
        page.append(list(row.values()))
    book.save(path)
    return path


def as_ods(path: Path, sheets: Mapping[str, Sequence[Mapping[str, Any]]]) -> Path:
    """Rows as an ODS, as spreadsheet programs write them: equal cells in a row are written once with a number."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    tables = "".join(_ods_table(name, rows) for name, rows in sheets.items())
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2">'
    content += f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    manifest += f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def _ods_table(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    written = "".join(_ods_row(cells) for cells in (list(rows[0]), *rows))
    return f'<table:table table:name="{escape(name)}">{written}</table:table>'


def _ods_row(cells: Mapping[str, Any] | Sequence[str]) -> str:
    values = list(cells.values()) if isinstance(cells, Mapping) else list(cells)
    written = "".join(_ods_cell(value, len(list(same))) for value, same in groupby(values))
    return f"<table:table-row>{written}</table:table-row>"


def _ods_cell(value: Any, times: int) -> str:
    repeated = f' table:number-columns-repeated="{times}"' if times > 1 else ""
    if isinstance(value, date):
        return f'<table:table-cell{repeated} office:value-type="date" office:date-value="{value.isoformat()}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell{repeated} office:value-type="float" office:value="{value}"/>'
    if value == "":
        return f"<table:table-cell{repeated}/>"
    return f'<table:table-cell{repeated} office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
