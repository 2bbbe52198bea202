"""Official statistics as published: recognised, checked, kept with source, edition and checksum, and read again.

>>> from careshape.records.official import sources
>>> sources()["asc-fr-t52"].columns["value"]
'number'
"""

from careshape.records.official.keeping import Added, HasStatistics, Manifest, add_file, folder_of, remove
from careshape.records.official.reading import MARKERS
from careshape.records.official.source import Source, find_source, sources
from careshape.records.official.statistic import Statistic, editions, manifests, statistic

__all__ = [
    "MARKERS",
    "Added",
    "HasStatistics",
    "Manifest",
    "Source",
    "Statistic",
    "add_file",
    "editions",
    "find_source",
    "folder_of",
    "manifests",
    "remove",
    "sources",
    "statistic",
]
