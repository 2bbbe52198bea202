"""The static export: the served pages as plain files whose links work under any address, and from a disk."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from careshape.errors import CallError, CareshapeError, InputError
from careshape.evaluate.measure import measures
from careshape.folders import beside, put_in_place
from careshape.statement.addresses import address, download
from careshape.statement.council import Council, council_slugs, open_council
from careshape.statement.lint import lint_statement
from careshape.statement.listings import LISTS
from careshape.statement.outlook.report_views import report_paths
from careshape.statement.outlook.views import outlook_paths
from careshape.statement.outlook.work_out import look_ahead
from careshape.statement.pages import hold_councils
from careshape.statement.print.forms import forms

MARK: Final = "careshape-export.txt"
"""A file that says what the folder is; a folder that holds anything and lacks it is not written over."""
MOST_FAULTS: Final = 20
NOTE: Final = "Static export of market position statements, made by careshape. Draft: not released.\n"
_LINK: Final = re.compile(r'(\s(?:href|src|action)=")(/[^"]*)(")')


def export_site(
    data_dir: Path | str,
    out_dir: Path | str,
    base_url: str = "",
    progress: Callable[[str], None] | None = None,
    heads: Sequence[str] = (),
) -> int:
    """Write every page, table and chart of all councils of ``data_dir`` to ``out_dir``; return how many files.

    Links are relative, so the folder may be served under any prefix. ``base_url`` is the address under which it will be
    published, if known; it only names each page's canonical address. ``heads`` says where the councils' audit logs
    stand, for the note beside the pages: a log that is cut afterwards no longer has them. The folder is replaced as a
    whole: readers of an earlier export never meet a mixture. Raises CallError where ``out_dir`` holds something else,
    InputError where a text has faults.
    """
    data, out = Path(data_dir).resolve(), Path(out_dir).resolve()
    configure(data)
    with site_folder(out, heads) as fresh:
        councils = opened(data)
        written = 1 + write_common(fresh, councils, base_url)
        for council in councils.values():
            written += write_council(fresh, council, base_url, progress or (lambda text: None))
    return written


@contextmanager
def site_folder(out: Path, heads: Sequence[str] = ()) -> Iterator[Path]:
    """A fresh folder that becomes the export when the block has ended well. Raises CallError where ``out`` holds
    something else.
    """
    if out.exists() and not _ours(out):
        raise CallError(f"{out} holds other files. Choose an empty folder, or one with an earlier export.")
    with beside(out) as fresh:
        (fresh / MARK).write_text(NOTE + "".join(f"Audit head: {head}\n" for head in heads), encoding="utf-8")
        yield fresh
        put_in_place(fresh, out, _ours)


def write_common(fresh: Path, councils: Mapping[str, Council], base_url: str = "") -> int:
    """Write the pages that are of no council, with styles, scripts and pictures; how many files."""
    for path in ("/", "/help/", "/accessibility/"):
        _write(fresh, path, answer(path, base_url, councils))
    return 3 + _write_static(fresh)


def write_council(fresh: Path, council: Council, base_url: str, progress: Callable[[str], None]) -> int:
    """Write every page of a council as it is now, after what is to come was worked out; how many files.

    Raises InputError where its text has faults.
    """
    progress(f"{council.name}: checking the text")
    _check_text(council)
    progress(f"{council.name}: looking ahead")
    look_ahead(council)
    progress(f"{council.name}: computing figures")
    council.warm()
    paths = council_paths(council)
    for number, path in enumerate(paths):
        if number % 100 == 0:
            progress(f"{council.name}: page {number + 1} of {len(paths)}")
        _write(fresh, path, answer(path, base_url, {council.slug: council}))
    return len(paths)


def _ours(folder: Path) -> bool:
    """Whether a folder is an export, or empty: only such a one may be replaced."""
    return folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir()))


def opened(data: Path, only: str = "") -> dict[str, Council]:
    """Every council, or one alone, as it is now: the whole export shows this state, whatever is imported meanwhile.

    Raises InputError where one cannot be read: an export without it would pass for a whole one.
    """
    found = {}
    for slug in [only] if only else council_slugs(data):
        try:
            council = open_council(data, slug)
        except CareshapeError as error:
            raise InputError(f"The council '{slug}' cannot be read, so nothing was written. {error}") from error
        if council is not None:
            found[slug] = council
    return found


def configure(data: Path) -> None:
    """Let the web part work on a data folder from the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careshape.site.settings")
    django.setup()
    settings.CARESHAPE_DIR = data


