"""flow: joins the engines, one step after another: snapshot, link, screen, rank.

In: tables from the lake, a day.
Out: tables for the lake: people linked, screened and ranked, and what each step left out.
Never: Django, a clock, a rule of its own, a row dropped in silence.
"""
