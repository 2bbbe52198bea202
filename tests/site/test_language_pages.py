"""The public pages in a language that nobody speaks: no words of their templates are left in English."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser

import pytest
from django.template import engines
from jinja2 import FileSystemLoader

from careshape.site.jinja import environment
from careshape.statement.council import open_council
from careshape.statement.export import statement_paths
from careshape.statement.language import speaking
from careshape.statement.language.pseudo import CLOSE, OPEN, TAG, pseudo_language
from careshape.statement.language.source import messages
from tests.statement.test_language import TEMPLATES

COUNCIL = "worcestershire"
_HOLE = re.compile(r"\{\d+\}")
SITE = ("/", "/accessibility/", "/sign-in/", f"/{COUNCIL}/editions/", f"/{COUNCIL}/search/?q=care", "/no-such-page/")


SENTENCE = 8
"""Words from which a message is a template's alone: shorter ones are phrases of the code as well, such as titles."""


class Nodes(HTMLParser):
    """Text nodes and spoken attributes; and what is translated though nobody reads it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: list[str] = []
        self.silent = 0
        self.unspoken: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style")
        for name, value in attrs:
            if value and name in ("alt", "aria-label", "title", "placeholder"):
                self.nodes.append(" ".join(value.split()))
            elif value and name in ("id", "class", "href", "src", "for", "name", "type", "role", "headers", "scope"):
                self.unspoken += [value] if OPEN in value else []

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.silent and data.strip():
            self.nodes.append(" ".join(data.split()))


def english_left(html: str, said: set[str]) -> list[str]:
    """Nodes of a page that are a message of a template, and were not translated."""
    return [node for node in Nodes(html).nodes if node in said]


@pytest.fixture(scope="module")
def said():
    """Every message of every template that has no values in it, as a page shows it."""
    env = engines["jinja2"].env
    found = {text for file in TEMPLATES for text in messages(env, file.read_text("utf-8"), file.name)}
    return {text for text in found if not _HOLE.search(text) and "&" not in text and len(text.split()) >= SENTENCE}


@pytest.fixture
def client(data, tmp_path, monkeypatch, said):
    """A client of a site that speaks the pseudo-language, over a council that has shown no page yet."""
    from django.conf import settings
    from django.test import Client

    folder = tmp_path / "data"
    shutil.copytree(data, folder)
    monkeypatch.setattr(settings, "CARESHAPE_DIR", folder)
    env = engines["jinja2"].env
    every = {text for file in TEMPLATES for text in messages(env, file.read_text("utf-8"), file.name)}
    with speaking(pseudo_language(every)):
        loader = FileSystemLoader([str(one) for one in engines["jinja2"].template_dirs])
        fresh = environment(loader=loader, auto_reload=False)
        monkeypatch.setattr(engines["jinja2"], "env", fresh)
        yield Client(raise_request_exception=False, SERVER_NAME="localhost")


def kinds(folder):
    """An address of each kind of page of the statement, the longest, which has most on it."""
    found = {}
    for path in statement_paths(open_council(folder, COUNCIL)):
        if path.endswith("/"):
            parts = path.strip("/").split("/")[1:]
            found[parts[0] if parts else "", len(parts)] = path
    return sorted(found.values())


@pytest.mark.database
def test_no_public_page_has_template_words_that_were_not_translated(client, said, settings, db):
    paths = [*SITE, *kinds(settings.CARESHAPE_DIR)]
    left = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 404), path
        html = answer.content.decode()
        assert f'<html lang="{TAG}"' in html, path
        assert html.count(OPEN) == html.count(CLOSE) > 5, path
        assert Nodes(html).unspoken == [], path
        remaining = english_left(html, said)
        if remaining:
            left[path] = remaining
    assert left == {}
    assert len(paths) > 15


def test_control_page_in_english_is_seen(said, data, monkeypatch):
    from django.conf import settings
    from django.test import Client

    monkeypatch.setattr(settings, "CARESHAPE_DIR", data)
    html = Client(SERVER_NAME="localhost").get("/accessibility/").content.decode()
    assert len(english_left(html, said)) > 3
