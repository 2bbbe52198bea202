"""Walks by keyboard alone, written as data: what each role reaches with the tab key, types, chooses and presses.

A step is a verb, what it is done to, and a value where there is one. Nothing here clicks, and the pages have no script.
"""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import expect

MOST: Final = 160
"""Stops of the tab key within which everything on a page is reached."""
Step = tuple[str, ...]

WALKS: Final[dict[str, tuple[Step, ...]]] = {
    "broker": (
        ("open", "Registers"),
        ("type", "providers-q", "W-003"),
        ("press", "Show"),
        ("open", "Synthetic provider W-003"),
        ("see", "Line items"),
        ("open", "Measures"),
        ("choose", "measure", "People supported"),
        ("choose", "by", "Service"),
        ("type", "period", "2021-03-31"),
        ("press", "Ask"),
        ("see", "Nursing care"),
    ),
    "practitioner": (
        ("open", "Search"),
        ("type", "q", "care homes"),
        ("press", "Search"),
        ("open", "Care homes"),
        ("see", "What there is"),
    ),
    "quality-officer": (
        ("open", "Postings"),
        ("open", "1"),
        ("see", "What it covers"),
        ("open", "Registers"),
        ("open", "People, sort"),
        ("see", "Synthetic provider W-001"),
    ),
    "finance": (
        ("open", "Cost by service and financial year"),
        ("see", "Nursing care"),
        ("open", "Synthetic finance"),
        ("open", "Tokens for programs"),
        ("type", "name", "Dashboard"),
        ("press", "Make the token"),
        ("see", "Select what the token may do."),
        ("tick", "acts-2"),
        ("press", "Make the token"),
        ("see", "This is the token."),
        ("open", "Revoke"),
        ("press", "Revoke it"),
        ("see", "The token “Dashboard” is revoked."),
    ),
    "provider": (
        ("open", "Your organisation"),
        ("open", "Who answers for it with you"),
        ("see", "Synthetic provider"),
        ("open", "Following"),
        ("open", "Follow something"),
        ("pick", "what-3"),
        ("choose", "service", "Nursing care"),
        ("press", "Follow it"),
        ("open", "What is wanted of nursing care"),
        ("press", "Stop following it"),
        ("press", "Follow it again"),
        ("see", "You get a mail when an edition changes it."),
    ),
    "voluntary": (
        ("open", "Be told what changes"),
        ("open", "Follow something"),
        ("pick", "what"),
        ("press", "Follow it"),
        ("see", "The whole statement"),
        ("open", "Your comments"),
        ("open", "Comment on a section"),
    ),
    "auditor": (
        ("open", "Audit log"),
        ("press", "Verify that the log is whole"),
        ("see", "The log is whole"),
        ("choose", "events-role", "finance"),
        ("press", "Show"),
        ("open", "Synthetic finance"),
        ("see", "finance"),
    ),
    "administrator": (
        ("open", "People"),
        ("open", "Invite a person"),
        ("press", "Send the invitation"),
        ("see", "Enter e-mail address"),
        ("type", "id_email", "keyboard@tests.example"),
        ("pick", "id_role-3"),
        ("choose", "id_team", "Synthetic team"),
        ("press", "Send the invitation"),
        ("see", "keyboard@tests.example was invited."),
        ("open", "Invitation"),
        ("press", "Withdraw"),
        ("see", "was withdrawn"),
    ),
}


def walk(page, steps: tuple[Step, ...]) -> None:
    """Walk with the keyboard alone. Fails where something is not reached, or is reached and not seen to be."""
    for verb, what, *value in steps:
        if verb == "see":
            expect(page.locator("main"), f"{page.url} says").to_contain_text(what, use_inner_text=True)
            continue
        if verb in ("open", "press"):
            reach(page, "A" if verb == "open" else "BUTTON", words=what)
            with page.expect_navigation():
                page.keyboard.press("Enter")
            continue
        reach(page, "SELECT" if verb == "choose" else "", id=re.sub(r"-\d+$", "", what) if verb == "pick" else what)
        if verb == "type":
            page.keyboard.press("Control+a")
            page.keyboard.type(value[0])
        elif verb == "choose":
            page.keyboard.type(value[0])
        else:
            page.keyboard.press("Space")
        while verb == "pick" and now(page)["id"] != what:
            before = now(page)["id"]
            page.keyboard.press("ArrowDown")
            assert now(page)["id"] != before, f"the arrow keys do not reach {what}"


def reach(page, tag: str, words: str = "", id: str = "") -> None:
    """Press the tab key until something has the focus: by its tag and words, or by its id."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = now(page)
        if (not tag or here["tag"] == tag) and (here["id"] == id if id else _says(here["text"], words)):
            if not here["seen"]:
                raise AssertionError(f"{page.url}: nothing shows that {words or id} has the focus")
            return
    raise AssertionError(f"{page.url}: no {tag} '{words or id}' is reached by the tab key")


def now(page) -> dict[str, str]:
    """What has the focus, and whether that is to be seen."""
    found: dict[str, str] = page.evaluate(FOCUS)
    return found


def _says(text: str, words: str) -> bool:
    """Whether a link or button says these words; one figure or short word only as the whole of it."""
    return text == words or (len(words) > 2 and text.startswith(words))


FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const text = (one.innerText || one.value || '').replace(/\\s+/g, ' ').replace(' ,', ',').trim();
  const marked = one.type === 'radio' || one.type === 'checkbox';
  const near = marked ? getComputedStyle(one.nextElementSibling, '::before') : style;
  const yellow = near.backgroundColor === 'rgb(255, 221, 0)';
  const seen = yellow || near.outlineStyle !== 'none' || near.boxShadow !== 'none';
  return {tag: one.tagName, id: one.id, text, seen};
}"""
