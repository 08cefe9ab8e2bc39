"""monitoring: what was promised, what was measured, what can be handed over.

In: a logframe, indicator values with their sources, a day.
Out: results by indicator, roll-ups by place and period, the hand-over score card.
Never: Django, a clock, a value made up for a gap; a missing measure is shown as missing.
"""
