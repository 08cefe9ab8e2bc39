"""The places of the content, read once."""

import pytest

from safar.atlas import Layer, Places, read_places, read_schematic_areas


@pytest.fixture(scope="session")
def places() -> Places:
    return read_places()


@pytest.fixture(scope="session")
def areas() -> Layer:
    return read_schematic_areas()
