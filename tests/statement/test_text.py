"""The text of a segment as HTML."""

from __future__ import annotations

import re
from dataclasses import replace

from careshape.ledger import Ledger
from careshape.statement import segments
from careshape.statement.content import Segment
from careshape.statement.expressions import find_expressions
from careshape.statement.segments import segment_parts
from careshape.statement.text import parts, plain_text


def segment(text: str) -> Segment:
    found, faults = find_expressions(text, "x.md")
    return Segment("x", "X", "", "context", (), "x.md", text, 1, tuple(found), tuple(faults))


def html(council, text: str) -> str:
    return "".join(
        part.html for part in parts(council, segment(text), lambda call, level: f"<{level}>{call}</{level}>")
    )


def test_parts_link_figures_and_leave_dates_and_names_as_text(council):
    made = html(council, 'In {{ year("2030") }}: {{ observation("W-PF-010") | number }}.')
    assert re.search(
        r'In 2030: <a class="[^"]*cs-figure[^"]*" href="/worcestershire/figures/[0-9a-f]{12}/">638,800</a>\.', made
    )


def test_parts_escape_what_a_figure_says(council):
    assert "&lt;b&gt;" in html(council, '{{ name("<b>") }}')


def test_parts_allow_no_html_of_the_author(council):
    assert "<script>" not in html(council, "<script>alert()</script>")


def test_parts_put_blocks_in_place_of_their_paragraph_one_level_below_their_heading(council):
    made = html(council, "Before\n\n{{ views() }}\n\n## Part\n\n{{ views() }}\n")
    assert "<h2>views()</h2>" in made
    assert "<h3>views()</h3>" in made
    assert "<p></p>" not in made


def test_parts_print_not_known_for_what_cannot_be_read_or_computed(council):
    assert "not known" in html(council, "It was {{ nothing() }}.")
    assert "not known</a>" in html(council, 'It was {{ observation("nothing") }}.')


def test_parts_carry_the_design_system_s_classes(council):
    made = html(council, "Text\n\n- one\n\n1. first\n\n### Below\n\n[link](https://example.org)")
    for sign in ("govuk-body", "govuk-list--bullet", "govuk-list--number", "govuk-heading-s", 'class="govuk-link"'):
        assert sign in made


def test_parts_are_split_at_headings_of_the_second_level(council):
    made = parts(council, segment("Lead\n\n## What is *needed*?\n\nText"), lambda call, level: "")
    assert [(part.title, part.anchor) for part in made] == [("", ""), ("What is *needed*?", "what-is-needed")]


def test_plain_text_holds_the_figures_as_written(council):
    text = '## Head\n\nIt had **{{ observation("W-PF-009") }}** people, [see](https://example.org).\n\n{{ views() }}'
    assert plain_text(council, segment(text)) == "Head: It had 592,100 people, see."


MARKED = 'Before.\n\n[demonstration] Made up: {{ name("X") }}\nto the end.\n\nAfter.\n\n[demonstration]\nLast.'


def test_parts_show_a_paragraph_marked_demonstration_without_its_mark(council):
    made = html(council, MARKED)
    assert '<p class="govuk-body">Made up: X\nto the end.</p>' in made
    assert "Last." in made
    assert "[demonstration]" not in made + plain_text(council, segment(MARKED))


def test_parts_leave_out_what_is_marked_demonstration_for_a_council_with_records_of_its_own(council, tmp_path):
    ledger = Ledger.create(tmp_path / "worcestershire", "worcestershire", demonstration=False)
    real = replace(council, ledger=ledger)
    made = html(real, MARKED)
    assert made == '<p class="govuk-body">Before.</p>\n<p class="govuk-body">After.</p>\n'
    assert plain_text(real, segment(MARKED)) == "Before. After."


def test_parts_write_a_label_small_inside_a_sentence_and_large_at_its_start(council):
    made = html(council, '{{ label("service", "nursing") }}, and {{ label("service", "nursing") }}.')
    assert ">Nursing care, and nursing care.<" in made


def test_one_slot_reads_as_on_its_page_and_draws_nothing_of_the_others(council, monkeypatch):
    whole = {
        (one.id, each.slot.id): each.html
        for one in council.statement.segments.values() for each in segment_parts(council, one) if each.slot
    }  # fmt: skip
    monkeypatch.setattr(council, "kept", {})
    drawn = []
    block_html = segments.block_html
    monkeypatch.setattr(
        segments,
        "block_html",
        lambda council, one, call, level: drawn.append(call.name) or block_html(council, one, call, level),
    )
    words = {key: html for key, html in whole.items() if html and "<table" not in html and "<svg" not in html}
    assert len(words) < len([html for html in whole.values() if html]), "some slots have tables"
    for (segment, slot), html in words.items():
        assert segments.slot_html(council, council.statement.segments[segment], slot) == html
    assert not {"table", "chart"} & set(drawn)
