"""How offices write a name: scripts, transcriptions, habits, slips. Written without a look at the name model."""

from random import Random

_RUSSIAN = str.maketrans(
    {"ҷ": "дж", "ҳ": "х", "қ": "к", "ғ": "г", "ӣ": "и", "ӯ": "у", "ў": "у", "ө": "о", "ү": "у", "ң": "н"}
)
_KEYBOARD = str.maketrans(
    {"ҷ": "ч", "ҳ": "х", "қ": "к", "ғ": "г", "ӣ": "и", "ӯ": "у", "ў": "у", "ө": "о", "ү": "у", "ң": "н"}
)
_LEGACY = str.maketrans("ҷҳқғӣӯ", "љњќѓїў")

_COMMON = dict(zip("абвгдезиклмнопрстуф", "abvgdeziklmnoprstuf", strict=True)) | {
    "э": "e",
    "ы": "y",
    "ъ": "",
    "ь": "",
    "ц": "ts",
}
_ICAO = _COMMON | {
    "ё": "e", "ж": "zh", "й": "i", "х": "kh", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia", "ъ": "ie",
    "ҷ": "j", "ҳ": "h", "қ": "q", "ғ": "gh", "ӣ": "i", "ӯ": "u", "ў": "u", "ө": "o", "ү": "u", "ң": "n",
}  # fmt: skip
_ENGLISH = _ICAO | {
    "ё": "yo",
    "й": "y",
    "ю": "yu",
    "я": "ya",
    "ъ": "",
    "ж": "j",
    "ӣ": "i",
    "қ": "k",
    "ғ": "g",
}
_FRENCH = _ICAO | {
    "ё": "io", "й": "i", "ю": "iou", "я": "ia", "ъ": "", "ж": "j", "ч": "tch", "ш": "ch", "у": "ou", "ӯ": "ou",
    "ү": "ou",
    "ҷ": "dj", "қ": "k", "ғ": "g", "ҳ": "kh", "ў": "ou",
}  # fmt: skip
_UZBEK = _ENGLISH | {"х": "x", "қ": "q", "ғ": "g'", "ў": "o'", "ж": "j", "ҳ": "h"}
STYLES = {"icao": _ICAO, "english": _ENGLISH, "french": _FRENCH, "uzbek": _UZBEK}

_NEAR = {
    "а": "оея", "о": "ау", "и": "еыэ", "е": "иэё", "у": "юо", "к": "гх", "х": "кг", "т": "д", "д": "т", "б": "п",
    "п": "бф",
    "ш": "щч", "ч": "ш", "з": "с", "с": "з", "н": "м", "м": "н", "р": "л", "л": "р", "ф": "п",
    "a": "oe", "o": "au", "i": "ey", "e": "ia", "u": "oy", "k": "gq", "h": "k", "t": "d", "d": "t", "b": "p", "p": "bf",
    "z": "s", "s": "z", "n": "m", "m": "n", "r": "l", "l": "r", "f": "p",
}  # fmt: skip
_VOWELS = frozenset("аоуиеэёюяыӣӯўөү")


def with_ending(stem: str, form: str, sex: str) -> str:
    """A surname or patronymic in a form: ov, zoda, i, iyon, pur, bare, uulu, ogli, ovich."""
    a = "а" if sex == "F" else ""
    soft = stem[-1] in _VOWELS or stem[-1] == "й"
    base = stem[:-1] + "и" if stem[-1] == "ӣ" else stem.removesuffix("й")
    v = ("ев" if soft else "ов") + a
    if form == "ovich":
        return base + (("евна" if soft else "овна") if a else ("евич" if soft else "ович"))
    if form == "uulu":
        return f"{stem} {'кызы' if a else 'уулу'}"
    if form == "ogli":
        return f"{stem} {'қизи' if a else 'ўғли'}"
    endings = {"ov": base + v, "zoda": stem + "зода", "i": stem if soft else stem + "ӣ", "bare": stem,
               "iyon": base + ("ён" if soft else "иён"), "pur": stem + "пур"}  # fmt: skip
    return endings[form]


def russian(text: str, rng: Random) -> str:
    """As a Russian office types it: no letters of other alphabets, ё often as е."""
    low = text.lower().translate(_RUSSIAN).replace("ўғли", "угли")
    if rng.random() < 0.6:
        low = low.replace("ё", "е")
    return low.replace("ээ", "е" if rng.random() < 0.3 else "ээ")


def keyboard(text: str) -> str:
    """As an officer types it who has only Russian keys."""
    return text.lower().translate(_KEYBOARD)


def legacy(text: str) -> str:
    """As it stands in a file that was written with a font of the 1990s."""
    return text.lower().translate(_LEGACY)


def latin(text: str, style: str) -> str:
    """As a passport or a project list writes it in Latin letters."""
    table = STYLES[style]
    out = "".join(table.get(sign, sign) for sign in text.lower())
    if style == "french":
        out = out.replace("ge", "gue").replace("gi", "gui")
    return out


def slip(text: str, rng: Random) -> str:
    """One slip of the hand: a letter left out, doubled, changed for a near one, or two exchanged."""
    if len(text) < 4:
        return text
    at, kind = rng.randrange(1, len(text)), rng.random()
    if kind < 0.3:
        return text[:at] + text[at + 1 :]
    if kind < 0.45:
        return text[:at] + text[at] + text[at:]
    if kind < 0.6 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    near = _NEAR.get(text[at], "а" if text[at] > "z" else "a")
    return text[:at] + rng.choice(near) + text[at + 1 :]
