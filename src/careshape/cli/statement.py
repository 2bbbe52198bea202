"""``careshape statement``: the statement as pages."""

from __future__ import annotations

import json
from pathlib import Path

import click

from careshape.cli.options import authority_option, examples
from careshape.cli.recording import heads_of
from careshape.cli.web import web_part
from careshape.errors import CallError
from careshape.exchange.blank import blank
from careshape.exchange.validate import validate as validate_statement
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
    heads = [f"{chain} {one['number']} {one['digest']}" for chain, one in heads_of(home, home.authorities()).items()]
    pages = export_site(home.path, target, progress=lambda text: click.echo(text, err=True), heads=heads)
    click.echo(f"{pages} files written to {target}." if isinstance(pages, int) else f"Written to {target}.", err=True)


@statement.command(epilog=examples("careshape statement check", "careshape statement check --authority worcestershire"))
@click.option("--authority", metavar="NAME", help="Only this council's text.")
@click.pass_obj
def check(home: Home, authority: str | None) -> int:
    """Prove that no number in the text is typed and that everything it refers to is there. Ends with 1 on a fault."""
    own = home.councils_path if home.authorities() else None
    faults = web_part("careshape.statement.lint").lint_all(authority, own)
    for fault in faults:
        click.echo(str(fault))
    click.echo({0: "No fault.", 1: "1 fault."}.get(len(faults), f"{len(faults)} faults."), err=True)
    return 1 if faults else 0


@statement.command(
    epilog=examples("careshape statement lint", "careshape statement lint --authority worcestershire --format json")
)
@click.option("--authority", metavar="NAME", help="Only this council's text.")
@click.option("--text-only", is_flag=True, help="Compute no figure: only what can be read is checked.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it."
)
@click.pass_obj
def lint(home: Home, authority: str | None, text_only: bool, form: str) -> int:
    """Check the text, and what it says of its figures. Ends with 1 on a fault.

    Beside what `check` proves, the words must fit the figures where the council's records are at hand: no "rose" of
    what fell, no figure that prints "not known", and none that has moved by more than the statement allows since its
    words were agreed.
    """
    proof = web_part("careshape.statement.proof").prove(home.path, authority, figures=not text_only)
    counts = proof.as_json()
    if form == "json":
        click.echo(json.dumps(counts, indent=1, ensure_ascii=False))
    else:
        for fault in proof.faults:
            click.echo(str(fault))
        named = ("typed_numbers", "dead_figures", "contradictions", "moved_figures", "other_faults")
        click.echo(", ".join(f"{name.replace('_', ' ')}: {counts[name]}" for name in named), err=True)
        computed = ", ".join(proof.computed) or "no council, because no records are at hand"
        click.echo(f"Figures were computed of {computed}; {proof.compared} compared with what was agreed.", err=True)
    return 1 if proof.faults else 0


@statement.command(
    epilog=examples(
        "careshape statement pdf worcestershire --out statement.pdf",
        "careshape statement pdf worcestershire --out carers.pdf --subject carers --large-print",
    )
)
@click.argument("council", metavar="COUNCIL")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File to write.")
@click.option("--subject", metavar="NAME", default="", help="Only the statement of this subject.")
@click.option("--large-print", is_flag=True, help="In letters of 18 points and more, wide tables as lists.")
@click.pass_obj
def pdf(home: Home, council: str, out: Path, subject: str, large_print: bool) -> None:
    """Print a council's statement as a tagged PDF: draft, with its figures as they are now."""
    name = home.ledger(council).authority
    said = web_part("careshape.statement.print.write").write_pdf(home.path, name, out, subject, large_print)
    click.echo(f"Written to {out}: {said}.", err=True)


@statement.command(epilog=examples("careshape statement start --authority worcestershire"))
@authority_option
@click.pass_obj
def start(home: Home, authority: str | None) -> None:
    """Begin a statement of the council's own: a starter text to go on from, in the council's folder."""
    ledger = home.ledger(authority)
    written = web_part("careshape.statement.start").start_statement(ledger.path)
    click.echo(
        f"Wrote {len(written)} files to {written[0].parent}. Edit them, then: careshape statement build", err=True
    )


@statement.command(
    epilog=examples("careshape statement validate statement.json", "careshape statement validate sheets --format json")
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it."
)
def validate(file: Path, form: str) -> int:
    """Validate FILE, any council's statement in the open form: JSON, a ZIP of a Data Package, or a folder of sheets.

    Each fault is a sentence: the place, the rule, what stands there, what to do. Ends with 1 on a fault, with 2 where
    there is no such file.
    """
    found = validate_statement(file)
    if form == "json":
        click.echo(json.dumps(found.as_dict(), indent=1, ensure_ascii=False))
    else:
        for one in found.faults:
            click.echo(str(one))
        held = ", ".join(f"{name} {many:,}" for name, many in found.counts.items() if many)
        more = f" and {found.more:,} more" if found.more else ""
        said = f"What it holds: {held or 'none of the parts of a statement'}."
        faults = {0: "No fault", 1: "1 fault"}.get(len(found.faults), f"{len(found.faults)} faults")
        click.echo(f"{said if found.kind else ''} {faults}{more}.".strip(), err=True)
    return 0 if found.valid else 1


@statement.command(name="form", epilog=examples("careshape statement form", "careshape statement form --out sheets"))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("statement-form"), show_default=True,
    help="Folder to write.",
)  # fmt: skip
def form_(out: Path) -> None:
    """Write the empty open form as sheets for a spreadsheet, for a council that has no careshape."""
    if out.exists() and any(out.iterdir()):
        raise CallError(f"{out} holds other files. Choose an empty folder.")
    out.mkdir(parents=True, exist_ok=True)
    files = blank()
    for name, content in files.items():
        (out / name).write_bytes(content)
    click.echo(f"{len(files)} files written to {out}. Then: careshape statement validate {out}", err=True)


commands = {"statement": statement}
