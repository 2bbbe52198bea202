"""What care there is, as data: services, people, units, ways of buying, places and periods."""

from careshape.catalogue.book import Catalogue, catalogue, load_catalogue
from careshape.catalogue.entries import NOT_APPLICABLE, UNKNOWN
from careshape.catalogue.lists import CodeList, Group
from careshape.catalogue.periods import Period, parse_period, parse_periods

__all__ = [
    "NOT_APPLICABLE",
    "UNKNOWN",
    "Catalogue",
    "CodeList",
    "Group",
    "Period",
    "catalogue",
    "load_catalogue",
    "parse_period",
    "parse_periods",
]
