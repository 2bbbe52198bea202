"""``careshape backup`` and ``careshape restore``."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from careshape.cli.installation import installed
from careshape.cli.options import examples
from careshape.cli.output import format_option, print_rows
from careshape.cli.web import web_part
from careshape.folders import beside
from careshape.home import Home


@click.command(
    epilog=examples(
        "careshape backup backups/careshape-2026-11-22.zip", "careshape backup --keys safe/keys-2026-11-22.zip"
    )
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--keys", is_flag=True, help="Write a copy of the keys instead, which no backup of the data holds.")
@click.pass_obj
def backup(home: Home, file: Path, keys: bool) -> None:
    """Write all that the installation knows to a new FILE, while it works.

    It holds the database, the ledgers with their registers and reports, the councils' own files and the statistics. It
    never holds the secret of the site, the key of the pseudonyms or the keys of people: `--keys` writes those to a file
    of their own, to be kept elsewhere. Take it anew after each import, since new people have new keys. Both files are
    about people: keep them where only those come who may.
    """
    installed(home.path)
    if keys:
        folder = web_part("careshape.site.config").configuration()["backup.folder"]
        names = web_part("careshape.site.backup_keys").backup_keys(home, file, folder)
        click.echo(f"{file.resolve()}: {len(names):,} files of keys. Keep it where no backup of the data is.")
        return
    began = time.monotonic()
    taken = web_part("careshape.site.backup").backup(home, file)
    click.echo(
        f"{taken.path}: {taken.bytes / 1e6:,.1f} MB, {taken.rows:,} rows of the database, {taken.postings:,} postings "
        f"with {taken.ledger_rows:,} ledger rows, {taken.files:,} files, in {time.monotonic() - began:.1f} s."
    )
    click.echo(
        "Not in it: the secret of the site, the key of the pseudonyms and the keys of people. "
        "`careshape backup --keys` copies those; keep the two files apart."
    )


@click.command(
    epilog=examples(
        "careshape --dir restored restore backups/careshape-2026-11-22.zip",
        "CARESHAPE_DATABASE_URL=postgresql://care@localhost/new careshape --dir restored restore FILE",
    )
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@format_option
@click.pass_obj
def restore(home: Home, file: Path, form: str) -> None:
    """Restore a backup FILE into an empty data folder and an empty database, and prove that all of it is there.

    Proved are the checksum of every file, the rows and checksum of every table, that the audit log is whole and ends
    where it ended, and that every ledger opens with its postings and rows. If any of it is not so, nothing is kept.
    """
    began = time.monotonic()
    target = home.path.resolve()
    with beside(target) as fresh:
        os.environ["CARESHAPE_DIR"] = str(fresh)
        installed(fresh)
        site = web_part("careshape.site.restore")
        opened = site.open_backup(file)  # first: whoever mistyped its name need not empty a folder for that
        site.place(Home(target))
        proofs = site.restore(opened, Home(fresh))
        print_rows([{"what": one.what, "found": one.found, "good": one.mark} for one in proofs], COLUMNS, form)
        site.settle(fresh, target)
    if form == "table":
        click.echo(f"Restored to {target} in {time.monotonic() - began:.1f} s.")


COLUMNS = ("what", "found", "good")

commands = {"backup": backup, "restore": restore}