def _check_text(council: Council) -> None:
    """Refuse a text that types a number or refers to what is not there. Raises InputError with every fault."""
    if council.faulty:
        raise InputError(
            f"The text of {council.name} cannot be read, so nothing was written. {council.content_problem}"
        )
    if council.written is None:
        return
    faults = [str(fault) for fault in lint_statement(council.slug, council.written, council.observations)]
    if faults:
        shown = "\n".join(faults[:MOST_FAULTS])
        more = f"\nand {len(faults) - MOST_FAULTS} more" if len(faults) > MOST_FAULTS else ""
        raise InputError(f"The text of {council.name} cannot be published, so nothing was written:\n{shown}{more}")


def council_paths(council: Council) -> list[str]:
    """Every address of a council that the export holds."""
    return [*statement_paths(council), *outlook_paths(council), *report_paths(council)]


def statement_paths(council: Council) -> list[str]:
    """Every address of a council's statement: what it says and what stands behind it, without what is to come."""
    slug, sources = council.slug, council.sources
    paths = [address(slug, name) for name in ("home", "tables", "measures", "observations", "about", "index")]
    paths += [address(slug, "measure", name) for name in measures()]
    paths += [address(slug, "figure", one.key) for one in council.book.computed() if one.linked]
    for name in LISTS:
        paths += [address(slug, name), download(slug, name, "", "csv"), download(slug, name, "", "json")]
    for name in sources.observations.values("table"):
        paths.append(address(slug, "observations", name))
        paths += [download(slug, "observations", name, kind) for kind in ("csv", "json")]
    paths += [address(slug, name) for name in ("review", "views", "end-states")]
    paths += [address(slug, "intention", one.id) for one in council.decided.intentions]
    for name in ("may-i-build", "opportunities"):
        paths += [address(slug, name), *(download(slug, name, "", kind) for kind in ("csv", "json"))]
    if council.statement:
        for name in council.statement.segments:
            paths += [address(slug, "segment", name), address(slug, "large-print-page", name)]
        paths += [address(slug, "subject", one.id) for one in council.statement.subjects]
        paths += [address(slug, "large-print")]
        paths += [address(slug, "easy-read"), address(slug, "find-care")]
        paths += [address(slug, "easy-read-page", name) for name in council.statement.easy]
        for name in council.statement.tables:
            paths += [address(slug, "table", name), *(download(slug, "table", name, kind) for kind in ("csv", "json"))]
        paths.append(f"{address(slug, 'tables')}index.json")
        paths += [form.address(slug) for form in forms(council)]
    return paths


def answer(path: str, base_url: str, councils: Mapping[str, Council]) -> HttpResponse:
    """The page at an address, drawn from councils held in one state. Raises CareshapeError where it cannot be."""
    request: HttpRequest = RequestFactory(SERVER_NAME="localhost").get(path)
    hold_councils(request, councils)
    request.static_export = True
    request.base_url = base_url
    found = resolve(path)
    response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    if response.status_code != 200:
        raise CareshapeError(f"The page {path} could not be made: it answered {response.status_code}.")
    return response


def _write(out: Path, path: str, response: HttpResponse) -> None:
    target = out / file_of(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    content = response.content
    if response.headers["Content-Type"].startswith("text/html"):
        content = relative_links(content.decode("utf-8"), path).encode("utf-8")
    target.write_bytes(content)


def file_of(path: str) -> str:
    """The file of an address: /a/b/ is a/b/index.html."""
    return f"{path}index.html".lstrip("/") if path.endswith("/") else path.lstrip("/")


def relative_links(html: str, path: str) -> str:
    """The page at ``path`` with its links to other pages made relative to it, and to files instead of folders."""
    here = posixpath.dirname(file_of(path))

    def relative(match: re.Match[str]) -> str:
        parts = urlsplit(unescape(match[2]))
        target = posixpath.relpath(file_of(parts.path), here or ".")
        anchor = f"#{parts.fragment}" if parts.fragment else ""
        return f"{match[1]}{target}{anchor}{match[3]}"

    return _LINK.sub(relative, html)


def _write_static(out: Path) -> int:
    many = 0
    for name, content in static_files():
        target = out / "static" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        many += 1
    return many


def static_files() -> Iterator[tuple[str, bytes]]:
    """The styles, scripts and pictures that pages use, by name."""
    for finder in get_finders():
        for name, storage in finder.list(None):
            with storage.open(name) as source:
                yield name, source.read()
