"""impact: which communities come first, what a journey costs, which projects a budget should choose.

In: communities, households, remittances and project proposals as tables; a budget; a day.
Out: ranks, poverty measures, journey budgets, appraisals and portfolios, each with its reasons.
Never: Django, a clock, a weight or price of its own; those stand in content.
"""
