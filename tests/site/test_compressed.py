"""Styles and scripts are sent packed to browsers that unpack, and as they are to all others."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

STYLES = "careshape/careshape.css"


def get(encodings: str = "", file: str = STYLES, method: str = "get", **headers: str):
    return getattr(Client(SERVER_NAME="localhost"), method)(
        f"/static/{file}", headers={"Accept-Encoding": encodings, **headers}
    )


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.fixture
def styles() -> bytes:
    return Path(finders.find(STYLES)).read_bytes()


@pytest.mark.parametrize("encodings", ["gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8"])
def test_styles_are_sent_packed_to_who_unpacks(styles, encodings):
    answer = get(encodings)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "Content-Security-Policy" in answer.headers, "as every answer has it"
    assert gzip.decompress(body(answer)) == styles
    assert int(answer.headers["Content-Length"]) < len(styles) / 5


@pytest.mark.parametrize("encodings", ["", "br", "identity", "gzip;q=0", "gzip; q=0.0, br"])
def test_styles_are_sent_as_they_are_to_who_does_not(styles, encodings):
    answer = get(encodings)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding", "so that no cache gives one the other's"
    assert body(answer) == styles


def test_a_part_and_what_was_not_modified_stay_as_they_are(styles):
    part = get("gzip", Range="bytes=0-9")
    assert (part.status_code, body(part)) == (206, styles[:10])
    assert "Content-Encoding" not in part.headers
    again = get("gzip", **{"If-None-Match": get("gzip").headers["ETag"]})
    assert (again.status_code, body(again)) == (304, b"")
    head = get("gzip", method="head")
    assert (head.headers["Content-Encoding"], body(head)) == ("gzip", b"")


def test_what_is_small_or_packed_already_is_left_alone():
    small = get("gzip", "careshape/favicon.svg")
    assert body(small)
    assert "Content-Encoding" not in small.headers
