"""``careshape worker``: background work."""

from __future__ import annotations

import click

from careshape.cli.installation import installed
from careshape.cli.options import examples
from careshape.cli.web import web_part
from careshape.folders import hold
from careshape.home import Home


@click.command(epilog=examples("careshape worker", "careshape worker --drain"))
@click.option("--drain", is_flag=True, help="End when there is nothing to do now, rather than wait for more.")
@click.pass_obj
def worker(home: Home, drain: bool) -> None:
    """Do the background work of the installation until stopped; any number of workers may run.

    `careshape serve` runs one by itself, unless `worker.on` is false. A worker that is killed loses nothing: its job is
    taken over when the lease has run out.
    """
    installed(home.path)
    web_part("careshape.site.migrations").prepare()
    jobs = web_part("careshape.jobs.worker")
    held = hold(home.path)  # what it works on may not be replaced while it does
    stop = jobs.Stop()
    with stop.on_signals():
        attempts = jobs.work(drain=drain, stop=stop)
    del held
    if drain:
        click.echo(f"{attempts} attempts made; nothing waits now.")


commands = {"worker": worker}
