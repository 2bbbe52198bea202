"""Whose address counts as the reader's where a server stands before the site."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.http import HttpResponse

from careshape.site.proxy import ReaderAddress


@pytest.mark.parametrize(
    ("behind", "header", "address"),
    [
        (False, "192.0.2.9", "127.0.0.1"),  # nobody before us: the header is the reader's own word
        (True, "192.0.2.9", "192.0.2.9"),
        (True, "10.9.9.9, 192.0.2.9", "192.0.2.9"),  # the reader forged the first
        (True, "2001:db8::1", "2001:db8::1"),
        (True, "nonsense", "127.0.0.1"),
        (True, "", "127.0.0.1"),
    ],
)
def test_address_is_the_last_of_the_header_only_behind_a_server(rf, settings, behind, header, address):
    found = settings.CARESHAPE_CONFIGURATION
    settings.CARESHAPE_CONFIGURATION = replace(found, values={**found.values, "site.proxy": behind})
    request = rf.get("/", HTTP_X_FORWARDED_FOR=header)
    ReaderAddress(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == address
