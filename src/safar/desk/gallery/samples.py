"""What the gallery shows: made-up people and numbers, words in the language of the page."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from django import forms

from safar.desk.ui import components, icons, navigation
from safar.desk.ui.language import page_language
from safar.words import LANGUAGES, say, write_day
from safar.words.writing import DAY_FORMS

ALPHABETS = {
    "tg": "А Б В Г Ғ Д Е Ё Ж З И Ӣ Й К Қ Л М Н О П Р С Т У Ӯ Ф Х Ҳ Ч Ҷ Ш Ъ Э Ю Я ғ ӣ қ ӯ ҳ ҷ",
    "ky": "А Б В Г Д Е Ё Ж З И Й К Л М Н Ң О Ө П Р С Т У Ү Ф Х Ц Ч Ш Щ Ъ Ы Ь Э Ю Я ң ө ү",
    "uz": "A B D E F G H I J K L M N O P Q R S T U V X Y Z Oʻ Gʻ Sh Ch Ng ʼ oʻ gʻ",
    "ru": "А Б В Г Д Е Ё Ж З И Й К Л М Н О П Р С Т У Ф Х Ц Ч Ш Щ Ъ Ы Ь Э Ю Я",
    "en": "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z",
}
PEOPLE = (
    ({"Cyrl": "Раҳимов Ҷамшед", "Latn": "RAHIMOV JAMSHED"}, "Исфара", "overdue", -2, "overstay", 5000, 7000),
    ({"Cyrl": "Осмонова Айгүл", "Latn": "OSMONOVA AIGUL"}, "Ноокат", "due", 1, "patent", 5000, 5000),
    ({"Cyrl": "Қодиров Ғайрат", "Latn": "QODIROV GHAYRAT"}, "Ашт", "due", 3, "registration", 2000, 5000),
    (
        {"Cyrl": "Абдылдаев Бөкөн", "Latn": "ABDYLDAEV BOKON"},
        "Баткен",
        "unknown",
        None,
        "overstay",
        None,
        None,
    ),
)
TOKENS = (
    "paper", "card", "side", "ink", "soft", "line", "edge", "accent", "accent-wash", "good", "good-wash", "soon",
    "soon-wash", "danger", "danger-wash", "unknown", "unknown-wash",
)  # fmt: skip


class Filled(forms.Form):
    """A form as it looks before anybody has sent it."""

    prefix = "plain"
    surname = forms.CharField(max_length=40)
    born = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    country = forms.ChoiceField(choices=[("RU", "RU"), ("KZ", "KZ")])
    sure = forms.ChoiceField(widget=forms.RadioSelect)
    consent = forms.BooleanField(required=False)
    notes = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    photo = forms.FileField(required=False)

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        tell = partial(say, page_language())
        field = self.fields["sure"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, tell(f"ui.gallery.{key}")) for key in ("sure", "said", "guess")]


class Refused(Filled):
    """The same form as it comes back."""

    prefix = "wrong"

    def clean(self) -> dict[str, Any]:
        """Refuse it as casework would."""
        self.add_error(None, forms.ValidationError("", code="home_outside"))
        return super().clean() or {}


def samples(on: date) -> dict[str, Any]:
    """Everything the template shows, as of a day."""
    tell = _tell
    wrong = Refused(data={"wrong-surname": "Р" * 50, "wrong-born": "31.02.1990", "wrong-country": "US"})
    wrong.is_valid()
    return {
        "on": on,
        "tokens": TOKENS,
        "icons": sorted(icons.drawn()),
        "tones": components.TONES,
        "statuses": tuple(components.STATUS_TONES),
        "alphabets": [{"language": language, "letters": ALPHABETS[language]} for language in LANGUAGES],
        "form": Filled(initial={"country": "RU", "sure": "said", "surname": "Раҳимов"}),
        "wrong": wrong,
        "people": [_person(*row, on=on) for row in PEOPLE],
        "tab_items": [
            {"label": tell("danger"), "url": "?", "current": True, "count": 12},
            {"label": tell("people"), "url": "?tab=people", "current": False, "count": 1234},
            {"label": tell("timeline"), "url": "?tab=timeline", "current": False},
        ],
        "facts": _facts(on),
        "entries": _entries(on),
        "days": [{"form": form, "said": write_day(page_language(), on, form)} for form in DAY_FORMS],
        "distances": (-12, -1, 0, 1, 3, 21),
        "messages_shown": (("success", "saved"), ("warning", "slow"), ("error", "failed")),
        **_charts(on),
    }


def sample_rooms() -> tuple[navigation.Link, ...]:
    """The navigation as an officer sees it, for a gallery looked at without signing in."""
    return tuple(
        navigation.Link(
            room.name, navigation.address_of(room.name) or f"?room={room.name}", number == 1, str(number)
        )
        for number, room in enumerate(navigation.ROOMS[:6], 1)
    )


def _tell(key: str, **values: Any) -> str:
    return say(page_language(), f"ui.gallery.{key}", **values)


def _person(
    names: Mapping[str, str], home: str, status: str, days: int | None, danger: str,
    low: int | None, high: int | None, *, on: date,
) -> SimpleNamespace:  # fmt: skip
    act_by = None if days is None else on + timedelta(days=days)
    return SimpleNamespace(
        names=names, home=home, status=status, act_by=act_by, danger=_tell(danger), low=low, high=high
    )


def _facts(on: date) -> list[dict[str, Any]]:
    return [
        {"name": _tell("name"), "value": "Раҳимов Ҷамшед"},
        {"name": _tell("home"), "value": "Исфара", "note": "TJ-SU-ISF"},
        {"name": _tell("entered"), "value": write_day(page_language(), on - timedelta(days=80))},
        {"name": _tell("paid"), "value": None},
    ]


def _entries(on: date) -> list[dict[str, Any]]:
    told = (("entered", -80, "plain"), ("paid", -12, "good"), ("patent", -1, "danger"), ("ends", 10, "soon"))
    return [
        {"day": on + timedelta(days=days), "title": _tell(key), "tone": tone, "ahead": days > 0,
         "text": _tell("sentence") if key == "patent" else ""}
        for key, days, tone in told
    ]  # fmt: skip


def _charts(on: date) -> dict[str, Any]:
    language = page_language()
    weeks = [
        {"label": write_day(language, on + timedelta(weeks=week), "brief"), "value": value}
        for week, value in enumerate((34, 21, 13, 18, 9, 4))
    ]
    dangers = [
        {"label": _tell("overstay"), "value": 130, "tone": "danger"},
        {"label": _tell("patent"), "value": 64, "tone": "soon"},
        {"label": _tell("registration"), "value": 41},
        {"label": say(language, "status.unknown"), "value": 12, "tone": "unknown"},
    ]
    reasons = [
        {"label": _tell("same_name"), "value": 6.4},
        {"label": _tell("same_birth"), "value": 4.1},
        {"label": _tell("other_village"), "value": -3.2},
    ]
    return {"weeks": weeks, "dangers": dangers, "reasons": reasons, "line": [4, 6, 5, 9, 8, 12]}
