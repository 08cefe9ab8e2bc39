"""Fields that the forms of people need, with their words in the language of the page."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from safar.casework.person.asking import UNKNOWN, Choice, Field
from safar.desk.ui.language import page_language
from safar.words import say


class DayInput(forms.DateInput):
    """The browser's own field for a day."""

    input_type = "date"

    def __init__(self, **words: Any) -> None:
        super().__init__(format="%Y-%m-%d", **words)


def day_field(*, required: bool = True, initial: Callable[[], date] | None = None) -> forms.DateField:
    """A day; written by hand it may be 2026-11-24 or 24.11.2026."""
    return forms.DateField(
        required=required, initial=initial, widget=DayInput, input_formats=["%Y-%m-%d", "%d.%m.%Y"]
    )


def words_for(values: Iterable[str], key: str, *, empty: str = "") -> Callable[[], list[tuple[str, str]]]:
    """Choices said in the language of the page: ``words_for(("own", "family"), "people.whose")``."""
    told = tuple(values)

    def choices() -> list[tuple[str, str]]:
        first = [("", say(page_language(), empty))] if empty else []
        return [*first, *((value, say(page_language(), f"{key}.{value}")) for value in told)]

    return choices


def choice_field(
    values: Iterable[str],
    key: str,
    *,
    required: bool = True,
    initial: str = "",
    radio: bool = False,
    empty: str = "",
) -> forms.ChoiceField:
    """One of some coded values."""
    widget = forms.RadioSelect if radio else forms.Select
    return forms.ChoiceField(
        choices=words_for(values, key, empty=empty), required=required, initial=initial, widget=widget
    )


class Several(forms.MultiWidget):
    """Controls beside each other, each under a label of its own."""

    labels: tuple[str, ...] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The controls, with labels in the language of the page."""
        controls = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        parts = [
            (
                control["attrs"].get("id", ""),
                say(page_language(), label),
                self._render(control["template_name"], {"widget": control}, renderer),  # type: ignore[attr-defined]
            )
            for control, label in zip(controls, self.labels, strict=True)
        ]
        return format_html_join("", '<span class="part"><label for="{}">{}</label>{}</span>', parts)


class BirthWidget(Several):
    """Day, month and year beside each other; what is not known stays empty."""

    labels = ("people.birth.day", "people.birth.month", "people.birth.year")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"inputmode": "numeric", "autocomplete": "off"}
        parts: dict[str, forms.Widget | type[forms.Widget]] = {
            "day": forms.TextInput({**number, "maxlength": 2}),
            "month": forms.Select(choices=_months),  # type: ignore[arg-type]  # Django calls it
            "year": forms.TextInput({**number, "maxlength": 4}),
        }
        super().__init__(parts, attrs)

    def decompress(self, value: str | None) -> list[str]:
        """1991-04-12, 1991-04 or 1991 into day, month, year."""
        parts = (value or "").split("-")
        year, month, day = (*parts, "", "")[:3]
        return [day.lstrip("0"), month.lstrip("0"), year]


class BirthField(forms.MultiValueField):
    """A date of birth as far as it is known, as text: 1991-04-12, 1991-04, 1991 or empty."""

    widget = BirthWidget

    def __init__(self, **words: Any) -> None:
        parts = [forms.CharField(required=False) for _ in range(3)]
        super().__init__(parts, require_all_fields=False, **words)

    def compress(self, values: Sequence[str]) -> str:
        """The three parts as one text; an error where a day stands without its month or no such day exists."""
        day, month, year = (*(value.strip() for value in values), "", "", "")[:3]
        if not any((day, month, year)):
            return ""
        try:
            numbers = [int(part) for part in (year, month, day) if part]
            if len(year) != 4 or (day and not month):
                raise ValueError
            date(*[*numbers, 1, 1][:3])
        except ValueError:
            raise forms.ValidationError("", code="invalid_date") from None
        return "-".join(
            f"{number:04}" if place == 0 else f"{number:02}" for place, number in enumerate(numbers)
        )


class TellDayWidget(Several):
    """A day, or "never happened", or "not known"."""

    labels = ("facts.day", "facts.no_day")

    def __init__(self, never: str) -> None:
        choices = [("", ""), ("none", never), (UNKNOWN, say(page_language(), "ui.not_known"))]
        super().__init__({"day": DayInput(), "otherwise": forms.Select(choices=choices)})

    def decompress(self, value: str | None) -> list[str]:
        """A day, or one of the words."""
        return ["", value] if value in ("none", UNKNOWN) else [value or "", ""]


class TellDayField(forms.MultiValueField):
    """The fact of a day as a form tells it: ISO text, ``none``, ``unknown`` or empty."""

    def __init__(self, never: str, **words: Any) -> None:
        parts = (day_field(required=False), forms.CharField(required=False))
        super().__init__(parts, require_all_fields=False, widget=TellDayWidget(never), **words)

    def compress(self, values: Sequence[Any]) -> str:
        """One text; a word beside a day is one too many."""
        day, otherwise = (*values, None, None)[:2]
        if day and otherwise:
            raise forms.ValidationError("", code="day_or_word")
        return day.isoformat() if day else str(otherwise or "")


def field_for(asked: Field) -> forms.Field:
    """The form's field for a fact; everything may be left out, but for one fact at least."""
    if asked.kind == "birth":
        return BirthField(required=False, initial=asked.value)
    if asked.kind == "date":
        return TellDayField(asked.never, required=False, initial=asked.value)
    if asked.kind == "choice":
        few = len(asked.choices) <= 4
        return forms.ChoiceField(
            choices=_choices(asked.choices, blank=not few),
            required=False,
            initial=asked.value,
            widget=forms.RadioSelect if few else forms.Select,
        )
    return forms.CharField(required=False, initial=asked.value, max_length=120)


def _choices(choices: Sequence[Choice], *, blank: bool) -> list[tuple[str, str]]:
    return [*([("", "")] if blank else []), *((one.value, one.said) for one in choices)]


def _months() -> list[tuple[str, str]]:
    language = page_language()
    return [
        ("", say(language, "people.birth.month")),
        *((str(number), say(language, f"written.month.{number}")) for number in range(1, 13)),
    ]
