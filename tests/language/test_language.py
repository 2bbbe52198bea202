"""The machinery of translation: every word of a template is found, and another language is spoken throughout."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import engines
from jinja2 import DictLoader

import careshape
from careshape.errors import CatalogueError, InputError
from careshape.language import ENGLISH, Language, current, read_language, say, speaking
from careshape.language.pseudo import CLOSE, OPEN, pseudo, pseudo_language
from careshape.language.source import ATTRIBUTES, messages
from careshape.site.jinja import environment
from careshape.statement.formatting import Withheld, day, money, month, plain, written

ROOT = Path(careshape.__file__).parent
TEMPLATES = sorted(ROOT.rglob("templates/**/*.html"))
_WORD = re.compile(r"[^\W\d_]{2,}")


class Read(HTMLParser):
    """What a browser shows or says of a page: its text nodes and spoken attributes. It is no part of what is tested."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style")
        self.found += [
            value for name, value in attrs if value and name in ("alt", "aria-label", "title", "placeholder")
        ]

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.silent:
            self.found.append(data)


def pieces(source: str) -> list[tuple[str, str]]:
    """The source as Jinja reads it: what stands between braces is no data, whatever other braces it holds."""
    found, depth = [], 0
    for _, kind, text in engines["jinja2"].env.lex(source):
        depth += kind.endswith("_begin")
        found.append(("other" if depth else kind, text))
        depth -= kind.endswith("_end")
    return found


def missed(source: str, found: list[str]) -> list[str]:
    """Words of a template, read by another reader, that are in no message."""
    said = " ".join(found)
    # A value that names an element stands as one that there is.
    html = re.sub(r"(</?)\0+", r"\1p", "".join(text if kind == "data" else "\0" for kind, text in pieces(source)))
    nodes = Read(html.replace("\0", " ")).found
    nodes = [re.sub(r"\b(?:cs|govuk)-[\w!-]+", "", node) for node in nodes]  # classes for the page above
    return [word for node in nodes for word in _WORD.findall(node) if word not in said]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_word_of_a_template_is_in_a_message(file):
    source = file.read_text("utf-8")
    assert missed(source, messages(engines["jinja2"].env, source, file.name)) == []


def test_control_words_that_are_not_found_are_missed(monkeypatch):
    """Without the attribute, what only a screen reader says would be left in English; the check must notice."""
    source = '<nav aria-label="Pages of the list"><a href="/a/" class="first page">Next</a></nav>'
    env = engines["jinja2"].env
    assert missed(source, messages(env, source)) == []
    monkeypatch.setattr("careshape.language.source.ATTRIBUTES", ("alt", "title"))
    assert missed(source, messages(env, source)) == ["Pages", "of", "the", "list"]
    assert "aria-label" in ATTRIBUTES


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>  Two\n  words </p>", ["Two words"]),
        ("<p>{{ n }} of {{ all|length }} pages</p>", ["{0} of {1} pages"]),
        ("<p>{% if a %}Yes{% else %}No{% endif %}</p>", ["Yes", "No"]),
        ('<img alt="A map of {{ x }}" class="cs-map wide">', ["A map of {0}"]),
        ('{{ govukButton({"text": "Agree it", "classes": "govuk-button--warning"}) }}', ["Agree it"]),
        ('{{ "Read it" if row.state == "Released" else "" }}', ["Read it"]),
        ('{{ f("home", slug) }}{% include "page.html" %}{# A comment #}', []),
        ("<script>let said = 'No words';</script><style>a { color: red }</style>", []),
        ("<p>{{ a }}{{ b }}</p><p>12 %</p>", []),
        ("<p>£5 &amp; more</p>", ["£5 &amp; more"]),
        ("{% block bodyclass %} cs-wide{% endblock %}", []),
    ],
)  # fmt: skip
def test_messages_of_a_template(source, expected):
    assert messages(engines["jinja2"].env, source) == expected


def rendered(source: str, words: dict[str, str], **values: object) -> str:
    """A template in a language of these words."""
    with speaking(Language(tag="xx", name="A test's", messages=words)):
        return environment(loader=DictLoader({"a.html": source})).get_template("a.html").render(**values)


def test_values_may_stand_in_another_order_and_are_escaped():
    words = {"{0} of {1}": "{1}: {0}", "Say “{0}”": "Dites « {0} »"}
    assert rendered("<p>{{ n }} of {{ all }}</p>", words, n=3, all="<9>") == "<p>&lt;9&gt;: 3</p>"
    assert rendered('<a title="Say “{{ a }}”">', words, a='"') == '<a title="Dites « &#34; »">'


def test_text_that_nobody_translated_stays_english():
    assert rendered("<p>Here</p>{{ 'Here too' }}", {}) == "<p>Here</p>Here too"


def test_words_of_an_argument_cannot_end_it():
    assert rendered("{{ 'It is his' }}", {"It is his": "C'est le sien"}) == "C’est le sien"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('"Here" = "<b>Ici</b>"', "hold <, which words cannot"),
        ('"Here" = "{{ secret }}"', "which words cannot"),
        ('"{0} of {1}" = "{0}"', "each of its values once"),
    ],
)
def test_words_that_would_be_markup_or_lose_a_value_are_refused(tmp_path, words, said):
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "cy.toml").write_text(f'tag = "cy"\nname = "Cymraeg"\n[messages]\n{words}\n', "utf-8")
    with pytest.raises(CatalogueError, match=said):
        read_language(tmp_path, "cy")


def test_language_is_read_from_the_data_folder_and_english_needs_none(tmp_path):
    assert read_language(tmp_path, "en-GB") is ENGLISH
    with pytest.raises(InputError, match="There are no words of the language 'cy'"):
        read_language(tmp_path, "cy")
    with pytest.raises(InputError, match="must be the tag of a language"):
        read_language(tmp_path, "../council")


def test_numbers_months_and_days_are_the_language_s():
    assert (plain(1234567), day(date(2021, 3, 31)), money(1234)) == ("1,234,567", "31 March 2021", "£1,234")
    with speaking(pseudo_language(["not known", "suppressed", "of {name}"])):
        assert plain((12345.5).__int__()) == "12\u202f345"
        assert written(None) == pseudo("not known")
        assert written(Withheld("why")) == pseudo("suppressed")
        assert day(date(2021, 3, 31)) == f"31 {pseudo('March')} 2021"
        assert month(date(2021, 3, 31)) == f"{pseudo('March')} 2021"
        assert say("of {name}", name="it") == pseudo("of {name}").format(name="it")
    assert current() is ENGLISH


def test_pseudo_text_is_a_third_longer_and_keeps_its_places():
    text = pseudo("{0} people &amp; more words")
    assert "{0}" in text
    assert "&amp;" in text
    assert len(text) >= 1.3 * len(" people  more words") + len("{0}&amp;")
    assert text.startswith(OPEN)
    assert text.endswith(CLOSE)
