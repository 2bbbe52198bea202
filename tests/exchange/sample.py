"""A small statement of a council that nobody is, in the open form, with one entry of everything."""

from __future__ import annotations

from typing import Any


def sample(code: str = "E10000099", name: str = "Example County Council", **more: Any) -> dict[str, Any]:
    """The statement; ``more`` stands in place of its parts."""
    return {
        "format": "market-position-statement", "version": "1.1", "council": {"code": code, "name": name},
        "title": "Care market statement", "period": "2025/2028", "edition": "Edition 1", "known_on": "2025-03-31",
        "synthetic": True, "licence": {"name": "Open Government Licence v3.0", "covers": "All of it."},
        "contact": {"post": "Commissioning manager"},
        "segments": [{"id": "home-care", "title": "Home care", "services": ["home-care"]}],
        "slots": [{"segment": "home-care", "slot": "need", "text": "More is needed in the north."}],
        "figures": [
            {"id": "f1", "label": "Home care: people supported", "topic": "supply", "services": ["home-care"],
             "segment": "home-care", "status": "value", "value": 1200, "text": "1,200", "unit": "persons",
             "period": "2025-03-31", "method": "Counted", "source": "The council's records", "card": "people",
             "measure": "people_supported"},
            {"id": "f2", "label": "Home care: needed", "topic": "need", "services": ["home-care"], "status": "value",
             "value": 1300, "unit": "persons", "period": "2028-03-31", "source": "A forecast",
             "interval": {"low": 1250, "high": 1390, "level": 80}},
            {"id": "f3", "label": "Home care: mean weekly cost", "topic": "price", "services": ["home-care"],
             "status": "suppressed", "value": None, "reason": "it could tell of one provider", "unit": "gbp-per-week",
             "period": "2025-03-31", "source": "The council's records", "dimensions": {"age_band": "85+"}},
        ],
        "tables": [
            {"id": "beds", "title": "Beds", "schema": {"fields": [
                {"name": "place", "type": "string"}, {"name": "value", "type": "number"},
                {"name": "status", "type": "string"}, {"name": "reason", "type": "string"},
            ]}, "rows": [["North", 10, "value", ""], ["South", None, "suppressed", "it could tell of a few people"]]},
        ],
        "intentions": [
            {"id": "i1", "statement": "More home care in the north.", "direction": "grow", "service": "home-care"}
        ],
        "opportunities": [
            {"id": "o1", "title": "A tender", "services": ["home-care"], "text": "It opens in May."},
            {"id": "o2", "title": "Places for older people", "services": ["home-care"], "areas": ["E07000234"],
             "client_groups": ["older-people"], "direction": "grow", "answer": "conditions", "size": 24,
             "unit": "places", "interval": {"low": 10, "high": 40, "level": 80}, "opens": "2025-03-31",
             "closes": "2028-03-31"},
        ],
        "cards": [{"id": "people", "label": "People supported", "what": "People with care.", "source": "Records"}],
        "codes": [{"list": "service", "code": "x-goats", "label": "Goats in care homes"}],
    } | more  # fmt: skip
