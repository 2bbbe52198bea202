"""The links of every role's home page lead somewhere."""

from __future__ import annotations

import re

import pytest

from careshape.policy import roles

MEMBERS = [role.id for role in roles().values() if role.kind != "public"]


@pytest.mark.reads
@pytest.mark.parametrize("role", MEMBERS)
def test_every_link_of_a_home_page_leads_to_a_page(signed_in, role):
    client = signed_in(role)
    home = client.get("/work/").content.decode()
    links = {link for link in re.findall(r'href="(/[^"#]*)"', home) if not link.startswith("/static/")}
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)
    assert "/work/" in links
