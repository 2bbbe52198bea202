"""Names of providers and settings as they were known after a posting."""

from __future__ import annotations

from datetime import UTC, date, datetime

from careshape.evaluate.measure import measure
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file

HEADER = "line_reference,person_id,service,provider_reference,provider_name,start_date,end_date,weekly_cost\n"


def test_names_are_those_known_when_the_figures_were(tmp_path, monkeypatch):
    monkeypatch.setenv("CARESHAPE_KEY_FILE", str(tmp_path / "key"))
    ledger = Ledger.create(tmp_path / "councils" / "worcestershire", "worcestershire", demonstration=True)
    for number, name in enumerate(("Synthetic provider W-001", "Synthetic provider W-001, renamed"), start=1):
        file = tmp_path / f"lines-{number}.csv"
        file.write_text(HEADER + f'L{number},P{number},home-care,W-001,"{name}",2021-01-01,,100.00\n', "utf-8")
        recorded = datetime(2021, 5, number, 9, tzinfo=UTC)
        assert import_file(ledger, file, reader="packages", recorded_at=recorded).refused == 0

    def named(known_on):
        found = measure(ledger, "people_supported", by=["provider"], period="2021-03-31", known_on=known_on)
        return {row["provider"]: row["value"] for row in found.rows}

    assert list(ledger.providers(1).values()) == ["Synthetic provider W-001"]
    assert list(ledger.providers().values()) == ["Synthetic provider W-001, renamed"]
    assert named(date(2021, 5, 1)) == {"Synthetic provider W-001": 1}
    assert named(None) == {"Synthetic provider W-001, renamed": 2}
