"""A sentence in the reader's language, with days, numbers, money and names as the reader writes them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from safar.words import (
    LANGUAGES,
    WordsError,
    chosen,
    read_words,
    say,
    script_of,
    write_day,
    write_distance,
    write_list,
    write_money,
)
from safar.words.check import problems
from safar.words.writing import write_moment, write_number, write_percent

SPACE = "\N{NO-BREAK SPACE}"


def words_of(folder: Path, **files: str) -> Path:
    """A content folder with a desk.yaml in each language, as given or with a greeting."""
    for language in LANGUAGES:
        home = folder / "words" / language
        (home / "desk").mkdir(parents=True)
        (home / "desk.yaml").write_text(files.get(language, "hello: hello\n"), "utf-8")
    return folder


# The catalogues


def test_every_sentence_is_in_every_language() -> None:
    assert list(problems()) == []


@pytest.mark.parametrize("language", ["tg", "ky", "uz"])
def test_a_language_no_native_has_read_says_so(language: str) -> None:
    assert read_words(language).draft


def test_a_room_has_its_own_keys_and_shares_its_refusals(tmp_path: Path) -> None:
    content = words_of(tmp_path, en="hello: hello\n")
    (content / "words/en/desk/people.yaml").write_text("title: People\nrefused: {twice: Twice.}\n", "utf-8")

    sentences = read_words("en", content).sentences

    assert sentences == {"hello": "hello", "people.title": "People", "refused.twice": "Twice."}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: b: c\n", "not YAML"),
        ("a: [x, y]\n", "a must be a sentence"),
        ("a: 5\n", "a must be a sentence"),
        ("- a\n", "must hold keys"),
    ],
)
def test_a_broken_catalogue_names_its_file(tmp_path: Path, text: str, told: str) -> None:
    content = words_of(tmp_path, en=text)
    with pytest.raises(WordsError, match=rf"en/desk\.yaml.*{told}"):
        read_words("en", content)


def test_the_check_finds_what_a_language_lacks(tmp_path: Path) -> None:
    content = words_of(
        tmp_path,
        **dict.fromkeys(
            ("tg", "ky", "uz", "en"), 'days: {one: "{count} d", other: "{count} d"}\nname: "{name}"\n'
        ),
        ru='days: {one: "{count} день", other: "{count} дня"}\nname: имя\nmore: ещё\n',
    )
    assert list(problems(content)) == [
        "days in ru lacks the form few, many",
        "more has no words in tg, ky, uz, en",
        "name has other placeholders in one language than in another: en name; ky name; ru none; tg name; uz name",
    ]


# Sentences


@pytest.mark.parametrize(
    ("language", "count", "told"),
    [
        ("en", 1, "1 person"), ("en", 2, "2 people"),
        ("ru", 1, "1 человек"), ("ru", 3, "3 человека"), ("ru", 11, "11 человек"), ("ru", 21, "21 человек"),
        ("tg", 1, "1 нафар"), ("tg", 5, "5 нафар"), ("ky", 2, "2 киши"), ("uz", 2, "2 kishi"),
        ("ru", 1234, f"1{SPACE}234 человека"),
    ],
)  # fmt: skip
def test_the_plural_fits_the_number(language: str, count: int, told: str) -> None:
    assert say(language, "written.people", count=count) == told


def test_a_plural_without_a_number_is_refused() -> None:
    with pytest.raises(WordsError, match="is a plural"):
        say("ru", "written.people")


def test_a_missing_value_is_told_by_name() -> None:
    with pytest.raises(WordsError, match=r"written\.percent.*'number'"):
        say("ru", "written.percent")


def test_a_value_is_text_and_never_a_pattern() -> None:
    assert say("en", "written.percent", number="{0.__class__}") == "{0.__class__}%"


def test_a_key_that_nobody_has_is_an_error_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAFAR_STRICT_WORDS", raising=False)
    with pytest.raises(WordsError, match="nowhere has no words in any language"):
        say("tg", "nowhere")


def test_a_missing_sentence_fails_a_test_and_shows_the_next_language_in_an_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    content = words_of(tmp_path, ru="hello: привет\nonly: только здесь\n")

    monkeypatch.setenv("SAFAR_STRICT_WORDS", "1")
    with pytest.raises(WordsError, match="only has no words in 'tg'"):
        say("tg", "only", content_path=content)

    monkeypatch.delenv("SAFAR_STRICT_WORDS")
    assert [say("tg", "only", content_path=content) for _ in range(2)] == ["только здесь"] * 2
    assert caplog.messages == ["only has no words in tg; shown in ru"]


# Days, numbers, money, lists


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("en", "5 November 2026", "5 Nov 2026"),
        ("ru", "5 ноября 2026 года", "05.11.2026"),
        ("tg", "5 ноябри соли 2026", "05.11.2026"),
        ("ky", "2026-жылдын 5-ноябры", "05.11.2026"),
    ],
)
def test_a_day_is_written_as_the_reader_writes_it(language: str, long: str, short: str) -> None:
    day = date(2026, 11, 5)
    assert (write_day(language, day), write_day(language, day, "short")) == (long, short)


def test_a_moment_has_a_day_and_a_time() -> None:
    assert write_moment("en", datetime(2026, 11, 5, 9, 5, tzinfo=UTC), "short") == "5 Nov 2026, 09:05"


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, "сегодня"),
        (1, "завтра"),
        (-1, "вчера"),
        (3, "через 3 дня"),
        (5, "через 5 дней"),
        (-12, "12 дней назад"),
    ],
)
def test_the_distance_of_a_day(days: int, told: str) -> None:
    assert write_distance("ru", days) == told


def test_numbers_are_grouped_and_never_end_in_needless_zeros() -> None:
    assert [write_number("en", n) for n in (0, 5.0, 1234.5, 0.125)] == ["0", "5", "1,234.5", "0.12"]
    assert write_percent("en", 0.124) == "12%"


def test_money_is_an_amount_or_a_range() -> None:
    assert write_money("en", 5000, currency="RUB") == "5,000 ₽"
    assert write_money("en", 5000, 5000, currency="KZT") == "5,000 ₸"
    assert write_money("en", 5000, 7000, currency="USD") == "$5,000–7,000"
    assert write_money("en", 5, currency="CHF") == "5 CHF"


def test_a_list_ends_with_and() -> None:
    assert [write_list("en", list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert write_list("ru", ["а", "б"], "or") == "а или б"


# Names


@pytest.mark.parametrize(
    ("language", "script"), [("tg", "Cyrl"), ("ky", "Cyrl"), ("ru", "Cyrl"), ("uz", "Latn"), ("en", "Latn")]
)
def test_a_reader_has_a_script(language: str, script: str) -> None:
    assert script_of(language) == script


def test_a_name_is_chosen_in_the_readers_script_and_never_made_up() -> None:
    jamshed = {"Cyrl": "Ҷамшед Раҳимов", "Latn": "JAMSHED RAHIMOV"}
    assert (chosen("tg", jamshed), chosen("en", jamshed)) == ("Ҷамшед Раҳимов", "JAMSHED RAHIMOV")
    assert chosen("en", {"Cyrl": "Ҷамшед Раҳимов"}) == "Ҷамшед Раҳимов"


def test_the_name_of_a_place_is_the_languages_own_or_one_that_can_be_read() -> None:
    isfara = {"tg": "Исфара", "en": "Isfara", "ru": "Исфара (рус.)"}
    assert [chosen(language, isfara) for language in LANGUAGES] == [
        "Исфара", "Исфара (рус.)", "Isfara", "Исфара (рус.)", "Isfara",
    ]  # fmt: skip
    assert chosen("en", {}) == ""
