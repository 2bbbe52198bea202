"""The public pages in a language that nobody speaks: no words of their templates are left in English."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from django.template import engines
from jinja2 import FileSystemLoader

from careshape.language import current, speaking
from careshape.language.code import of_code, phrases, pieces
from careshape.language.pseudo import CLOSE, OPEN, TAG, pseudo_language
from careshape.language.source import messages
from careshape.site.jinja import environment
from careshape.statement.council import open_council
from careshape.statement.export import statement_paths
from careshape.statement.print.document import document_of
from careshape.statement.print.typeset import LABELS, typeset
from tests.language.test_language import ROOT, TEMPLATES

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
    every |= set(phrases(ROOT))
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


LONG = 4
"""Words of a stretch of code from which it is a stretch of a sentence, and not found elsewhere by chance."""


def bare(text: str) -> str:
    """A text without what was translated."""
    while (less := re.sub(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", text)) != text:
        text = less
    return text


@pytest.fixture(scope="module")
def sentences():
    """Stretches of sentences that the code of the public rooms puts together without the words of a language."""
    rooms = ("statement", "editions", "readers", "reuse", "design", "evaluate", "exchange")
    files = [file for room in rooms for file in (ROOT / room).rglob("*.py")]
    found = {one for file in files for one in pieces(file.read_text("utf-8"))}
    return {one for one in found if len(re.findall(r"\w+", one)) >= LONG}


def code_left(html, whole, sentences):
    """Nodes of a page that are a phrase of the code, or hold a stretch of its sentences, and were not translated."""
    nodes = [" ".join(bare(node).split()) for node in Nodes(html).nodes]
    return [node for node in nodes if node in whole or any(one in node for one in sentences)]


@pytest.mark.database
def test_no_public_page_has_words_of_templates_or_code_that_were_not_translated(client, said, sentences, settings, db):
    whole = set(phrases(ROOT))
    paths = [*SITE, *kinds(settings.CARESHAPE_DIR)]
    left = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 404), path
        html = answer.content.decode()
        assert f'<html lang="{TAG}"' in html, path
        assert html.count(OPEN) == html.count(CLOSE) > 5, path
        assert Nodes(html).unspoken == [], path
        remaining = [*english_left(html, said), *code_left(html, whole, sentences)]
        if remaining:
            left[path] = remaining
    assert left == {}
    assert len(paths) > 15


def test_control_words_that_are_planted_in_english_are_seen(sentences):
    """A label, a refusal, and a sentence with a value in it, as a page would show them if they went past the words."""
    whole = set(phrases(ROOT))
    assert code_left("<p>Due for review</p><p>⟦Due for review⟧</p>", whole, sentences) == ["Due for review"]
    assert code_left("<td>Nothing has been written here yet.</td>", whole, sentences)
    source = 'def f(n):\n    return f"There are {n} homes that nobody has counted."\n'
    planted = {one for one in pieces(source) if len(one.split()) >= LONG}
    assert code_left("<p>There are 5 homes that nobody has counted.</p>", set(), planted)
    assert not code_left("<p>⟦There are 5 homes that nobody has counted.⟧</p>", set(), planted)


def test_printed_statement_speaks_the_language_and_a_planted_word_is_seen(client, settings):
    """Letters of print have no such brackets; those that it has are put in their place."""
    marks = str.maketrans({OPEN: "«", CLOSE: "»", "~": None})
    language = current()
    words = {text: said.translate(marks) for text, said in language.messages.items()}
    months = tuple(month.translate(marks) for month in language.months)
    with speaking(language.model_copy(update={"messages": words, "months": months})):
        document = document_of(open_council(settings.CARESHAPE_DIR, COUNCIL))
        planted = replace(document, notices=(*document.notices, "Nothing has been written here yet."))
        made, spoilt = (_words(typeset(one).content) for one in (document, planted))
    own = {one for file in (ROOT / "statement" / "print").glob("*.py") for one in of_code(file.read_text("utf-8"))}
    own |= set(LABELS.values()) | {"Line chart of", "The largest value is", "Suppressed so that nobody"}
    own = {one for one in own if len(one.split()) > 1}
    assert len(own) > 12
    assert [one for one in own if one in made] == []
    assert [one for one in own if one in spoilt] == ["Nothing has been written here yet."]


def _words(content):
    """The words of a PDF that stand outside of the marks of the language."""
    import pymupdf

    text = " ".join(" ".join(page.get_text() for page in pymupdf.open(stream=content)).split())
    while (less := re.sub("«[^«»]*»", " ", text)) != text:
        text = less
    return " ".join(text.split())


def test_control_page_in_english_is_seen(said, data, monkeypatch):
    from django.conf import settings
    from django.test import Client

    monkeypatch.setattr(settings, "CARESHAPE_DIR", data)
    html = Client(SERVER_NAME="localhost").get("/accessibility/").content.decode()
    assert len(english_left(html, said)) > 3
