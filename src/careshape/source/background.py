"""What is done for requests and packages in the background."""

from __future__ import annotations

from careshape.jobs.kinds import Lane, kind
from careshape.jobs.work import Work
from careshape.source.failing.act import WORK as PLACE_ANEW
from careshape.source.failing.act import place_anew
from careshape.source.lists.lapses import KEEP_UP, keep_up
from careshape.source.models import Failure, Placing
from careshape.source.packages.handover import HAND_OVER, hand_over, try_again
from careshape.source.packages.promised import give_back_ended
from careshape.source.packages.uplift import ACT as UPLIFT
from careshape.source.packages.uplift import raise_all
from careshape.source.requests.notices import WRITE, remind, write_to_providers
from careshape.source.requests.steps import STEP, due
from careshape.source.taught.told import TELL, tell_unmet
from careshape.source.together.accept import ACCEPT, accept
from careshape.source.together.propose import ACT as PLACE
from careshape.source.together.propose import work_out


@kind(HAND_OVER, title="Hand lines of packages over to the records", limit=600, lane=Lane.QUICK)
def hand_lines_over(work: Work) -> dict[str, int]:
    """Hand over what waits; once a day also what was refused before, and what a run that failed left."""
    if "day" in work.arguments:  # as a schedule starts it
        try_again(work.council)
        give_back_ended(work.council)
    return {"rows": hand_over(work.council)}


@kind(TELL, title="Tell the statement what care was not found as it was asked for", limit=600, lane=Lane.QUICK)
def tell_of_unmet_need(work: Work) -> dict[str, int]:
    """Write anew what the statement counts of unmet need."""
    return {"rows": tell_unmet(work.council)}


@kind(UPLIFT, title="Raise the price of packages", act=UPLIFT)
def raise_prices(work: Work) -> dict[str, int]:
    """Raise all packages of a provider or of a list."""
    return raise_all(work)


@kind(WRITE, title="Write to providers about a request for care", lane=Lane.QUICK)
def write(work: Work) -> dict[str, int]:
    """Write to who was asked."""
    return {"written": write_to_providers(work.council, int(work.arguments["request"]))}


@kind(PLACE, act=PLACE, title="Place the requests of a week together", limit=600)
def place_week(work: Work) -> dict[str, int]:
    """Work out what is proposed for each request of a week."""
    work.principal()
    placing = work_out(Placing.objects.get(pk=work.arguments["placing"], council=work.council))
    return {"round": placing.pk}


@kind(ACCEPT, act=PLACE, title="Accept what is proposed for a week", limit=1800)
def accept_week(work: Work) -> dict[str, int]:
    """Award and ask what was accepted; what a killed attempt did is not done again."""
    placing = Placing.objects.get(pk=work.arguments["placing"], council=work.council)
    done = accept(work.principal(), placing, work.arguments.get("only"), work.progress)
    return {"round": placing.pk, "done": done}


@kind(STEP, title="Ask the next providers for a request, or remind those who were asked", lane=Lane.QUICK)
def step(work: Work) -> dict[str, int | str]:
    """Remind who has not answered, or see what follows when the time is over."""
    request, number = int(work.arguments["request"]), int(work.arguments["step"])
    if work.arguments.get("what") == "remind":
        return {"reminded": remind(work.council, request, number)}
    return {"followed": due(work.council, request, number)}


@kind(KEEP_UP, title="Look at the evidence of providers on lists", limit=600, lane=Lane.QUICK)
def keep_lists_up(work: Work) -> dict[str, int]:
    """Suspend who has evidence that lapsed, and take back who was suspended for that alone."""
    one = work.arguments.get("organisation")
    return {"moved": keep_up(work.council, int(one) if one is not None else None)}


@kind(PLACE_ANEW, act="source.broker", title="Place anew whom a provider leaves", limit=1800)
def place_everybody_anew(work: Work) -> dict[str, int]:
    """End the packages of a provider that fails, and send the requests of those it leaves."""
    failure = Failure.objects.get(pk=work.arguments["failure"], council=work.council)
    return {"failure": failure.pk, **place_anew(work.principal(), failure, work.progress)}
