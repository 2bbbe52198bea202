"""Atom feeds (RFC 4287) of a council's editions: of the whole statement, and of each segment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

ATOM: Final = "http://www.w3.org/2005/Atom"
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML has no place for, or advises against: a feed that holds one is not well-formed."""
KIND: Final = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class Entry:
    """One entry: its name for good, its title, when it came, where it leads, and what it says."""

    name: str
    title: str
    updated: datetime
    address: str
    summary: str


def name_of(*parts: str) -> str:
    """A name that stays whatever address the site has: made of what names it for good."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, '/'.join(('careshape', *parts)))}"


def atom(
    name: str, title: str, author: str, address: str, page: str, updated: datetime, entries: Iterable[Entry]
) -> bytes:
    """A feed as bytes. ``address`` is its own, ``page`` that of the page that it belongs to."""
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", name)
    _add(feed, "title", title)
    _add(feed, "updated", updated.isoformat(timespec="seconds"))
    _add(feed, "link", "", rel="self", href=address, type="application/atom+xml")
    _add(feed, "link", "", rel="alternate", href=page, type="text/html")
    _add(_add(feed, "author", ""), "name", author)
    for one in entries:
        entry = _add(feed, "entry", "")
        _add(entry, "id", one.name)
        _add(entry, "title", one.title)
        _add(entry, "updated", one.updated.isoformat(timespec="seconds"))
        _add(entry, "link", "", rel="alternate", href=one.address, type="text/html")
        _add(entry, "summary", one.summary, type="text")
    content: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def _add(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text:
        made.text = _NOT_XML.sub("", text)
    return made
