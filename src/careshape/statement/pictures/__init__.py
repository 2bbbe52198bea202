"""Pictures of what is estimated: fan charts of forecasts, pyramids of populations, funnels of councils, maps of areas.

Each stands beside a table that holds every value; each says in words what it shows. They take plain values, so that a
page, an export and a notebook draw the same picture.
"""

from careshape.statement.pictures.areas import AreaValue, draw_map
from careshape.statement.pictures.course import draw_course
from careshape.statement.pictures.differences import Difference, draw_differences
from careshape.statement.pictures.fan import Fan, FanPoint, draw_fan
from careshape.statement.pictures.funnel import FunnelLimits, FunnelPicture, FunnelPoint, draw_funnel
from careshape.statement.pictures.pyramid import Band, draw_pyramid

__all__ = [
    "AreaValue",
    "Band",
    "Difference",
    "Fan",
    "FanPoint",
    "FunnelLimits",
    "FunnelPicture",
    "FunnelPoint",
    "draw_course",
    "draw_differences",
    "draw_fan",
    "draw_funnel",
    "draw_map",
    "draw_pyramid",
]
