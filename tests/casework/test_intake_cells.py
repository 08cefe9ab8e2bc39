"""Cells as people fill them in: days, telephones, names, codes and places are read, or it is said why not."""

import calendar
import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safar.casework.intake.coded import (
    read_code,
    read_country,
    read_destination,
    read_document,
    read_names,
    read_region,
)
from safar.casework.intake.days import EPOCH, month_first, read_birth, read_day
from safar.casework.intake.homes import Address, Home, read_homes
from safar.casework.intake.phones import read_phones
from safar.casework.intake.vocabulary import codes, countries, fields, heads, months, never_words, regions
from safar.linkage import Name
from safar.records.models import Place

ON = date(2026, 11, 20)
BORN = st.dates(date(1930, 1, 2), date(2015, 12, 31)).filter(lambda day: (day.month, day.day) != (1, 1))
MONTHS = {number: [word for word, of in months().items() if of == number] for number in range(1, 13)}


def born(text: str, **how) -> tuple:
    day = read_birth(text, on=ON, **how)
    return day.value, day.precision, day.problem


# Days


@given(
    BORN,
    st.sampled_from(
        [
            "{d:%d.%m.%Y}",
            "{d.day}.{d.month}.{d.year}",
            "{d:%d/%m/%Y}",
            "{d:%d-%m-%Y}",
            "{d:%d,%m,%Y}",
            "{d:%d %m %Y}",
            "{d:%Y-%m-%d}",
            "{d:%Y.%m.%d}",
            "{d:%Y-%m-%dT00:00:00}",
            "{d:%d.%m.%Y} г.",
            " {d:%d.%m.%Y}г.р. ",
            "{d:%d.%m.%Y} 0:00",
        ]
    ),
)
def test_a_day_in_any_usual_form(day: date, form: str) -> None:
    assert born(form.format(d=day)) == (day, "day", "")


@given(BORN, st.data())
def test_a_month_in_words(day: date, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(MONTHS[day.month]))
    form = data.draw(
        st.sampled_from(
            ["{d} {w} {y}", "{d}-{w}-{y}", "{d} {w} {y} г.", "{y}-жыл {d}-{w}", "{d} {w} соли {y}"]
        )
    )

    assert born(form.format(d=day.day, w=word, y=day.year)) == (day, "day", "")


@given(BORN)
def test_the_number_of_a_spreadsheet(day: date) -> None:
    number = (day - EPOCH).days

    assert born(str(number)) == born(f"{number}.0") == (day, "day", "")


@given(st.integers(1930, 2025), st.integers(1, 12))
def test_as_much_as_is_known(year: int, month: int) -> None:
    assert born(str(year)) == born(f"{year} г.") == born(f"соли {year}") == (date(year, 1, 1), "year", "")
    assert born(f"{month}/{year}") == born(f"{month:02}.{year}") == (date(year, month, 1), "month", "")
    if year != 1970:  # the day on which the clocks of computers begin
        assert born(f"01.01.{year}") == (date(year, 1, 1), "year", "only_year")


@given(st.dates(date(1927, 1, 2), ON).filter(lambda day: (day.month, day.day) != (1, 1)))
def test_two_figures_are_the_latest_year_that_can_be(day: date) -> None:
    read = born(day.strftime("%d.%m.%y"))[0]

    assert read is not None and read.year % 100 == day.year % 100 and read.year <= ON.year


@given(st.text(max_size=60))
def test_whatever_is_written_is_a_day_or_a_reason(text: str) -> None:
    for day in (
        read_birth(text, on=ON),
        read_day(text, on=ON, ahead=True),
        read_day(text, on=ON, ahead=False),
    ):
        assert day.value is None or date(1900, 1, 1) <= day.value <= date(2056, 12, 31)
        assert not (day.value is None and day.told not in ("", "none"))
    assert month_first([text]) in ("no", "yes")


@given(st.text(alphabet=string.digits + "./-", max_size=12))
def test_figures_are_never_another_day_than_they_say(text: str) -> None:
    day = read_birth(text, on=ON)

    if day.value and day.precision == "day" and not text.isdecimal():
        assert {str(day.value.day), f"{day.value.day:02}"} & set(
            text.replace("/", ".").replace("-", ".").split(".")
        )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31.02.1991", "day_unreadable"),
        ("апреля", "day_unreadable"),
        ("12.04.2030", "day_ahead"),
        ("12.04.1850", "day_too_old"),
        ("нет", "day_unreadable"),
        ("32", "day_unreadable"),
        ("1991 или 1992", "day_unreadable"),
        ("9" * 5000, "day_unreadable"),
    ],
)
def test_what_is_no_day_of_birth(text: str, code: str) -> None:
    assert born(text)[2] == code


