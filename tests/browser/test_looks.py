"""That what is wrong with a page is seen: in its colours, in one width alone, and beyond the edge of the window."""

from __future__ import annotations

import pytest

from tests.browser.looks import forced_colours, look

pytestmark = pytest.mark.browser

PAGE = (
    "<!doctype html><html lang=en><title>A page of a test</title><style>.narrow {{display: none}}"
    "@media (max-width: 500px) {{.narrow {{display: block}}}} {style}</style>"
    "<body><main><h1>A page</h1><p class=pale>Some words.</p>{body}</main></body></html>"
)
IMAGE = "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"


def found(browser, style: str = "", body: str = "") -> list[str]:
    page = browser.new_page()
    page.set_content(PAGE.format(style=style, body=body))
    said = look(page)
    page.close()
    return said


def test_control_faults_of_colours_of_one_width_and_of_the_edge_are_seen(browser):
    assert found(browser) == []
    pale = found(browser, ".pale {color: #ddd; background: #fff}")
    assert [one.partition(" ")[0] for one in pale] == ["desktop"]
    assert "color-contrast: <p class=" in pale[0]
    narrow = found(browser, body=f"<p class=narrow>{IMAGE}</p>")
    assert [one.partition(" ")[0] for one in narrow] == ["phone"]
    assert "image-alt: <img" in narrow[0]
    wide = found(browser, ".pale {width: 600px}")
    assert [one.partition(" ")[0] for one in wide] == ["phone"]
    assert "wide in a window of 375" in wide[0]


def test_control_a_fault_in_forced_colours_alone_is_seen(browser):
    page = browser.new_page()
    own = "@media (forced-colors: active) {{ .pale {{forced-color-adjust: none; color: #ddd; background: #fff}} }}"
    page.set_content(PAGE.format(style=own.format(), body=""))
    assert look(page) == []
    (said,) = forced_colours(page)
    assert said.startswith("forced colours")
    assert "color-contrast: <p class=" in said
    assert look(page) == [], "the colours are its own again"
    page.close()
