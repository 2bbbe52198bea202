"""What axe finds wrong with a page, wide and narrow.

Every rule looks at the page as it stands; of another width every rule but those of colours, which ask for two thirds of
the time: a colour does not change with the width, and what only a narrow window shows is opened and looked at in one
(the menu, in test_walk.py).

A page of each kind is looked at once more as it is to who has their system draw everything in its own few colours
(forced colours, which is what a theme of high contrast is): by the rules of colours alone, since nothing else differs.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlsplit

WIDTHS: Final = {"desktop": (1280, 900), "phone": (375, 800)}
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS: Final = ("color-contrast",)
"""The rules that look at nothing but colours."""
AXE: Final = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RUN: Final = """async ([kind, values, without]) => {
  const rules = Object.fromEntries(without.map(one => [one, {enabled: false}]));
  const found = await axe.run(document, {
    runOnly: {type: kind, values}, rules, resultTypes: ['violations'], selectors: false, ancestry: false,
    preload: false,
  });
  return found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 200))]);
}"""
"""What was looked at and is in order is not told one by one, which takes longer than to look at it. No styles are
fetched once more: the rule that would read them is about films."""
DRAWN: Final = """() => Promise.race([
  new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))),
  new Promise(done => setTimeout(done, 2000)),
])"""
"""Scripts that follow the width have had their turn when a window of another size was drawn."""


def violations(page: Any, colours: bool = True) -> list[str]:
    """What axe finds in the page as it stands. Its source runs as the test's own script, which the page's policy does
    not concern.
    """
    page.wait_for_load_state()
    return _found(page, "tag", TAGS, () if colours else OF_COLOURS)


def forced_colours(page: Any) -> list[str]:
    """What axe finds in the colours of a page where the system forces its own and wants contrast."""
    page.emulate_media(forced_colors="active", contrast="more")
    where, found = urlsplit(page.url).path, _found(page, "rule", list(OF_COLOURS), ())
    page.emulate_media(forced_colors="none", contrast="no-preference")
    return [f"forced colours {where}: {one}" for one in found]


def _found(page: Any, kind: str, values: list[str], without: tuple[str, ...]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(RUN, [kind, values, list(without)])
    return [f"{rule}: {html}" for rule, nodes in found for html in nodes]


def look(page: Any) -> list[str]:
    """What is wrong with a page wide and narrow: what axe finds, and whether it is wider than the window; wide again
    afterwards.
    """
    where, found = urlsplit(page.url).path, []
    for name in WIDTHS:
        resize(page, name)
        found += [f"{name} {where}: {one}" for one in violations(page, colours=name == "desktop")]
        wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        if wide > window:
            found.append(f"{name} {where}: {wide} wide in a window of {window}")
    resize(page, "desktop")
    return found


def resize(page: Any, width: str) -> None:
    """Give a page's window another width, and wait until it is drawn in that."""
    wide, high = WIDTHS[width]
    if page.viewport_size != {"width": wide, "height": high}:
        page.set_viewport_size({"width": wide, "height": high})
        page.evaluate(DRAWN)
