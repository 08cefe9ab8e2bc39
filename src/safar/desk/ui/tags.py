"""Sentences, days, numbers, money and icons in templates, in the language of the page. Built in: no ``{% load %}``."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from safar.desk.ui.icons import icon as drawn_icon
from safar.desk.ui.language import page_language
from safar.words import chosen, sentence, write_day, write_distance, write_list, write_money
from safar.words.writing import write_moment, write_number, write_percent, written

register = template.Library()


@register.simple_tag
def say(key: str, **values: Any) -> SafeString:
    """``{% say "people.found" count=n %}``: a sentence. Values are escaped unless they are markup already."""
    language = page_language()
    told = conditional_escape(sentence(language, key, count=values.get("count")))
    ready = {name: written(language, value) for name, value in values.items()}
    return format_html(told, **ready) if ready else SafeString(told)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """``{% icon "clock" %}`` beside words; ``{% icon "clock" "the.key" %}`` where it stands alone."""
    return drawn_icon(name, sentence(page_language(), label) if label else "")


@register.filter
def day(value: date | None, form: str = "long") -> SafeString | str:
    """``{{ d|day }}``, ``{{ d|day:"short" }}``: a day as a <time>; nothing for None."""
    if value is None:
        return ""
    return format_html(
        '<time datetime="{}">{}</time>', f"{value:%Y-%m-%d}", write_day(page_language(), value, form)
    )


@register.filter
def moment(value: datetime | None, form: str = "short") -> SafeString | str:
    """``{{ at|moment }}``: a day with its time, in the time of the office."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_html(
        '<time datetime="{}">{}</time>',
        local.isoformat("T", "minutes"),
        write_moment(page_language(), local, form),
    )


@register.filter
def distance(value: date | int | None, on: date | None = None) -> str:
    """``{{ act_by|distance:on }}`` or ``{{ days_left|distance }}``: in 3 days, today, 12 days ago."""
    if value is None:
        return ""
    if isinstance(value, date):
        if on is None:
            raise template.TemplateSyntaxError(
                "distance of a day needs the day it is looked at from: |distance:on"
            )
        value = (value - on).days
    return write_distance(page_language(), value)


@register.filter
def number(value: float | None) -> str:
    """``{{ n|number }}``: 1 234,5."""
    return "" if value is None else write_number(page_language(), value)


@register.filter
def percent(value: float | None) -> str:
    """``{{ share|percent }}``: 0.124 is 12%."""
    return "" if value is None else write_percent(page_language(), value)


@register.filter
def money(value: float | None, currency: str) -> str:
    """``{{ fee|money:"RUB" }}``: 5 000 ₽."""
    return "" if value is None else write_money(page_language(), value, currency=currency)


@register.simple_tag
def amount(low: float | None, high: float | None, currency: str) -> str:
    """``{% amount low high currency %}``: 5 000–7 000 ₽."""
    return "" if low is None else write_money(page_language(), low, high, currency=currency)


@register.filter
def listed(values: Sequence[object], joined: str = "and") -> str:
    """``{{ names|listed }}``: a, b and c."""
    return write_list(page_language(), [str(value) for value in values], joined)


@register.filter
def named(names: Mapping[str, str] | None) -> str:
    """``{{ place.names|named }}``: the name for this reader among {language or script: name}."""
    return chosen(page_language(), names or {})
