"""What a price stands beside, in words: what the council pays for the like, and what other councils publish."""

from __future__ import annotations

from collections.abc import Iterator

from careshape.paying.words import pounds
from careshape.source.models import Request
from careshape.source.requests.beside import Elsewhere, Paid, Prices, elsewhere, paid
from careshape.statement.labels import label_of
from careshape.work.care import words as care_words


def standing(price: int, found: Paid | None) -> str:
    """How a price stands to the middle of what the council pays, as "4% above ..."; empty where it pays for none."""
    if found is None:
        return ""
    percent = found.prices.above(price)
    if not percent:
        return "as the middle of what the council pays"
    return f"{abs(percent)}% {'above' if percent > 0 else 'below'} the middle of what the council pays"


def beside(row: Request, found: Paid | None) -> list[str]:
    """What the prices that are asked for a request are to be read beside, a sentence or two each; one query at most."""
    return [*_paid(row, found), *_elsewhere(row, elsewhere(row))]


def of_offer(row: Request, price: int) -> list[str]:
    """The same of one price, before it is awarded."""
    found = paid(row)
    return [*([f"The price is {standing(price, found)}."] if found else []), *beside(row, found)]


def _paid(row: Request, found: Paid | None) -> Iterator[str]:
    service = care_words.service(row.service).lower()
    if found is None:
        yield f"The council pays for no {service} by a package today, so there is no price of its own to compare with."
        return
    whose = f" of the client group {label_of('client_group', found.group).lower()}" if found.group else ""
    many = found.prices.many
    yield (
        f"Today the council pays {_ends(row.service, found.prices)} for {service}{whose} "
        f"({many} {'packages' if many > 1 else 'package'})."
    )


def _elsewhere(row: Request, found: Elsewhere | None) -> Iterator[str]:
    if found is not None:
        yield (
            f"Elsewhere: {found.indicator.label} in {found.year.replace('-', '/')}, {_ends(row.service, found.prices)} "
            f"({found.prices.many} {found.group}, without this one). {found.indicator.caveat} Source: {found.source}."
        )


def _ends(service: str, prices: Prices) -> str:
    if prices.low == prices.high:
        return care_words.price(service, prices.low)
    middle = care_words.price(service, prices.middle)
    return f"{pounds(prices.low)} to {pounds(prices.high)}, in the middle {middle}"
