"""The addresses of a council's pages: the one place that knows them."""

from __future__ import annotations

from typing import Final

_PAGES: Final = {
    "home": "",
    "segment": "statement/{item}/",
    "tables": "tables/",
    "table": "tables/{item}/",
    "figure": "figures/{item}/",
    "measures": "measures/",
    "measure": "measures/{item}/",
    "observations": "observations/",
    "published": "observations/{item}/",
    "discrepancies": "discrepancies/",
    "check": "check/",
    "intentions": "intentions/",
    "intention": "intentions/{item}/",
    "may-i-build": "may-i-build/",
    "opportunities": "opportunities/",
    "end-states": "end-states/",
    "slots": "slots/",
    "subject": "statements/{item}/",
    "outlook": "outlook/",
    "outlook-segment": "outlook/{item}/",
    "outlook-reached": "outlook/{item}/",
    "people": "people/",
    "need": "need/",
    "need-leaf": "need/{item}/",
    "costs-leaf": "costs/{item}/",
    "supply": "supply/",
    "housing": "housing/",
    "scenarios": "scenarios/",
    "costs": "costs/",
    "accuracy": "accuracy/",
    "large-print": "large-print/",
    "large-print-page": "large-print/{item}/",
    "easy-read": "easy-read/",
    "easy-read-page": "easy-read/{item}/",
    "find-care": "find-care/",
    "review": "review/",
    "views": "views/",
    "about": "about/",
    "search": "search/",
    "index": "index/",
}

_BEHIND: Final = ("people", "need", "supply", "housing", "scenarios", "costs", "accuracy")
"""Pages behind the outlook, each with a download for each of its tables."""


def address(council: str, page: str, item: str = "", anchor: str = "") -> str:
    """Path of a page of a council, such as /worcestershire/tables/home-care-hours/."""
    path = _PAGES["published" if page == "observations" and item else page].format(item=item)
    return f"/{council}/{path}" + (f"#{anchor}" if anchor else "")


def download(council: str, page: str, item: str, kind: str) -> str:
    """Path of a download: ``kind`` is csv or json."""
    if page == "table":
        return f"/{council}/tables/{item}.{kind}"
    if page == "observations":
        return f"/{council}/observations/{item}.{kind}"
    if page == "outlook-series":
        return f"/{council}/outlook/{item}.{kind}"
    if page in _BEHIND:
        return f"/{council}/{page}/{item}.{kind}"
    return f"/{council}/{page}.{kind}"
