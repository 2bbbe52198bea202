"""Numbers that a text types instead of quoting them: digits, number words, signs and Roman numerals."""

from __future__ import annotations

import html
import re
from typing import Final

from careshape.statement.expressions import OPEN_CLOSE

NUMBER_WORDS: Final = (
    *("zero", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty"),
    *("sixty", "seventy", "eighty", "ninety", "hundred", "hundreds", "thousand", "thousands", "million", "millions"),
    *("billion", "billions", "dozen", "dozens", "half", "halves", "halved", "halving", "thirds", "quarters", "fifths"),
    *("sixths", "sevenths", "eighths", "ninths", "tenths", "twentieths", "hundredths", "twice", "thrice", "nought"),
    *("doubles", "doubled", "doubling", "treble", "trebles", "trebled", "trebling", "triple", "triples", "tripled"),
    *("tripling", "quadruple", "quadruples", "quadrupled", "quadrupling", "percent", "percentage points"),
)
"""Words that state a number. "One", "first" and "second" are left out: they mostly count nothing."""

_TYPED: Final = re.compile(
    r"\d(?:[\d,./]*\d)?|[%‰£²³¹\u00bc-\u00be\u2070-\u2089\u2150-\u218b\u2460-\u249b]|\bper\s+cent\b|\bone\s+in\b|"
    r"\ba\s+(?:couple|pair)\s+of\b|"
    r"\b(?:an?|one)\s+(?:third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|twelfth|twentieth|hundredth)\b|"
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twenty|hundred)-?fold\b|"
    # Double what it was; care that two carers give together is called by its name.
    r"\bdouble\b(?!-|\s+(?:up|handed|cover|bed|bedded|room|glaz\w*)\b)|"
    rf"\b(?:{'|'.join(NUMBER_WORDS)})\b",
    re.IGNORECASE,
)
_ROMAN: Final = re.compile(
    # To XXXIX from two letters on, to LXXXIX from three, above from four: MCI and DC are no numbers in a text on care.
    r"\b(?=[XVI]{2,}\b)X{0,3}(?:IX|IV|V?I{0,3})\b|"
    r"\b(?=[LXVI]{3,}\b)(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b|"
    r"\b(?=[MDCLXVI]{4,}\b)M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b|"
    # A single letter counts where it numbers something.
    r"\b(?:Part|Phase|Stage|Tier|Type|Level|Schedule|Annex|Appendix|Chapter|Volume|Class|Grade|Section|Table|Figure)"
    r"\s+[IVX]\b|"
    r"\((?:i{1,3}|iv|v|vi{1,3}|ix|xi{0,3})\)|^[ \t]*(?:[-*] )?(?:i{1,3}|iv|vi{1,3}|ix|xi{1,3})[.)](?=\s)",
    re.MULTILINE,
)
_PART_OF_A_NAME: Final = re.compile(r"\b[A-Za-z]+[-']?\d+\w*")


def typed_numbers(text: str) -> list[tuple[int, str]]:
    """The numbers that a text types, each with its line counted from 0; expressions and code are looked past."""
    bare = OPEN_CLOSE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    # An address is no number in the text.
    bare = re.sub(r"\]\([^)\s]*\)", lambda match: " " * len(match[0]), bare)
    # The list marker of an ordered list is written by the page, not by the author.
    bare = re.sub(r"^(\s*)\d+\.(?=\s)", r"\1  ", bare, flags=re.MULTILINE)
    # What a reader sees: &frac12; is ½, and marks inside a word do not divide it.
    bare = re.sub(r"[*_`~\\\u00ad\u200b-\u200d\u2060]+", "", html.unescape(bare))
    found = [*_TYPED.finditer(bare), *_ROMAN.finditer(bare)]
    return [
        (bare.count("\n", 0, match.start()), " ".join(match[0].split()))
        for match in sorted(found, key=lambda match: match.start())
    ]


def counted_in_a_name(text: str) -> str:
    """The number that name("...") states rather than names, as in name("12 homes"); empty where there is none.

    A digit that belongs to a word (Covid-19, T52) names; so does a number word with a capital, as in a place.
    """
    left = _PART_OF_A_NAME.sub(" ", text)
    found = [match[0] for match in _TYPED.finditer(left) if not match[0][0].isupper()]
    return found[0] if found else ""


_MONTHS: Final = "January|February|March|April|May|June|July|August|September|October|November|December"
_COUNT: Final = (
    r"(?:\d+|half an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|"
    r"(?:twenty|thirty|forty|fifty|sixty)(?:-[a-z]+)?)"
)
_SETTLED: Final = re.compile(
    # Days, months and years, of whatever calendar, and how long something lasts.
    r"\b(?:19|20)\d\d(?:[/-](?:\d\d)?\d\d)?\b|"
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})\b|\b(?:{_MONTHS})\s+\d{{1,2}}\b|"
    rf"\b{_COUNT}[\s-](?:hour|day|week|month|year)s?\b|"
    # Ages, which say of whom; what is called by its number; ids.
    r"\b(?:under|over)[\s-]\d{2}s\b|\b\d{2}\s+and\s+over\b|\baged?\s+\d{1,3}\b|"
    r"\b(?:Tables?|Figures?|Sections?|Appendix|Tiers?|Phases?|Stages?)\s+\d+\w*|\b\w+-to-\w+\b|"
    r"\bthree[\s-]conversations?\b|\b[A-Z]+(?:-[A-Z]+)+-\d+\b|\b[A-Za-z]+\d+\w*",
    re.IGNORECASE,
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ONES: Final = ("", "one", *NUMBER_WORDS[1:9])


def typed_figures(text: str, own: str = "") -> list[str]:
    """The figures that a decision types in its words instead of keeping them in its fields.

    What was decided is said in words with its days, how long it lasts, whom it is for and what it is called; a figure
    stands in a field, from which it is told with its card. ``own``: the figure that the fields of the same row hold, as
    its target, which its words may say.
    """
    left = _SETTLED.sub(" ", text)
    if own:
        for said in (own, f"{int(own):,}" if own.isdigit() else own, _in_words(own)):
            left = re.sub(rf"\b{re.escape(said)}\b", " ", left, flags=re.IGNORECASE) if said else left
    return [word for _, word in typed_numbers(f": {left}")]


def _in_words(number: str) -> str:
    """A whole number below a hundred in words; nothing for another."""
    if not number.isdigit() or not 0 < int(number) < 100:
        return ""
    if int(number) < 20:
        return (*_ONES, *NUMBER_WORDS[9:19])[int(number)]
    tens, ones = divmod(int(number), 10)
    return f"{_TENS[tens - 2]}{'-' if ones else ''}{_ONES[ones]}"
