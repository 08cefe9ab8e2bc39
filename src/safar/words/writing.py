"""Days, numbers, money and lists as people write them in each language.

The patterns are sentences of desk.yaml (block ``written``), because CLDR is thin for Tajik; Babel groups the digits.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import format_decimal

from safar.words.catalogue import read_words
from safar.words.sentences import known, sentence

DAY_FORMS = ("long", "short", "brief", "day_and_month", "month_and_year", "weekday")


def written(language: str, value: object) -> object:
    """A value of a sentence in the reader's form; text as it is."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return write_number(language, value)
    if isinstance(value, datetime):
        return write_moment(language, value)
    if isinstance(value, date):
        return write_day(language, value)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return write_list(language, [str(item) for item in value])
    return value


def write_number(language: str, number: float | Decimal) -> str:
    """1 234,5 or 1,234.5; no more than two decimals, none where there are none."""
    return str(format_decimal(number, format="#,##0.##", locale=language))


def write_day(language: str, day: date, form: str = "long") -> str:
    """A day in one of DAY_FORMS: ``long`` is 24 November 2026, ``short`` for tables, ``brief`` for charts (no year)."""
    words = read_words(language)
    long = words.months[day.month - 1]
    if form == "long":
        return words.day.format(day=day.day, month=long, year=day.year)
    alone = sentence(language, f"written.month.{day.month}")
    return sentence(language, f"written.{form}").format(
        day=day.day, month=long, alone=alone, short=alone[:3], number=day.month, year=day.year,
        weekday=sentence(language, f"written.weekdays.{day.isoweekday()}"),
    )  # fmt: skip


def write_moment(language: str, moment: datetime, form: str = "long") -> str:
    """A day with the time of day; the time zone is the caller's."""
    day = write_day(language, moment.date(), form)
    return sentence(language, "written.moment").format(day=day, time=f"{moment:%H:%M}")


def write_distance(language: str, days: int) -> str:
    """Days from today: in 3 days, tomorrow, today, yesterday, 12 days ago."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    if near:
        return sentence(language, f"written.distance.{near}")
    key = f"written.distance.{'ahead' if days > 0 else 'past'}"
    return sentence(language, key, count=days).format(count=write_number(language, abs(days)))


def write_money(
    language: str, low: float | Decimal, high: float | Decimal | None = None, *, currency: str
) -> str:
    """An amount or a range of amounts: 5 000 ₽, 5 000–7 000 ₽. ``currency`` is an ISO 4217 code."""
    amount = write_number(language, low)
    if high is not None and high != low:
        amount = sentence(language, "written.range").format(low=amount, high=write_number(language, high))
    key = f"written.money.{currency}"
    pattern = sentence(language, key) if known(language, key) else "{amount} " + currency
    return pattern.format(amount=amount)


def write_percent(language: str, share: float) -> str:
    """A share of one as per cent: 0.124 is 12%."""
    return sentence(language, "written.percent").format(number=write_number(language, round(share * 100)))


def write_probability(language: str, probability: float) -> str:
    """A probability as per cent; nothing is told as nought or as sure."""
    if 0.01 <= probability <= 0.99:
        return write_percent(language, probability)
    return "<" + write_percent(language, 0.01) if probability < 0.01 else ">" + write_percent(language, 0.99)


def write_list(language: str, items: Sequence[str], joined: str = "and") -> str:
    """a, b and c; with ``joined="or"`` a, b or c."""
    if len(items) < 2:
        return "".join(items)
    return sentence(language, f"written.{joined}").format(first=", ".join(items[:-1]), last=items[-1])
