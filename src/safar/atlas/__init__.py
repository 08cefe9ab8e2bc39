"""atlas: places and maps.

In: content/places, GeoJSON files of boundaries, figures by place, sentences. Out: places as one tree, schematic and
official areas, maps as SVG.
Never: a clock, a network, a sentence of its own, a person, Django.
"""

from safar.atlas.boundaries import read_boundaries
from safar.atlas.layer import Layer, read_schematic_areas
from safar.atlas.map.draw import MAP_WORDS, draw_map
from safar.atlas.model import LANGUAGES, Name, Place, path_range
from safar.atlas.places import Places
from safar.atlas.read import read_places
from safar.atlas.schematic import schematic_areas

__all__ = [
    "LANGUAGES",
    "MAP_WORDS",
    "Layer",
    "Name",
    "Place",
    "Places",
    "draw_map",
    "path_range",
    "read_boundaries",
    "read_places",
    "read_schematic_areas",
    "schematic_areas",
]
