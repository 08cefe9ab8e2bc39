"""demo: real law for made-up people, in a terminal and on one page.

In: how many people, a day, a language. Out: a :class:`Demo` of finished values, printed, and written as one HTML file.
Never: a rule, a real person, a request to anybody.
"""

from safar.ops.demo.gather import gather, worked_cases
from safar.ops.demo.page import page
from safar.ops.demo.sentences import sentences
from safar.ops.demo.shown import Demo
from safar.ops.demo.terminal import show_demo

__all__ = ["Demo", "gather", "page", "sentences", "show_demo", "worked_cases"]
