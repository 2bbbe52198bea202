"""Write the words of a language for translators: every message of templates and code, with what it is so far.

python scripts/words.py cy "Cymraeg" > careshape-data/languages/cy.toml       (add --old FILE to keep what there is)
python scripts/words.py en-XA --pseudo > careshape-data/languages/en-XA.toml  (nobody speaks it: for tests and looks)
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import careshape
from careshape.declared import read_toml
from careshape.language.code import phrases
from careshape.language.pseudo import pseudo_language
from careshape.language.source import messages
from careshape.language.spoken import ENGLISH, Language


def every_message() -> list[str]:
    """The messages of templates and the phrases of code and data files, each once, in the order of the files."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careshape.site.settings")
    import django
    from django.template import engines

    django.setup()
    env = engines["jinja2"].env
    root = Path(careshape.__file__).parent
    files = sorted(root.rglob("templates/**/*.html"))
    found = [text for file in files for text in messages(env, file.read_text("utf-8"), file.name)]
    return list(dict.fromkeys([*found, *phrases(root)]))


def lines_of(language: Language, said: list[str]) -> Iterator[str]:
    """A language as a file: its own settings, then a line a message, with a # before what nobody translated yet."""
    for name in ("tag", "name", "direction", "months", "thousands", "point"):
        value = getattr(language, name)
        yield f"{name} = {json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)}"
    yield "\n[messages]"
    for text in said:
        key = json.dumps(text, ensure_ascii=False)
        if text in language.messages:
            yield f"{key} = {json.dumps(language.messages[text], ensure_ascii=False)}"
        else:
            yield f'# {key} = ""'


def main() -> None:
    """Print the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tag")
    parser.add_argument("name", nargs="?", default="")
    parser.add_argument("--pseudo", action="store_true")
    parser.add_argument("--old", type=Path)
    given = parser.parse_args()
    said = every_message()
    if given.pseudo:
        language = pseudo_language(said)
    else:
        old = read_toml(given.old.read_text("utf-8"), given.old.name) if given.old else {}
        language = Language(**{"months": ENGLISH.months, **old, "tag": given.tag, "name": given.name or given.tag})
    sys.stdout.write("\n".join(lines_of(language, said)) + "\n")


if __name__ == "__main__":
    main()
