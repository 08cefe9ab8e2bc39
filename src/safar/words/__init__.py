"""words: the sentences of the desk, and days, numbers, money and names in the reader's form.

In: content/words/<language>/desk.yaml and desk/<room>.yaml, a language, a key, values.
Out: a whole sentence; a key that is missing raises, or shows the next language and is logged once.
Never: Django, a clock, markup, a guess at what a missing sentence might say.
"""

from safar.words.catalogue import LANGUAGES, WordsError, read_words
from safar.words.choosing import chosen, script_of
from safar.words.saying import say
from safar.words.sentences import known, sentence
from safar.words.writing import write_day, write_distance, write_list, write_money

__all__ = [
    "LANGUAGES",
    "WordsError",
    "chosen",
    "known",
    "read_words",
    "say",
    "script_of",
    "sentence",
    "write_day",
    "write_distance",
    "write_list",
    "write_money",
]
