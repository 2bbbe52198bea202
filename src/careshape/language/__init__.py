"""The language that an installation's pages speak: English as written in the templates, or another by a file of words.

A language is chosen once for an installation, by its setting ``site.language``. Templates and phrases stay in English;
a file of words says what stands in their place.
"""

from careshape.language.spoken import (
    ENGLISH,
    Language,
    choose,
    current,
    day_of,
    month_of,
    numeral,
    read_language,
    say,
    speaking,
    spoken,
)

__all__ = [
    "ENGLISH",
    "Language",
    "choose",
    "current",
    "day_of",
    "month_of",
    "numeral",
    "read_language",
    "say",
    "speaking",
    "spoken",
]
