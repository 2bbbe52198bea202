"""Generated counties with known true rates, on which forecasts are tried: eight years of history, two years kept apart.

Everything in them is synthetic. ``inside`` counties obey the kind of model that the forecast fits; ``outside`` ones do
not: stays of another shape, and a drift, a shock, a change of policy or areas that go their own way. The rates of
``swinging`` ones swing and come back.

A county's records are given as the `Spells` that forecasts are made of, which stand in a room below: a file or a ledger
between them would only be written to be read again.
"""

from careshape.demo.worlds.world import KINDS, World, make_world

__all__ = ["KINDS", "World", "make_world"]
