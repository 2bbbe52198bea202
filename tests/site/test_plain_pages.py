"""The pages for everybody: care to find in plain words, and the statement in easy read."""

from __future__ import annotations

import html
import re

LONGEST = 20
"""Words of a sentence on the page for whoever looks for care."""
MOST_SYLLABLES = 1.6
"""Syllables of a word on average: the Flesch reading ease of sentences of ten words is then above 60, "plain"."""


def words_of(content: str) -> list[str]:
    """The sentences of a page's text, without its tables."""
    main = content[content.index("<main") : content.index("</main>")]
    main = re.sub(r"<table.*?</table>|<details.*?</details>", " ", main, flags=re.DOTALL)
    parts = re.split(r"</?(?:p|li|h[1-6]|ol|ul|div|a)\b[^>]*>", main)
    text = [html.unescape(re.sub(r"<[^>]+>", "", part)) for part in parts]
    return [one.strip() for part in text for one in re.split(r"(?<=[.!?:])\s+", part) if one.strip()]


def syllables(word: str) -> int:
    """A count of the groups of vowels, which comes near that of syllables."""
    return max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e\b", "", word.lower()))))


def test_page_to_find_care_says_what_there_is_in_plain_words(client):
    content = client.get("/worcestershire/find-care/").content.decode()
    sentences = words_of(content)
    assert max(len(one.split()) for one in sentences) <= LONGEST
    said = [word for one in sentences for word in re.findall(r"[A-Za-z]+", one)]
    assert sum(map(syllables, said)) / len(said) < MOST_SYLLABLES
    for part in ("what-there-is", "how-good", "what-it-costs", "how-to-get-it", "whom-to-ask"):
        assert f'id="{part}"' in content
    assert "People who had it: 4" in content, "of the twelve lines of the sample"
    assert "The council has not said whom to ask" in content, "the sample names no front door"


def test_council_without_easy_read_says_so(client):
    content = client.get("/worcestershire/easy-read/").content.decode()
    assert "has not written its statement in easy read yet" in content
    assert client.get("/worcestershire/easy-read/care-homes/").status_code == 404


def test_council_without_records_says_so(client):
    content = client.get("/thurrock/find-care/").content.decode()
    assert "has no records here yet" in content
    assert client.get("/thurrock/easy-read/").status_code == 200


def test_easy_read_page_has_a_picture_with_words_for_each_line_and_live_figures(client, data):
    folder = data / "councils" / "worcestershire" / "statement" / "easy-read"
    folder.mkdir()
    try:
        (folder / "care-homes.md").write_text(
            '+++\ntitle = "Care homes"\n+++\n\n## What there is\n'
            '[people] {{ measure("care_home_people", period="2021-03-31") }} people lived in one.\n', "utf-8",
        )  # fmt: skip
        content = client.get("/worcestershire/easy-read/care-homes/").content.decode()
        assert "<strong>5</strong> people lived in one." in content
        assert re.search(
            r'<img class="cs-easy__picture" src="/static/careshape/easy/people.svg" alt="Three people"', content
        )
        assert "This page in easy read" in client.get("/worcestershire/statement/care-homes/").content.decode()
    finally:
        (folder / "care-homes.md").unlink()
        folder.rmdir()
