"""The team: a supervisor's view of what lies with whom, and giving people to others.

In: requests of supervisors. Out: a page, an action. Never: a judgement of an officer.
"""
