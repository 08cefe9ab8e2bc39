"""A key under which spellings of one place name meet, whatever the script and the way of romanising."""

from __future__ import annotations

import re
import unicodedata

CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ғ": "gh", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z",
    "и": "i", "ӣ": "i", "й": "y", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o",
    "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ӯ": "u", "ү": "u", "ў": "u", "ф": "f",
    "х": "kh", "ҳ": "h", "ц": "ts", "ч": "ch", "ҷ": "j", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
ALIKE = (("dzh", "j"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("q", "k"), ("x", "h"), ("w", "v"), ("y", "i"))


def fold(text: str) -> str:
    """Lower-case Latin words without signs: "Мӯъминобод", "Mu'minobod" and "Muminobod" are one key."""
    latin = "".join(CYRILLIC.get(letter, letter) for letter in text.lower())
    plain = unicodedata.normalize("NFKD", latin)
    for old, new in ALIKE:
        plain = plain.replace(old, new)
    words = re.sub(r"[^a-z0-9 ]", "", re.sub(r"[.,()/]", " ", plain)).split()
    return re.sub(r"(.)\1", r"\1", " ".join(words))


KIND = frozenset(map(fold, (
    "city", "town", "district", "rayon", "raion", "region", "province", "oblast", "область", "области", "район",
    "г", "город", "пгт", "им", "имени", "айылный", "айыльный", "аймак", "aiyl", "вилояти", "ноҳияи",
    "шаҳри", "ҷамоати", "облусу", "району", "шаары", "шаарчасы", "айыл", "аймагы",
)))  # fmt: skip
ADJECTIVE = re.compile(r"(inski|ski|skaia|skoi)$")


def without_kind(text: str) -> str:
    """The key without words such as city, rayon, вилояти, and without a Russian adjective's ending."""
    words = [ADJECTIVE.sub("", word) for word in fold(text).split() if word not in KIND]
    return " ".join(words) or fold(text)
