"""law: provisions in, findings out.

In: ``content/law``, ``content/risks``, ``content/calendars``, ``content/words``; a person's facts or a table; a day.
Out: findings with reasons, populations screened, what changed, what a change would do, law.js.
Never: Django, a clock, a guess. Unknown stays unknown.
"""

from safar.law.assess import Assessor, assessor
from safar.law.check import check
from safar.law.diff import changes
from safar.law.forecast import forecast
from safar.law.interview import next_question
from safar.law.model import LEFT_OUT, STATUSES, Law
from safar.law.read import read_law
from safar.law.words import Words, read_words

__all__ = [
    "LEFT_OUT",
    "STATUSES",
    "Assessor",
    "Law",
    "Words",
    "assessor",
    "changes",
    "check",
    "forecast",
    "next_question",
    "read_law",
    "read_words",
]
