"""One picture of everybody: who they are, what they do, how they travelled, and the day it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from safar.world.draw import Days, Flags, stream
from safar.world.journeys import Journeys
from safar.world.traits import Traits
from safar.world.work import Work


@dataclass(frozen=True)
class Case:
    """All that the papers and troubles of N people depend on."""

    traits: Traits
    work: Work
    journeys: Journeys
    seed: int
    today: int  # day number

    @property
    def size(self) -> int:
        """How many people."""
        return len(self.traits.female)

    @property
    def start(self) -> Days:
        """Entry of the present or latest stay."""
        return self.journeys.last_entered

    @cached_property
    def end(self) -> Days:
        """Last day so far of the present or latest stay: the exit, or today."""
        return np.minimum(self.journeys.last_left, self.today).astype(np.int32)

    @cached_property
    def visa_free_outside_union(self) -> Flags:
        """Who needs a patent in Russia: not a citizen of the Eurasian Economic Union."""
        return ~self.traits.citizenship.is_("KG")

    def stream(self, topic: str) -> np.random.Generator:
        """Random numbers for one topic."""
        return stream(self.seed, topic)
