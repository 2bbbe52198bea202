"""Forecast children looked after beside cs-demand-model: the same files, the same mean, processor time and memory."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from careshape.bench.apart import run_apart
from careshape.bench.clock import peak_mb, timed
from careshape.bench.goals import Goal
from careshape.bench.peer import SCRIPT, peer_python
from careshape.bench.returns import write_returns
from careshape.errors import CareshapeError

DAYS: Final = 365
"""Daily steps of the projection."""
CPU: Final = tuple(
    (episodes, Goal("cpu_ratio is", low=low, form=".1f")) for episodes, low in ((10**6, 25), (10**4, 40))
)
"""Episodes from which the peer takes at least so many times our processor time, the largest first."""
MEMORY: Final = Goal("memory_ratio is", low=5.0, form=".1f")
MEMORY_EPISODES: Final = 1_000_000
"""From so many episodes on, the peer holds at least so many times our memory."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Compared:
    """Both sides on one set of returns."""

    episodes: int
    kept: int
    mean_ours: float
    mean_peer: float
    cpu_ours: float
    cpu_peer: float
    peak_mb_ours: float
    peak_mb_peer: float
    phases_ours: Mapping[str, float]
    phases_peer: Mapping[str, float]

    @property
    def cpu_ratio(self) -> float:
        """The peer's processor time over ours; imports count on neither side."""
        return self.cpu_peer / self.cpu_ours

    @property
    def memory_ratio(self) -> float:
        """The most memory that the peer held over the most that we held."""
        return self.peak_mb_peer / self.peak_mb_ours

    @property
    def same_mean(self) -> bool:
        """Whether both means are equal to two decimals."""
        return round(self.mean_ours, 2) == round(self.mean_peer, 2)

    def missed(self) -> list[str]:
        """Goals that were missed, in words."""
        said = next((goal.missed(self.cpu_ratio) for episodes, goal in CPU if self.episodes >= episodes), [])
        if self.episodes >= MEMORY_EPISODES:
            said += MEMORY.missed(self.memory_ratio)
        if not self.same_mean:
            said.append(f"the means differ: {self.mean_ours:.4f} here, {self.mean_peer:.4f} there")
        return said

    def as_json(self) -> dict[str, Any]:
        """Every figure, under the names that the reference lists."""
        return {
            "cpu_ratio": self.cpu_ratio,
            "memory_ratio": self.memory_ratio,
            "same_mean": self.same_mean,
            **asdict(self),
            "missed": self.missed(),
        }


def bench_forecast(folder: Path, episodes: int, seed: int, say: Say, python: Path | None = None) -> Compared:
    """Write returns of ``episodes`` episodes into ``folder`` (or use those there) and forecast them on both sides.

    python: interpreter that has the peer; without it, an environment is made once and kept. Raises CareshapeError where
    the peer cannot be installed or a side stops.
    """
    interpreter = python or peer_python(say)
    note, wanted = folder / "bench.json", {"episodes": episodes, "seed": seed}
    if not (note.exists() and json.loads(note.read_text("utf-8")) == wanted):
        if folder.exists() and any(folder.iterdir()):
            raise CareshapeError(f"{folder} holds something else. Name another folder with --work, or empty this one.")
        say(f"Writing returns of {episodes:,} episodes.")
        write_returns(folder, episodes, seed)
        note.write_text(json.dumps(wanted), "utf-8")
    say("Forecasting here.")
    (ours,) = run_apart([sys.executable, "-m", "careshape.bench.forecast", str(folder)], "our forecast")
    say(f"Forecasting with cs-demand-model ({interpreter}).")
    (peer,) = run_apart([str(interpreter), str(SCRIPT), str(folder), str(DAYS)], "cs-demand-model")
    if ours["kept"] != peer["kept"]:
        raise CareshapeError(f"Both sides must rest on the same stays: {ours['kept']:,} here, {peer['kept']:,} there.")
    return Compared(
        episodes=episodes,
        kept=ours["kept"],
        mean_ours=ours["mean"],
        mean_peer=peer["mean"],
        cpu_ours=ours["cpu"],
        cpu_peer=peer["cpu"],
        peak_mb_ours=ours["peak_mb"],
        peak_mb_peer=peer["peak_mb"],
        phases_ours=ours["phases"],
        phases_peer=peer["phases"],
    )


def _ours(folder: str) -> None:
    """One forecast by the product's own engine, in this process; prints what it took."""
    from careshape.bench.children import rates_of, read_returns

    spells, reading = timed(read_returns, Path(folder))
    rates, fitting = timed(rates_of, spells)
    means, stepping = timed(rates.mean, DAYS)
    phases = {"read": reading.cpu, "rates": fitting.cpu, "steps": stepping.cpu}
    found = {"mean": float(means[-1].sum()), "kept": len(spells), "cpu": sum(phases.values()), "phases": phases}
    print(json.dumps({**found, "peak_mb": peak_mb()}), flush=True)


if __name__ == "__main__":
    try:
        _ours(sys.argv[1])
    except CareshapeError as error:
        sys.exit(str(error))
