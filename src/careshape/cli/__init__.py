"""``careshape``: the commissioning cycle on the command line.

Exit codes: 0 good, 1 the input has faults, 2 the call is wrong.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

import click

from careshape.cli.group import careshape
from careshape.errors import CallError, CareshapeError

FAULTY, WRONG_CALL = 1, 2
SELDOM = (20_000, 20, 20)
"""How seldom a command looks for garbage: at every 700 new objects, a fifth of its start was looking through modules
that stay for good.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a fault is said in a sentence, without a traceback."""
    gc.set_threshold(*SELDOM)
    try:
        outcome = careshape.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return WRONG_CALL
    except click.Abort:
        click.echo("careshape: stopped.", err=True)
        return FAULTY
    except CareshapeError as error:
        click.echo(f"careshape: {error}", err=True)
        return WRONG_CALL if isinstance(error, CallError) else FAULTY
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        where = f" '{error.filename}'" if error.filename else ""
        click.echo(f"careshape:{where} cannot be used: {error.strerror or error}.", err=True)
        return FAULTY
    except UnicodeDecodeError as error:
        click.echo(f"careshape: a text file is not UTF-8 ({error.reason}). Save it as UTF-8 and try again.", err=True)
        return FAULTY
    except Exception as error:
        if type(error).__module__ != "django.db.utils":
            raise
        # Its first line says what is wrong; the lines after it may hold what a row says of a person.
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        click.echo(f"careshape: the database cannot do it: {first}. `careshape doctor` says more.", err=True)
        return FAULTY
    return outcome if isinstance(outcome, int) else 0


__all__ = ["careshape", "main"]
