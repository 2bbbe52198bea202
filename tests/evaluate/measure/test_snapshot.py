"""Files and postings of one moment, although another program posts meanwhile."""

from __future__ import annotations

from datetime import date

from careshape.evaluate.measure.frames import snapshot


class Busy:
    """A ledger to which somebody posts while its files are being listed, twice."""

    authority = "worcestershire"

    def __init__(self) -> None:
        self.number, self.interruptions = 1, 2

    def files(self) -> list[str]:
        listed = [f"{n}.parquet" for n in range(1, self.number + 1)]
        if self.interruptions:
            self.interruptions -= 1
            self.number += 1
        return listed

    def posting_on(self, moment: date | None) -> int:
        return self.number

    def recorded_on(self, number: int) -> date | None:
        return None


def test_snapshot_holds_the_files_of_its_own_last_posting():
    found = snapshot(Busy())
    assert found.latest == found.known == 3
    assert found.files == ("1.parquet", "2.parquet", "3.parquet")
