"""Run cs-demand-model on a folder of returns, in its own environment: load, rates, 365 daily steps.

Called as a script by an interpreter that has cs-demand-model 0.5.1 and knows nothing of this package. It runs the peer
through its public classes as the peer's own command does, and prints one JSON object: the mean number of children in
care a year on, seconds of processor time by phase (imports left out) and the most memory held.
"""

from __future__ import annotations

import json
import sys
import time
import warnings

warnings.simplefilter("ignore")  # of the peer's own use of pandas

from cs_demand_model import DemandModellingDataContainer, ModelPredictor, PopulationStats  # noqa: E402
from cs_demand_model.config import Config  # noqa: E402
from cs_demand_model.datastore import fs_datastore  # noqa: E402
from dateutil.relativedelta import relativedelta  # noqa: E402

MEGABYTE = 1_000_000


def peak_mb() -> float:
    """The most memory that this process has held, as ``careshape.bench.clock`` counts it."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            return next(int(line.split()[1]) * 1024 / MEGABYTE for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / MEGABYTE if sys.platform == "darwin" else peak * 1024 / MEGABYTE


def main(folder: str, days: int) -> None:
    """Do the work and print what it took."""
    phases: dict[str, float] = {}
    clock = time.process_time()

    def done(name: str) -> None:
        nonlocal clock
        now = time.process_time()
        phases[name], clock = now - clock, now

    config = Config()
    container = DemandModellingDataContainer(fs_datastore(folder), config)
    done("open")
    _ = container.combined_data
    done("combine")
    stats = PopulationStats(container.enriched_view, config)
    end = container.end_date
    start = end - relativedelta(months=6)
    done("enrich")
    stats.stock_at(end)
    done("stock")
    stats.raw_transition_rates(start, end)
    done("rates")
    stats.daily_entrants(start, end)
    done("entrants")
    predicted = ModelPredictor.from_model(stats, start, end).predict(days)
    last = predicted.iloc[-1]
    in_care = [state for state in last.index if state and state[1] != "NOT_IN_CARE"]
    done("steps")
    found = {
        "mean": float(last[in_care].sum()),
        "kept": len(stats.df),
        "stock": float(stats.stock_at(end).sum()),
        "entrants": float(stats.daily_entrants(start, end).sum()),
        "start": str(start.date()),
        "end": str(end.date()),
        "cpu": sum(phases.values()),
        "phases": phases,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
