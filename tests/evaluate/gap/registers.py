"""Files of the regulator with made-up places, laid out from the published list of columns."""

from __future__ import annotations

import csv
from pathlib import Path

HOME = {
    "Location ID": "1-100",
    "Location HSCA start date": "01/10/2010",
    "Dormant (Y/N)": "N",
    "Care home?": "Y",
    "Location Name": "Synthetic home 1",
    "Care homes beds": "40",
    "Location Type/Sector": "Social Care Org",
    "Location Inspection Directorate": "Adult social care",
    "Location Primary Inspection Category": "Residential social care",
    "Location Latest Overall Rating": "Good",
    "Publication Date": "01/07/2023",
    "Inherited Rating (Y/N)": "N",
    "Location Region": "West Midlands",
    "Location Local Authority": "Worcestershire",
    "Location Postal Code": "WR1 1AA",
    "Location Latitude": "52.19",
    "Location Longitude": "-2.22",
    "Brand ID": "-",
    "Brand Name": "-",
    "Provider ID": "1-200",
    "Provider Name": "Synthetic provider 1",
    "Provider Type/Sector": "Social Care Org",
    "Provider Ownership Type": "Organisation",
    "Regulated activity - Personal care": "",
    "Service type - Care home service with nursing": "",
    "Service type - Care home service without nursing": "Y",
    "Service type - Domiciliary care service": "",
    "Service type - Specialist college service": "",
    "Service user band - Dementia": "",
    "Service user band - Older People": "Y",
    "Service user band - Mental Health": "",
    "Location Dual Registered": "",
    "Primary ID (Dual registration locations)": "",
}
"""A home without nursing for older people, in Worcester."""
NURSING = {"Service type - Care home service with nursing": "Y"}
YOUNGER = {"Service user band - Older People": "", "Service user band - Mental Health": "Y"}
AGENCY = {
    "Care home?": "N",
    "Care homes beds": "0",
    "Service type - Care home service without nursing": "",
    "Service type - Domiciliary care service": "Y",
}
KIDDERMINSTER = {"Location Latitude": "52.39", "Location Longitude": "-2.25", "Location Postal Code": "DY10 1SY"}


def directory(folder: Path, *places: dict[str, str], name: str = "01_July_2026_HSCA_Active_Locations.csv") -> Path:
    """A directory of homes as HOME, each with what differs and its own number."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(HOME))
        writer.writeheader()
        writer.writerows(HOME | {"Location ID": f"1-{100 + n}"} | one for n, one in enumerate(places))
    return path


ENDED = {
    "Location ID": "1-300",
    "Location Name": "Synthetic home 3",
    "Location Status": "Inactive-Dereg",
    "Location HSCA start date": "01/10/2010",
    "Location HSCA End Date": "31/05/2025",
    "Care home?": "Y",
    "Care homes beds at point location de-activated": "22",
    "Location Type/Sector": "Social Care Org",
    "Location Primary Inspection Category": "Residential social care",
    "Location Inspection Directorate": "Adult social care",
    "Location Region": "West Midlands",
    "Location Local Authority": "Worcestershire",
    "Location Latitude": "52",
    "Location Longitude": "-2",
    "Location Postal Code": "WR1 1AA",
    "Location Latest Overall Rating": "Good",
    "Brand ID": "-",
}


def ended(folder: Path, *places: dict[str, str]) -> Path:
    """A file of locations whose registration has ended."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "deactivated.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(ENDED))
        writer.writeheader()
        writer.writerows(ENDED | {"Location ID": f"1-{300 + n}"} | one for n, one in enumerate(places))
    return path


RATING = {
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
    "Latest Rating": "Inadequate",
    "Publication Date": "01/07/2025",
    "Report Type": "Location",
    "Inherited Rating (Y/N)": "N",
    "URL": "",
    "Provider ID": "1-200",
    "Provider Name": "Synthetic provider 1",
    "Brand ID": "-",
    "Brand Name": "-",
}


def ratings(folder: Path, *places: dict[str, str]) -> Path:
    """A file of ratings."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "ratings.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(RATING))
        writer.writeheader()
        writer.writerows(RATING | one for one in places)
    return path
