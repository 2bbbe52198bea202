"""``careshape doctor``: what is wrong with an installation."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import asdict

import click

from careshape.cli.options import examples
from careshape.cli.web import web_part
from careshape.home import Home

SIGNS = {"ok": "ok  ", "warn": "WARN", "fail": "FAIL"}


@click.command(epilog=examples("careshape doctor", "careshape doctor --format json"))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def doctor(home: Home, form: str) -> int:
    """Check an installation: configuration, folders, keys, database, ledgers, worker, mail, HTTPS, backups.

    Each finding is ok, warn or fail, with what to do. Nothing is changed. Exit code 1 where anything fails.
    """
    os.environ["CARESHAPE_DIR"] = str(home.path.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careshape.site.settings")
    examine = web_part("careshape.site.doctor").examine
    findings = examine(home)
    counts = Counter(one.level for one in findings)
    if form == "json":
        told = {"counts": {level: counts[level] for level in SIGNS}, "findings": [asdict(one) for one in findings]}
        click.echo(json.dumps(told, indent=1))
    else:
        width = max(len(one.check) for one in findings)
        for one in findings:
            click.echo(
                f"{SIGNS[one.level]}  {one.check:{width}}  {one.found}"
                + (f"\n{'':{width + 8}}{one.do}" if one.do else "")
            )
        click.echo(f"{counts['ok']} ok, {counts['warn']} to look at, {counts['fail']} wrong.")
    return 1 if counts["fail"] else 0


commands = {"doctor": doctor}
