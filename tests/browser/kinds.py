"""One page of every kind, for those who look at pages in a browser. Which kinds there are follows from the site's
addresses: ``test_kinds.py`` fails for an address that leads to a page and that nothing here looks at.
"""

from __future__ import annotations

from typing import Final

OF_THE_DEMONSTRATION: Final = {
    "councils": "/",
    "help": "/help/",
    "accessibility": "/accessibility/",
    "home": "/worcestershire/",
    "segment with table": "/worcestershire/statement/home-care/",
    "segment with chart": "/worcestershire/statement/population/",
    "segment of Thurrock": "/thurrock/statement/home-care/",
    "subject statement": "/worcestershire/statements/carers/",
    "large print": "/worcestershire/large-print/",
    "page in large print": "/worcestershire/large-print/supported-living/",
    "easy read": "/worcestershire/easy-read/",
    "page in easy read": "/worcestershire/easy-read/carers/",
    "find care": "/worcestershire/find-care/",
    "take part": "/worcestershire/take-part/",
    "tables": "/worcestershire/tables/",
    "table": "/worcestershire/tables/ethnicity/",
    "measures": "/worcestershire/measures/",
    "measure": "/worcestershire/measures/bed_nights/",
    "published figures": "/worcestershire/observations/",
    "table of observations": "/worcestershire/observations/table-16/",
    "discrepancies": "/worcestershire/discrepancies/",
    "discrepancies, filtered": "/worcestershire/discrepancies/?kind=Rounding&sort=2",
    "check": "/worcestershire/check/?status=Explained",
    "slots": "/worcestershire/slots/",
    "intentions": "/thurrock/intentions/",
    "intention": "/worcestershire/intentions/W-CI-022/",
    "may I build this here": "/worcestershire/may-i-build/?service=residential&client_group=older-people",
    "what is wanted": "/worcestershire/opportunities/",
    "end states": "/worcestershire/end-states/",
    "review": "/thurrock/review/",
    "views": "/thurrock/views/",
    "about": "/worcestershire/about/",
    "search": "/worcestershire/search/?q=care",
    "search without a hit": "/worcestershire/search/?q=zebra",
    "A to Z": "/worcestershire/index/",
    "outlook": "/worcestershire/outlook/",
    "outlook, filtered": "/worcestershire/outlook/?direction=Hold&sort=4",
    "outlook of a segment with groups and districts": "/worcestershire/outlook/supported-living/",
    "outlook of a segment of Thurrock": "/thurrock/outlook/home-care/",
    "how a cell was reached": "/worcestershire/outlook/home-care/all/wychavon/",
    "population": "/worcestershire/people/",
    "population of one district": "/thurrock/people/",
    "need": "/worcestershire/need/",
    "need of one condition": "/worcestershire/need/dementia/",
    "what there is": "/worcestershire/supply/",
    "what there is, filtered": "/worcestershire/supply/?table=sources&origin=The+printed+statement&sort=5",
    "what there is in Thurrock": "/thurrock/supply/",
    "housing with support": "/worcestershire/housing/",
    "housing, filtered": "/worcestershire/housing/?table=extra-care-districts&tenure=For+rent&sort=6&order=down",
    "care homes with a range": "/thurrock/housing/",
    "outlook of care homes": "/worcestershire/outlook/care-homes-older-people/",
    "scenarios": "/worcestershire/scenarios/",
    "costs beside others'": "/worcestershire/costs/",
    "one figure, council by council": "/worcestershire/costs/nursing-unit-cost-65/",
    "costs without published comparisons": "/thurrock/costs/",
    "how good the forecasts are": "/worcestershire/accuracy/",
    "no editions yet": "/worcestershire/editions/",
    "councils side by side": "/regional/",
    "the open form": "/schemas/market-position-statement/",
    "a version of the open form": "/schemas/market-position-statement/1.1/",
    "documentation of the open API": "/api/open/v1/",
    "a link that has run out": "/following/stop/no-such-token/",
    "an offer that has run out": "/offers/no-such-token/",
    "not found": "/worcestershire/nothing/",
}
"""Pages of the demonstration, which has no edition, by what they are. The card of a figure is found by walking."""

OF_NO_STATEMENT: Final = {
    "take part", "no editions yet", "councils side by side", "the open form", "a version of the open form",
    "documentation of the open API", "a link that has run out", "an offer that has run out",
}  # fmt: skip
"""Those that are no page of a statement, and so no draft."""

OF_AN_EDITION: Final = {
    "editions": "/worcestershire/editions/",
    "front of an edition": "/worcestershire/editions/1/",
    "segment of an edition": "/worcestershire/editions/1/statement/care-homes/",
    "data of an edition": "/worcestershire/editions/1/data/",
    "what changed": "/worcestershire/editions/1/changes/",
    "comments": "/worcestershire/editions/1/comments/",
    "latest edition": "/worcestershire/latest/",
    "segment of the latest edition": "/worcestershire/latest/statement/care-homes/",
    "evidence": "/worcestershire/evidence/",
    "councils side by side": "/regional/",
    "statements of others": "/regional/councils/",
    "take part": "/worcestershire/take-part/",
}
"""Pages of a council that has released an edition."""

ELSEWHERE: Final = {
    "<slug:slug>/figures/<slug:key>/": "test_walk.py, by walking",
    "sign-": "test_accounts.py",
    "account/": "test_accounts.py, test_work.py",
    "work/": "a choice in test_work.py, test_accounts.py and the journeys; all of them in ./soak pages",
    "api/v1/": "test_work.py",
    **{
        f"<slug:slug>/{name}/<slug:leaf>/": "has no pages of its own"
        for name in ("people", "supply", "housing", "scenarios", "accuracy")
    },
}
"""Beginnings of addresses that are looked at elsewhere, and where."""
