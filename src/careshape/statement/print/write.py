"""Write a printed statement to a file, for the command line."""

from __future__ import annotations

from pathlib import Path

from careshape.errors import CallError
from careshape.statement.council import open_council
from careshape.statement.export import configure
from careshape.statement.outlook.work_out import look_ahead
from careshape.statement.print.forms import Form, printed
from careshape.statement.print.links import in_words


def write_pdf(data: Path, slug: str, out: Path, subject: str = "", large: bool = False) -> str:
    """Print a council's statement, or one subject of it, to a file; how long and how large it is, in words.

    What is to come is worked out first where it is not known. Raises CallError where there is nothing to print, or
    where the file cannot be written.
    """
    configure(data.resolve())
    council = open_council(data.resolve(), slug)
    if council is None:
        raise CallError(f"There is no council '{slug}' in {data}.")
    if council.statement is not None:
        look_ahead(council)
    main = {one.id for one in council.statement.subjects if one.kind == "main"} if council.statement else set()
    made = printed(council, Form("" if subject in main else subject, large))
    try:
        out.write_bytes(made.content)
    except OSError as error:
        raise CallError(f"{out} cannot be written: {error.strerror}.") from error
    return in_words(made.pages, len(made.content))
