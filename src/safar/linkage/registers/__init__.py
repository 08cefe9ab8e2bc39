"""registers: made-up registers whose truth is known, to measure linkage by.

In: how many records, a seed, how hard. Out: records as offices would have written them, and who they truly are.
Never: a real person; the name model, which must not be measured with its own eyes.
"""

from safar.linkage.registers.difficulty import Difficulty
from safar.linkage.registers.make import Register, make_register

__all__ = ["Difficulty", "Register", "make_register"]