@pytest.mark.parametrize("text", ["", " ", "-", "неизвестно", "номаълум", "01.01.1900", "?"])
def test_not_known_is_not_an_error(text: str) -> None:
    assert born(text) == (None, "unknown", "")


def test_a_column_that_writes_the_month_first_is_read_so() -> None:
    column = ["04/25/1991", "12/04/1991"]

    assert month_first(column) == "yes"
    assert born("12/04/1991", order=month_first(column))[0] == date(1991, 12, 4)


def test_a_column_that_writes_both_ways_is_not_guessed() -> None:
    column = ["04/25/1991", "25/04/1991", "12/04/1991"]

    assert month_first(column) == "both"
    assert born("12/04/1991", order="both") == (date(1991, 1, 1), "year", "day_or_month")
    assert born("25/04/1991", order="both")[0] == date(1991, 4, 25)


def test_an_event_needs_its_day_and_may_never_have_happened() -> None:
    assert read_day("нест", on=ON, ahead=True).told == "none"
    assert read_day("2026", on=ON, ahead=True).problem == "day_not_whole"
    assert read_day("12.2026", on=ON, ahead=True).problem == "day_not_whole"
    assert read_day("01.12.2026", on=ON, ahead=False).problem == "day_ahead"
    assert read_day("01.12.2026", on=ON, ahead=True).told == "2026-12-01"


@given(st.integers(2000, 2026), st.integers(1, 12), st.data())
def test_every_day_of_the_law_is_read(year: int, month: int, data: st.DataObject) -> None:
    day = date(year, month, data.draw(st.integers(1, calendar.monthrange(year, month)[1])))

    assert read_day(f"{day:%d.%m.%Y}", on=ON + timedelta(days=400), ahead=True).told == day.isoformat()


# Telephones

NUMBER = st.integers(10_000_000, 99_999_998)


@given(
    NUMBER, st.sampled_from(["{}", "+992 9{}", "00992 9{}", "9{}", "9{}.0", "тел. 9{}", "(9{})", "992-9{}"])
)
def test_a_tajik_number_however_it_is_written(number: int, form: str) -> None:
    form = form if "9{" in form else "9{}"

    assert read_phones(form.format(number), country="TJ").numbers == (f"9929{number}",)


@given(NUMBER)
def test_numbers_of_other_countries(number: int) -> None:
    assert read_phones(f"0{7}{number}", country="KG").numbers == (f"9967{number}",)
    assert read_phones(f"8 (9{number // 10**6:02}) {number:08}"[:20], country="TJ").numbers != ()
    assert read_phones(f"+79{number}1", country="TJ").numbers == (f"79{number}1",)
    assert read_phones(f"89{number}1", country="TJ").numbers == (f"79{number}1",)
    assert read_phones(f"9{number}1", country="KG", abroad=True).numbers == (f"79{number}1",)


@pytest.mark.parametrize("parted", [", ", "; ", " / ", "\n", " ва ", " и "])
def test_two_numbers_in_a_cell(parted: str) -> None:
    told = read_phones(f"92 777 11 22{parted}+7 922 123-45-67", country="TJ")

    assert told.numbers == ("992927771122", "79221234567")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9,92928E+11", "phone_rounded"),
        ("9.9e11", "phone_rounded"),
        ("дома", "phone_wrong"),
        ("12", "phone_wrong"),
        ("000000000", ""),
        ("-", ""),
        ("нест", ""),
        ("", ""),
        ("1" * 40, "phone_wrong"),
    ],
)
def test_what_is_no_number(text: str, code: str) -> None:
    told = read_phones(text, country="TJ")

    assert told.numbers == () and told.problem == code


@given(st.text(max_size=60), st.sampled_from(["TJ", "KG", "RU"]), st.booleans())
def test_whatever_is_written_is_numbers_or_a_reason(text: str, country: str, abroad: bool) -> None:
    for number in read_phones(text, country=country, abroad=abroad).numbers:
        assert number.isascii() and number.isdecimal() and 7 <= len(number) <= 15


# Words that are codes


