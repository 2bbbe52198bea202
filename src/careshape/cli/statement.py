"""``careshape statement``: the statement as pages."""

from __future__ import annotations

from pathlib import Path

import click

from careshape.cli.options import examples
from careshape.cli.web import web_part
from careshape.home import Home


@click.group()
def statement() -> None:
    """Write, check and build a council's market position statement."""


@statement.command(epilog=examples("careshape statement build", "careshape statement build --out public"))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of the pages; DIR/site otherwise."
)
@click.pass_obj
def build(home: Home, out: Path | None) -> None:
    """Compute every figure and write all councils' pages, tables and charts as plain files, marked draft."""
    home.ledgers()
    target = out or home.site_path
    export_site = web_part("careshape.statement.export").export_site
    pages = export_site(home.path, target, progress=lambda text: click.echo(text, err=True))
    click.echo(f"{pages} files written to {target}." if isinstance(pages, int) else f"Written to {target}.", err=True)


@statement.command(epilog=examples("careshape statement lint"))
@click.option("--authority", metavar="NAME", help="Only this council's text.")
def lint(authority: str | None) -> int:
    """Prove that no number in the text is typed and that every expression can be read. Ends with 1 on a fault."""
    faults = web_part("careshape.statement.lint").lint_all(authority)
    for fault in faults:
        click.echo(str(fault))
    click.echo("No fault." if not faults else f"{len(faults)} faults.", err=True)
    return 1 if faults else 0


commands = {"statement": statement}
