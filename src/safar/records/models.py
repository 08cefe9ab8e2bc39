"""All tables in one place, where Django looks for them."""

from safar.records.figures import Figure, Headcount, NightCount
from safar.records.history import EVENT_OF, EVENTS, TRACKED, Chain, Reading
from safar.records.intake import IntakeFile, IntakeMapping
from safar.records.lists import LIST_KINDS, WatchList
from safar.records.organisations import Emergency, Grant, Officer, Organisation
from safar.records.people import Document, Household, Member, Merge, Pair, Person, PersonName, Phone
from safar.records.places import Boundary, Place
from safar.records.statements import Check, Consent, Journey, Offence, Statement, Stay
from safar.records.work import Change, Intake, IntakeRow, Need, Night, NightStep, Reminder, Tally

__all__ = [
    "EVENTS",
    "EVENT_OF",
    "LIST_KINDS",
    "TRACKED",
    "Boundary",
    "Chain",
    "Change",
    "Check",
    "Consent",
    "Document",
    "Emergency",
    "Figure",
    "Grant",
    "Headcount",
    "Household",
    "Intake",
    "IntakeFile",
    "IntakeMapping",
    "IntakeRow",
    "Journey",
    "Member",
    "Merge",
    "Need",
    "Night",
    "NightCount",
    "NightStep",
    "Offence",
    "Officer",
    "Organisation",
    "Pair",
    "Person",
    "PersonName",
    "Phone",
    "Place",
    "Reading",
    "Reminder",
    "Statement",
    "Stay",
    "Tally",
    "WatchList",
]
