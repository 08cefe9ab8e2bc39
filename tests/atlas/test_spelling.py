"""Names spelled by rule: how the rules work, and how often they agree with what sources spell."""

from pathlib import Path

import pytest

from safar.atlas import Places
from safar.atlas.folding import fold, without_kind
from safar.atlas.spelling import Spelling, read_spelling
from safar.base import DataError, content_path


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return read_spelling(content_path() / "places" / "spelling.csv")


@pytest.mark.parametrize(
    ("latin", "tajik"),
    [
        ("Isfara", "Исфара"),
        ("Khujand", "Хуҷанд"),
        ("Yovon", "Ёвон"),
        ("Shahriston", "Шаҳристон"),
        ("Ghonchi", "Ғончӣ"),
        ("Dahani Chinor", "Даҳани Чинор"),
        ("Qal'acha", "Қалъача"),
        ("Al'mabulak", "Алмабулак"),
        ("Esanboy", "Эсанбой"),
        ("Sho`rtang", "Шӯртанг"),
        ("KHUJAND", "ХУҶАНД"),
        ("Dashti-Jum 2", "Дашти-Ҷум 2"),
    ],
)
def test_tajik_from_latin_letters(spelling: Spelling, latin: str, tajik: str) -> None:
    assert spelling.spell(latin, "tg") == tajik


def test_russian_from_tajik(spelling: Spelling) -> None:
    assert spelling.spell("Қумсангири Ҳамадонӣ, Ҷӯйбор, Ғулакандоз", "ru") == (
        "Кумсангири Хамадони, Джуйбор, Гулакандоз"
    )


def test_kyrgyz_from_russian(spelling: Spelling) -> None:
    assert spelling.spell("Джаны-Джол", "ky") == "Жаңы-Жол"
    assert spelling.spell("Чон-Кара", "ky") == "Чоң-Кара"
    assert spelling.spell("Кочон", "ky") == "Кочон"


def test_a_letter_without_a_rule_gives_no_name_rather_than_half_a_one(spelling: Spelling) -> None:
    assert spelling.spell("Ağdam", "tg") == ""
    assert spelling.spell("Isfara", "ru") == ""


def test_the_tajik_rules_agree_with_the_sources_more_often_than_not(
    places: Places, spelling: Spelling
) -> None:
    """Of districts and units of which a source has both spellings; content/places/README.md tells the share."""
    pairs = [
        (place.names["en"], place.names["tg"])
        for place in places
        if place.path.startswith("TJ") and place.level in ("district", "unit")
        and {"en", "tg"} <= place.names.keys() and place.name_how["tg"] == "given"
    ]  # fmt: skip

    same = sum(spelling.spell(latin, "tg") == tajik for latin, tajik in pairs)

    assert len(pairs) > 250
    assert 0.75 <= same / len(pairs) <= 0.80


def test_russian_names_of_kyrgyz_districts_are_not_dressed_up_as_kyrgyz(places: Places) -> None:
    by_rule = [
        place for place in places if place.path.startswith("KG") and place.name_how.get("ky") == "rule"
    ]

    assert by_rule
    assert {place.level for place in by_rule} <= {"community", "settlement"}


def test_a_rule_with_an_unknown_where_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "spelling.csv"
    path.write_text("rule,from,to,where,note\ntg,a,а,somewhere,\n", "utf-8")

    with pytest.raises(DataError, match=r"row 2: where is 'somewhere'"):
        read_spelling(path)


# Keys under which spellings meet


@pytest.mark.parametrize(
    "spellings",
    [
        ("Мӯъминобод", "Mu'minobod", "Muminobod"),
        ("Айни", "Aini", "Ayni"),
        ("Хуҷанд", "Khujand", "Худжанд", "Xujand"),
        ("Kara-Suu", "Kara-suu", "Кара-Суу"),
        ("Жалал-Абад", "Джалал-Абад", "Jalal-Abad", "Zhalal-Abad"),
    ],
)
def test_spellings_of_one_name_fold_to_one_key(spellings: tuple[str, ...]) -> None:
    assert len({fold(text) for text in spellings}) == 1


@pytest.mark.parametrize(
    "text", ["г. Исфара", "Isfara City", "Исфара шаары", "шаҳри Исфара", "Isfara district", "ISFARA"]
)
def test_words_of_kind_can_be_left_out(text: str) -> None:
    assert without_kind(text) == "isfara"


def test_a_name_that_is_only_a_word_of_kind_stays(places: Places) -> None:
    assert without_kind("City") == "citi"
