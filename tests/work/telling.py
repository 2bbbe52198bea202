"""Tell something of a package as its pages do: what it does is shown first, and what was read is handed back."""

from __future__ import annotations

import re

from django.test import Client


def tell_of(client: Client, address: str, **fields: str) -> str:
    """Fill the form at an address, read what it does, and do it; the page that shows what it does."""
    shown = client.post(address, fields)
    page: str = shown.content.decode()
    assert shown.status_code == 200, re.findall(r'error-summary__list">(.*?)</ul>', page, re.S)
    read = re.search(r'name="read" value="([0-9a-f]+)"', page)
    assert read is not None, "it shows what it does"
    done = client.post(address, {**fields, "read": read[1]})
    assert done.status_code == 302, re.findall(r'error-summary__list">(.*?)</ul>', done.content.decode(), re.S)
    return page
