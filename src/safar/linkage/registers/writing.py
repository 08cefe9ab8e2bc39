"""One office writing one record about one person."""

from collections.abc import Mapping, Sequence
from random import Random

from safar.linkage.registers import spellings
from safar.linkage.registers.difficulty import Difficulty
from safar.linkage.registers.people import Namer, Person, lexicons

_REFORMED = (("zoda", "i", "iyon", "pur", "bare"), (0.40, 0.25, 0.10, 0.05, 0.20))
_OPTIONAL: Mapping[str, Mapping[str, Sequence[str]]] = {
    "tj": {"M": ("ҷон", "бек", "хон"), "F": ("хон", "ҷон")},
    "kg": {"M": ("бек",), "F": ("кан",)},
    "uz": {"M": ("жон", "бек"), "F": ("хон", "ой")},
}
_NO_PATRONYMIC = ("нет", "б/о", "-", "без отчества")
FOREIGN_CODES = {"tj": "992", "kg": "996", "uz": "992"}


class Writer:
    """Meets a person, then writes record after record of them, in order of years."""

    def __init__(self, rng: Random, difficulty: Difficulty) -> None:
        self._rng, self._hard = rng, difficulty
        self._namer = Namer(rng, difficulty)
        self._habits = lexicons()[1]
        self._others_phones = [self._number("992") for _ in range(3)]
        self._households: dict[int, tuple[str, int]] = {}

    def meet(self, person: Person) -> None:
        """Draw what stays with a person through life: surname forms with their years, phones, copied habits."""
        rng, hard = self._rng, self._hard
        self.person = person
        self._sticky: dict[str, str] = {}
        form = "ov" if person.language != "kg" or rng.random() < 0.75 else "uulu"
        self._forms = [(0, person.surname, form)]
        if rng.random() < hard.surname_reform:
            new = rng.choices(*_REFORMED)[0] if person.language == "tj" else "uulu" if form == "ov" else "ov"
            if person.language != "uz":
                self._forms.append((rng.randint(2009, 2024), person.surname, new))
        if person.sex == "F" and rng.random() < hard.marriage_renames:
            self._forms.append((rng.randint(2005, 2026), self._namer.stem(person.language), form))
        self._forms.sort(key=lambda known: known[0])
        self._phone, self._phone_year = self._number(FOREIGN_CODES[person.language]), 2008
        if person.household not in self._households:
            self._households = {person.household: (self._number(FOREIGN_CODES[person.language]), 2008)}
        self._ending = self._rng.choice(_OPTIONAL[person.language][person.sex])

    def record(self, source: str, year: int) -> tuple[str | None, ...]:
        """The columns of a record after record_id."""
        rng, hard = self._rng, self._hard
        style = self._style(source, year)
        surname, given, patronymic = (
            self._slipped(source, text) for text in self._names(source, year, style)
        )
        surname, given, patronymic = self._arranged(source, surname, given, patronymic)
        case = str.upper if source == "passport" or rng.random() < 0.05 else _title
        sex: str | None = self.person.sex
        if rng.random() < hard.sex_missing:
            sex = None
        elif rng.random() < hard.sex_wrong:
            sex = "F" if sex == "M" else "M"
        names = (case(text) or None for text in (surname, given, patronymic))
        return (
            source,
            str(year),
            *names,
            sex,
            self._date(source),
            self._phone_told(source, year),
            self._district(source),
        )

    def _style(self, source: str, year: int) -> str:
        rng = self._rng
        if source == "jamoat":
            return "native"
        if source in ("consulate", "migration"):
            return "russian"
        if source == "passport":
            if self.person.language == "uz" and rng.random() < 0.3:
                return "uzbek"
            return rng.choices(
                ("icao", "english", "french"), (0.75, 0.2, 0.05) if year > 2013 else (0.25, 0.4, 0.35)
            )[0]
        return rng.choices(
            ("native", "russian", "english", "icao", "french", "uzbek"), (0.3, 0.35, 0.2, 0.06, 0.04, 0.05)
        )[0]

    def _names(self, source: str, year: int, style: str) -> tuple[str, str, str]:
        rng, hard, person = self._rng, self._hard, self.person
        _, stem, form = [known for known in self._forms if known[0] <= year][-1]
        given = "".join(self._parts(person.given, style))
        if rng.random() < hard.optional_ending:
            given = given.removesuffix(self._ending) if given.endswith(self._ending) else given + self._ending
        surname = spellings.with_ending("".join(self._parts(stem, style)), form, person.sex)
        father = "".join(self._parts(person.father, style))
        if rng.random() < hard.patronymic[source]:
            kind = "zoda" if form == "zoda" else "ovich"
            if person.language == "kg" and form == "uulu":
                kind = "uulu"
            if person.language == "uz" and style in ("native", "uzbek"):
                kind = "ogli"
            if person.language == "tj" and style == "native" and rng.random() < 0.15:
                kind = "bare"
            patronymic = spellings.with_ending(father, kind, person.sex)
        else:
            patronymic = rng.choice(_NO_PATRONYMIC) if rng.random() < 0.04 else ""
        return self._scripted(surname, style), self._scripted(given, style), self._scripted(patronymic, style)

    def _parts(self, parts: Sequence[str], style: str) -> list[str]:
        """Parts of a name, in the language's own spelling or as an office is used to write them."""
        chance = self._hard.habit * (0.25 if style == "native" else 1.0)
        out = []
        for part in parts:
            habits = self._habits.get(part)
            if not habits:
                out.append(part)
            elif part in self._sticky and self._rng.random() < self._hard.habit_sticks and style != "native":
                out.append(self._sticky[part])
            elif self._rng.random() < chance:
                self._sticky[part] = self._rng.choice(habits)
                out.append(self._sticky[part])
            else:
                out.append(part)
        return out

    def _scripted(self, text: str, style: str) -> str:
        rng, hard = self._rng, self._hard
        if style == "native":
            if rng.random() < hard.legacy_font and self.person.language == "tj":
                return spellings.legacy(text)
            return spellings.keyboard(text) if rng.random() < hard.russian_keyboard else text.lower()
        typed = spellings.russian(text, rng) if style == "russian" or rng.random() < 0.5 else text
        return typed if style == "russian" else spellings.latin(typed, style)

    def _slipped(self, source: str, text: str) -> str:
        return (
            spellings.slip(text, self._rng)
            if text and self._rng.random() < self._hard.typos[source]
            else text
        )

    def _arranged(self, source: str, surname: str, given: str, patronymic: str) -> tuple[str, str, str]:
        rng, hard = self._rng, self._hard
        if rng.random() < hard.initial[source]:
            given, patronymic = given[0] + ".", patronymic[:1] + "." if patronymic else ""
        if rng.random() < hard.one_field[source]:
            words = [surname, given, patronymic] if rng.random() < 0.7 else [given, surname]
            return " ".join(word for word in words if word), "", ""
        if rng.random() < hard.swapped[source]:
            return given, surname, patronymic
        return surname, given, patronymic

    def _date(self, source: str) -> str | None:
        rng, hard = self._rng, self._hard
        year, month, day = self.person.born
        chance = rng.random()
        for rate, change in (
            (hard.date_missing[source], lambda: None),
            (hard.date_placeholder[source], lambda: (year + rng.choice((0, 0, 0, 0, -1, 1)), 1, 1)),
            (hard.date_slip[source], lambda: self._slipped_date(year, month, day)),
            (
                hard.date_wrong[source],
                lambda: (year + rng.randint(-6, 6), rng.randint(1, 12), rng.randint(1, 28)),
            ),
        ):
            if chance < rate:
                changed = change()
                return None if changed is None else "{:04d}-{:02d}-{:02d}".format(*changed)
            chance -= rate
        return f"{year:04d}-{month:02d}-{day:02d}"

    def _slipped_date(self, year: int, month: int, day: int) -> tuple[int, int, int]:
        rng, kind = self._rng, self._rng.random()
        if kind < 0.25 and day <= 12 and day != month:
            return year, day, month
        if kind < 0.45:
            return year + rng.choice((-1, 1, -1, 1, -10, 10)), month, day
        if kind < 0.7:
            return year, (month - 1 + rng.choice((-1, 1))) % 12 + 1, day
        return year, month, max(1, min(28, day + rng.choice((-1, 1, -10, 10, -2, 2, 3, 6))))

    def _phone_told(self, source: str, year: int) -> str | None:
        rng, hard = self._rng, self._hard
        if rng.random() < hard.phone_missing[source]:
            return None
        while self._phone_year < year:
            self._phone_year += 1
            if rng.random() < hard.phone_changes_a_year:
                self._phone = self._number("7" if rng.random() < 0.4 else FOREIGN_CODES[self.person.language])
        chance = rng.random()
        if chance < hard.phone_of_others:
            if rng.random() < 0.06:
                self._others_phones[rng.randrange(3)] = self._number("992")
            number = rng.choice(self._others_phones)
        elif chance < hard.phone_of_others + hard.phone_of_household:
            number = self._households[self.person.household][0]
        else:
            number = self._phone
        if rng.random() < 0.015:
            at = rng.randrange(4, len(number))
            number = number[:at] + rng.choice("0123456789") + number[at + 1 :]
        return self._as_written(number)

    def _as_written(self, number: str) -> str:
        chance = self._rng.random()
        if chance < 0.4:
            return "+" + number
        if chance < 0.6:
            return number
        if number[0] == "7":
            return (
                "8" + number[1:]
                if chance < 0.9
                else f"8 ({number[1:4]}) {number[4:7]}-{number[7:9]}-{number[9:]}"
            )
        return (
            number[3:]
            if chance < 0.85
            else f"+{number[:3]} {number[3:5]} {number[5:8]} {number[8:10]} {number[10:]}"
        )

    def _district(self, source: str) -> str | None:
        if self._rng.random() < self._hard.district_missing[source]:
            return None
        if self._rng.random() < self._hard.district_moved:
            return f"RU-{self._rng.randint(1, 20):02d}" if source in ("migration", "consulate") else "DUS-01"
        return self.person.district

    def _number(self, code: str) -> str:
        return (
            code
            + self._rng.choice("59")
            + "".join(self._rng.choices("0123456789", k=9 if code == "7" else 8))
        )


def _title(text: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))
