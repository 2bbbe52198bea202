"""The top of the command line: the data folder, the version, and the commands in the order of the work."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import click

from careshape import __version__
from careshape.home import DEFAULT, Home

COMMANDS = {
    "demo": ("demo", "Build two demonstration councils and serve their statements."),
    "new": ("new", "Make an empty ledger for a council."),
    "import": ("importing", "Check files of care records and post them to the ledger."),
    "data": ("data", "Keep official statistics: population, unit costs, outcomes, ratings."),
    "postings": ("postings", "List what was imported when."),
    "catalogue": ("catalogue", "List the names that coded columns and filters take."),
    "measures": ("measuring", "List the measures, or show the card of one."),
    "measure": ("measuring", "Compute one measure."),
    "need": ("need", "Project how many people need help, with intervals."),
    "forecast": ("forecast", "Forecast people, hours, places and cost, with intervals."),
    "gap": ("gap", "What will be needed less what there is: grow, hold, reduce or do not develop."),
    "intentions": ("intentions", "What a council means to do, how far it is, and what may be built."),
    "rules": ("rules", "What the statements demand of an act, and whether it is met."),
    "paying": ("paying", "What is owed for a package of care, to the penny, with every step."),
    "scenario": ("scenario", "Set scenarios side by side, and find the cheapest mix of services."),
    "costs": ("costs", "Unit costs, supported living by component, and the local market."),
    "event-cost": ("event_cost", "Check the cost of one event by hand, by the national rules."),
    "benchmark": ("benchmark", "Set published figures beside other councils', with intervals and caveats."),
    "neighbours": ("benchmark", "Councils most like one, by an open method or the council's own list."),
    "market": ("market_failure", "The market register: the regulator's files, closures, occupancy, alerts, failure."),
    "brokerage": ("brokerage", "Place the requests of a week together."),
    "fees": ("fees", "Work out a cost model for care, and set it beside the prices paid."),
    "changes": ("changes", "Show how a figure moved since it was last known, and why."),
    "check": ("check", "Compare published figures with the ledger."),
    "statement": ("statement", "Check and build the statements' pages."),
    "edition": ("edition", "Prepare editions of a statement behind the gate, and rebuild them."),
    "release": ("edition", "Release a prepared edition to everybody, for good."),
    "regional": ("regional", "Lay statements of other councils beside those released here."),
    "serve": ("serve", "Serve the statements."),
    "worker": ("worker", "Do the background work."),
    "database": ("database", "Make, upgrade, check and move the site's database."),
    "backup": ("backup", "Write all that the installation knows to one file."),
    "restore": ("backup", "Restore a backup into an empty place, and prove that it is whole."),
    "doctor": ("doctor", "Say what is wrong with an installation, and what to do."),
    "account": ("account", "Invite people, list them, and end their access."),
    "policy": ("policy", "Show who may do what on the site."),
    "ledger": ("ledger", "Export the curated lines."),
    "audit": ("audit", "Verify, read and anchor the log of what was done."),
    "privacy": ("privacy", "Collect, erase, hold and let go of what is held about people."),
    "bench": ("bench_brokerage", "Measure how fast counting and importing are, and how good forecasts are."),
}
"""Command -> the module that holds it and its line in the list: only the command that is called is loaded."""


class Commands(click.Group):
    """Commands found by name in their modules, listed in the order of the work."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Load the module of one command."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"careshape.cli.{COMMANDS[name][0]}")
        command: click.Command = module.commands[name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Commands, epilog="Each command has examples: careshape COMMAND --help")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT,
    show_default=True,
    envvar="CARESHAPE_DIR",
    help="Folder that holds the councils' data.",
)
@click.version_option(__version__, prog_name="careshape")
@click.pass_context
def careshape(ctx: click.Context, folder: Path) -> None:
    """Care records in, a market position statement out, with every figure computed, sourced and true."""
    ctx.obj = Home(_configured(ctx, folder))


def _configured(ctx: click.Context, folder: Path) -> Path:
    """The data folder: the one that is named, else that of the configuration; paths of keys are taken from there."""
    config = importlib.import_module("careshape.site.config")  # by name: the command line and the site are siblings
    if ctx.get_parameter_source("folder") == click.core.ParameterSource.COMMANDLINE:
        environment = {**os.environ, config.FOLDER: str(folder)}
    else:
        environment = dict(os.environ)
    if config.config_file(environment) is None:
        return folder
    config.carry(environment)
    named: Path = config.configuration(environment)["data.folder"]
    return named
