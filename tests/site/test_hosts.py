"""The names under which the site may be asked for, and that its settings hold nothing of a test."""

from __future__ import annotations

import os

import pytest

from careshape.errors import CallError
from careshape.site.hosts import OWN, hosts, hosts_for
from tests import warm


def test_hosts_are_those_of_the_machine_where_none_are_set():
    assert hosts("") == hosts(" , ") == list(OWN)
    assert "testserver" not in OWN


def test_hosts_are_those_that_are_set():
    assert hosts("statements.example.org, .example.net,[::1]") == ["statements.example.org", ".example.net", "[::1]"]


@pytest.mark.parametrize("wrong", ["https://example.org", "example.org:8000", "example.org/a", "a b", "-"])
def test_hosts_name_what_is_no_host_name(wrong):
    with pytest.raises(CallError, match="no host name"):
        hosts(f"localhost,{wrong}")


@pytest.mark.parametrize(
    ("set_to", "host", "expected"),
    [
        ("", "127.0.0.1", list(OWN)),
        ("", "192.0.2.7", [*OWN, "192.0.2.7"]),
        ("", "2001:db8::1", [*OWN, "[2001:db8::1]"]),
        ("", "0.0.0.0", ["*"]),
        ("example.org", "0.0.0.0", ["example.org"]),
        ("example.org", "192.0.2.7", ["example.org", "192.0.2.7"]),
    ],
)
def test_hosts_for_an_address_to_listen_on(set_to, host, expected):
    assert hosts_for(set_to, host) == expected


CHECK = """
import django
django.setup()
from django.conf import settings
from django.core.checks import run_checks
print(settings.ALLOWED_HOSTS, settings.DEBUG)
print(sorted(one.id for one in run_checks(include_deployment_checks=True)))
"""
LEFT = ["security.W004", "security.W008", "security.W011", "security.W016"]
"""What the check of a deployment finds where nothing is said of HTTPS: the address is this machine's own."""
LEFT_WITH_HTTPS = ["security.W021"]
"""To be in browsers' lists of names that are HTTPS for ever is for the owner of the whole domain to ask for."""


@pytest.mark.parametrize(("https", "left"), [("", LEFT), ("true", LEFT_WITH_HTTPS)])
def test_settings_pass_the_check_of_a_deployment(tmp_path, https, left):
    env = {name: value for name, value in os.environ.items() if not name.startswith(("CARESHAPE_", "DJANGO_"))}
    env |= {"DJANGO_SETTINGS_MODULE": "careshape.site.settings", "CARESHAPE_DIR": str(tmp_path)}
    env["CARESHAPE_HTTPS"] = https
    done = warm.run(CHECK, env=env)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"{list(OWN)} False", str(left)]
