"""world: a made-up population for demonstrations, tests and benchmarks.

In: a number of people, a seed, a day, the communities, the calibration (content/world/calibration.yaml as a
mapping). Out: five tables (people, stays, offences, households, communities), the same for the same input, in
memory or as CSV and Parquet. Also the recipe that chose the 500 communities.
Never: a clock, a real person, a name, a figure of its own, Django, the law.
"""

from safar.world.choose_communities import choose_communities
from safar.world.figures import Figures
from safar.world.frames import FACTS
from safar.world.population import World, make_world
from safar.world.write import write_world

__all__ = ["FACTS", "Figures", "World", "choose_communities", "make_world", "write_world"]
