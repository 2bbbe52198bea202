"""What care there is, as data: services, people, units, ways of buying, places and periods."""

from careshape.catalogue.book import Catalogue, catalogue, load_catalogue
from careshape.catalogue.entries import NOT_APPLICABLE, UNKNOWN
from careshape.catalogue.lists import CodeList, Group
from careshape.catalogue.national import cld_values, service_of, services_by_pair
from careshape.catalogue.people import client_group_of
from careshape.catalogue.periods import Period, parse_period, parse_periods
from careshape.catalogue.places import Whereabouts, authority_of, check_district, place_of_postcode, place_of_town
from careshape.catalogue.units import convert

__all__ = [
    "NOT_APPLICABLE",
    "UNKNOWN",
    "Catalogue",
    "CodeList",
    "Group",
    "Period",
    "Whereabouts",
    "authority_of",
    "catalogue",
    "check_district",
    "cld_values",
    "client_group_of",
    "convert",
    "load_catalogue",
    "parse_period",
    "parse_periods",
    "place_of_postcode",
    "place_of_town",
    "service_of",
    "services_by_pair",
]