@pytest.mark.parametrize("kind", ["sex", "purpose", "relation"])
def test_every_word_of_the_table_is_read_in_any_case(kind: str) -> None:
    for word, code in codes(kind).items():
        assert read_code(kind, f" {word.upper()}. ").value == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("М", "male"),
        ("ж.", "female"),
        ("МАРД", "male"),
        ("зан", "female"),
        ("Эркек", "male"),
        ("аял", "female"),
        ("Ayol", "female"),
        ("erkak", "male"),
        ("муж.", "male"),
        ("F", "female"),
    ],
)
def test_sex(text: str, code: str) -> None:
    assert read_code("sex", text).value == code


@given(st.text(max_size=30))
def test_a_sex_is_one_of_two_or_not_known(text: str) -> None:
    told = read_code("sex", text)

    assert told.value in ("", "male", "female") and not (told.value and told.problem)


@pytest.mark.parametrize(
    ("text", "country", "region", "problem"),
    [
        ("Россия", "RU", "", ""),
        ("Русия, Маскав", "RU", "RU-MOW", ""),
        ("Москва", "RU", "RU-MOW", ""),
        ("РФ (г. Екатеринбург)", "RU", "RU-SVE", ""),
        ("Қазоқистон", "KZ", "", ""),
        ("Алматы", "KZ", "KZ-75", ""),
        ("Русия Сургут", "RU", "RU-KHM", ""),
        ("RU", "RU", "", ""),
        ("Туркия", "", "", "destination_other"),
        ("дома", "", "", "country_unknown"),
        ("Казахстан, Москва", "", "", "region_elsewhere"),
        ("", "", "", ""),
        ("нест", "", "", ""),
    ],
)
def test_where_somebody_went(text: str, country: str, region: str, problem: str) -> None:
    told = read_destination(text)

    assert (told.value, told.more, told.problem) == (country, region, problem)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Московская обл.", "RU-MOS"),
        ("СПб", "RU-SPE"),
        ("вилояти Свердловск", "RU-SVE"),
        ("Челябинская область", "RU-CHE"),
        ("RU-TYU", "RU-TYU"),
        ("г. Казань", "RU-TA"),
        ("Атлантида", ""),
    ],
)
def test_regions(text: str, code: str) -> None:
    assert read_region(text).value == code


def test_countries_have_names_in_five_languages() -> None:
    for text in ("Тоҷикистон", "Таджикистан", "Тажикстан", "Tojikiston", "Tajikistan", "РТ", "tj"):
        assert read_country(text).value == "TJ"


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("А 1234567", "А 1234567", "passport"),
        ("AC1234567 МВД 12.03.2015", "AC 1234567", "passport"),
        ("401234567", "401234567", "passport"),
        ("ID 1234567", "ID 1234567", "id_card"),
        ("серия А № 1234567", "1234567", "passport"),
        ("нест", "", ""),
        ("12", "", ""),
    ],
)
def test_documents(text: str, number: str, kind: str) -> None:
    told = read_document(text)

    assert (told.value.split()[-1:], told.more) == (number.split()[-1:], kind)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Раҳимов Ҷамшед Каримович", Name("Раҳимов", "Ҷамшед", "Каримович")),
        ("Ҷамшед Раҳимов", Name("Раҳимов", "Ҷамшед")),
        ("RAHIMOV JAMSHED", Name("RAHIMOV", "JAMSHED")),
        ("Асан уулу Бакыт", Name("Асан уулу", "Бакыт")),
        ("Раҳимов Ҷ. К.", Name("Раҳимов", "Ҷ.", "К.")),
        ("O'ktamov Ulug'bek Karim o'g'li", Name("O'ktamov", "Ulug'bek", "Karim o'g'li")),
    ],
)
def test_a_full_name_is_taken_apart_and_stays_as_written(text: str, name: Name) -> None:
    assert read_names("", "", "", text) == (name, "")


@given(st.text(max_size=50))
def test_a_name_loses_no_word(text: str) -> None:
    name, problem = read_names("", "", "", text)

    told = f"{name.surname} {name.given_name} {name.patronymic}"
    assert problem or all(word in text.split() or word in text for word in told.split())


def test_a_name_with_figures_is_no_name() -> None:
    assert read_names("Раҳимов2", "Ҷамшед", "", "")[1] == "name_strange"
    assert read_names("", "", "Каримович", "")[1] == "name_missing"
    assert read_names("-", "нет", "", "")[1] == "name_missing"


# The tables themselves


def test_no_head_stands_for_two_fields_and_every_field_has_words() -> None:
    assert set(heads().values()) == set(fields())
    assert never_words() and len(countries()) > 400 and len(regions()) > 200


