#!/usr/bin/env python3
"""Write docs/explanation/trust.md anew from the promises of a run: CARESHAPE_PROMISES=FILE ./test, then this."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "explanation" / "trust.md"
TITLES = {
    "R1": "What there is one of goes to one",
    "R3": "Nothing that was acknowledged is lost, and nothing is half done",
    "R5": "What was done is on record, and a changed record shows",
    "R6": "Everybody may do what the policy says, and nothing else",
    "R7": "The API answers what nobody expected",
    "R8": "Files from outside do no harm",
    "R9": "What is downloaded runs nothing",
    "R10": "No published figure tells of a few people",
    "R11": "Everybody can read the pages",
    "R12": "Pages stay quick",
    "R13": "Backups come back whole, and databases move whole",
    "R14": "What it is made of is known",
    "R15": "Browsers are told to be strict, and sign-in is guarded",
    "R16": "Personal data is classified, and can be given, kept and destroyed",
    "R17": "The security standard is gone through line by line",
}
HEAD = """# What is promised, and how it was checked

Each line is printed at the end of every run of `./test`, from tests that fail where it does not hold. A control is a
deliberately broken variant that the same test has to notice. `./test --promises` runs only these, and `./soak NAME`
runs one of the slow harnesses long (`./soak --list`). The figures below are those of the run of {day}; this page is
written from it by `scripts/trust.py`.
"""
TAIL = """
## What is not promised

No outside party has examined careshape. A kill of the process is no loss of power: of the latter, only what the
databases promise is known. Times in milliseconds are of one machine, and decide a run only at three times their goal.
"""


def main(file: str) -> None:
    """Write the page from the lines that ``python -m tests.promises`` prints."""
    found: dict[str, list[str]] = {}
    for line in Path(file).read_text("utf-8").splitlines():
        name, _, words = line.partition(": ")
        found.setdefault(name.split()[0], []).append(f"- **{name}**: {words}")
    unknown = set(found) - set(TITLES)
    if unknown:
        sys.exit(f"scripts/trust.py has no heading for {', '.join(sorted(unknown))}.")
    text = HEAD.format(day=f"{datetime.now(UTC):%-d %B %Y}")
    for name, title in TITLES.items():
        if name in found:
            text += f"\n## {title}\n\n" + "\n".join(found[name]) + "\n"
    PAGE.write_text(text + TAIL, encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1])
