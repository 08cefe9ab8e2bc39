"""Degrees on a plane of kilometres, good to a few per cent between 36 and 43 degrees north."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

KM_PER_DEGREE = 111.32
LATITUDE = 39.5  # degrees; the five provinces lie between 36.8 and 42.5

KM = np.array([KM_PER_DEGREE * math.cos(math.radians(LATITUDE)), KM_PER_DEGREE])  # of one degree: east, north

G = TypeVar("G", bound=BaseGeometry)


def to_km(drawn: G) -> G:
    """Longitude and latitude in degrees become kilometres east and north."""
    return shapely.transform(drawn, lambda degrees: degrees * KM)  # type: ignore[return-value, unused-ignore]


def to_degrees(drawn: G) -> G:
    """Kilometres become longitude and latitude again."""
    return shapely.transform(drawn, lambda km: km / KM)  # type: ignore[return-value, unused-ignore]