# Places


@pytest.fixture
def villages(db: None) -> None:
    rows = (
        ("TJ", "TJ.", "country", {"tg": "Тоҷикистон"}),
        ("TJ-SU", "TJ.SU.", "province", {"tg": "Вилояти Суғд", "ru": "Согдийская область"}),
        ("TJ-SU-ISF", "TJ.SU.ISF.", "district", {"tg": "Исфара", "ru": "г. Исфара", "en": "Isfara"}),
        ("TJ-SU-ASH", "TJ.SU.ASH.", "district", {"tg": "Ашт", "ru": "Аштский район", "en": "Asht"}),
        ("TJ-SU-ISF-U05", "TJ.SU.ISF.U05.", "unit", {"tg": "Чоркӯҳ", "ru": "Чоркух", "en": "Chorku"}),
        ("TJ-SU-ISF-U11", "TJ.SU.ISF.U11.", "unit", {"tg": "Сурх"}),
        (
            "TJ-SU-ISF-001",
            "TJ.SU.ISF.U00.001.",
            "community",
            {"tg": "Чорқишлоқ", "ru": "Чоркишлок", "en": "Chorqishloq"},
        ),
        ("TJ-SU-ISF-014", "TJ.SU.ISF.U11.014.", "community", {"tg": "Сурх", "en": "Surkh"}),
        ("TJ-SU-ASH-001", "TJ.SU.ASH.U01.001.", "community", {"tg": "Сурх", "en": "Surkh"}),
        ("TJ-SU-ASH-002", "TJ.SU.ASH.U01.002.", "community", {"tg": "Ошоба"}),
    )
    for place_id, path, level, names in rows:
        Place.objects.create(id=place_id, path=path, level=level, kind="", names=names)


@pytest.mark.parametrize(
    ("told", "home"),
    [
        (Address(community="деҳаи Чорқишлоқ"), "TJ-SU-ISF-001"),
        (Address(community="CHORQISHLOQ"), "TJ-SU-ISF-001"),
        (
            Address(community="Чоркишлок", unit="ҷамоати Чоркӯҳ"),
            "TJ-SU-ISF-001",
        ),  # its unit is not known: no contradiction
        (Address(community="Сурх", district="ноҳияи Ашт"), "TJ-SU-ASH-001"),
        (Address(address="г. Исфара, дж. Сурх, кишлак Сурх"), "TJ-SU-ISF-014"),
        (Address(community="TJ-SU-ASH-002"), "TJ-SU-ASH-002"),
        (Address(unit="Чорку"), "TJ-SU-ISF-U05"),
        (Address(unit="Чорку", community="Хӯҷаи Аъло"), "TJ-SU-ISF-U05"),
    ],
)
def test_a_village_is_found(villages, told: Address, home: str) -> None:
    assert read_homes("TJ.SU.").find(told).place_id == home


@pytest.mark.parametrize(
    ("scope", "told", "problem", "like"),
    [
        ("TJ.SU.", Address(community="Сурх"), "home_ambiguous", {"TJ-SU-ISF-014", "TJ-SU-ASH-001"}),
        ("TJ.SU.ISF.", Address(community="Ошоба"), "home_outside", set()),
        ("TJ.SU.ISF.", Address(community="Сурх", unit="Чоркӯҳ"), "home_contradicts", {"TJ-SU-ISF-014"}),
        ("TJ.SU.", Address(community="Чоркишлак"), "home_unsure", {"TJ-SU-ISF-001"}),
        ("TJ.SU.", Address(community="Шаҳри афсонавӣ"), "home_unknown", set()),
        ("TJ.SU.", Address(district="Исфара"), "home_missing", set()),
        ("TJ.SU.", Address(), "home_missing", set()),
    ],
)
def test_a_village_is_never_guessed(
    villages, scope: str, told: Address, problem: str, like: set[str]
) -> None:
    found = read_homes(scope).find(told)

    assert (found.place_id, found.problem, set(found.like)) == ("", problem, like)


def test_where_nobody_is_bound_to_a_place_none_need_be_said(villages) -> None:
    assert read_homes("").find(Address()) == Home()
    assert read_homes("TJ.SU.", default="TJ-SU-ISF-001").find(Address()).place_id == "TJ-SU-ISF-001"
    assert read_homes("TJ.SU.ASH.", default="TJ-SU-ISF-001").find(Address()).problem == "home_missing"
