"""What became of places: renamed, merged, ended. Each row of changes.csv has a source."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from safar.atlas import Places, read_places
from safar.atlas.changes import COLUMNS, read_changes
from safar.base import DataError, content_path

PLACES = content_path() / "places"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    shutil.copytree(PLACES, tmp_path / "places")
    return tmp_path


def add(content: Path, *rows: str) -> None:
    with (content / "places" / "changes.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{row}\n" for row in rows)


def test_a_renamed_district_keeps_its_former_names_with_their_dates(places: Places) -> None:
    balkhi = places.get("TJ-KH-JBA")

    names = {(name.text, name.since, name.until) for name in balkhi.former_names if name.language == "en"}

    assert balkhi.names["en"] == "Jaloliddin Balkhi"
    assert names == {("Rumi", "2007-06-23", "2016"), ("Kolkhozobod", "", "2007-06-23")}


def test_a_new_name_takes_over_in_all_languages_at_once(places: Places) -> None:
    """The village Markaz became Airybaz; its old Russian name must not pass for the present one."""
    village = places.get("SOATE:41705258834010")

    assert village.names["ky"] == "Айрыбаз"
    assert "Марказ" not in village.names.values()
    assert {name.text for name in village.former_names} == {"Марказ", "Markaz"}
    assert {name.until for name in village.former_names} == {"2022"}


def test_a_unit_listed_twice_leads_to_the_row_that_counts(places: Places) -> None:
    newer = places.get("TJ-KH-FAR-U11")  # Dehqonobod, the new name of Dehqonariq

    assert places.successor(newer).id == "TJ-KH-FAR-U03"
    assert places.successor(newer).names["en"] == "Dehqonobod"


def test_an_aimak_that_joined_a_city_has_ended_but_its_villages_are_still_found(places: Places) -> None:
    aimak = places.get("KG-OS-KAS-U06")

    assert aimak.valid_on(date(2023, 12, 31)) is True
    assert aimak.valid_on(date(2024, 6, 1)) is None  # some day in 2024
    assert aimak.valid_on(date(2025, 1, 1)) is False
    assert places.children(aimak)


def test_a_merger_is_a_row_to_be_added(content: Path) -> None:
    add(content, "KG-OS-ALA-U13,ended,,2024-06,,,KG-OS-ALA-U11,https://example.org/law,")

    merged = read_places(content)

    aimak = merged.get("KG-OS-ALA-U13")
    assert (aimak.valid_until, aimak.merged_into) == ("2024-06", "KG-OS-ALA-U11")
    assert merged.successor(aimak).id == "KG-OS-ALA-U11"


def test_every_change_in_the_content_has_a_source() -> None:
    changes = [change for each in read_changes(PLACES / "changes.csv").values() for change in each]

    assert changes
    assert all(change.source.startswith("http") for change in changes)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("TJ-SU-ISF,renamed,2024,,Isfara,en,,,", "no source"),
        ("TJ-SU-ISF,moved,2024,,Isfara,en,,http://x,", "change is 'moved'"),
        ("TJ-SU-ISF,renamed,2024,,,en,,http://x,", "renamed needs name"),
        ("TJ-SU-ISF,ended,,,,,,http://x,", "ended needs until"),
        ("TJ-SU-ISF,same_as,,,,,,http://x,", "same_as needs into"),
        ("TJ-SU-ISF,renamed,1 June 2024,,Isfara,en,,http://x,", "not a date"),
        ("TJ-SU-ISF,renamed,2024-13,,Isfara,en,,http://x,", "not a date"),
        ("TJ-SU-ISF,former_name,2016,2007,Isfara,en,,http://x,", "before it begins"),
        ("TJ-SU-ISF,renamed,2024,,Isfara,de,,http://x,", "language is 'de'"),
        ("TJ-SU-XXX,ended,,2024,,,,http://x,", "there is no place 'TJ-SU-XXX'"),
        ("TJ-SU-ISF,ended,,2024,,,TJ-SU-XXX,http://x,", "there is no place 'TJ-SU-XXX'"),
        ("TJ-SU-ISF,same_as,,,,,TJ-SU-ISF,http://x,", "in a ring"),
    ],
)
def test_a_wrong_row_is_refused_with_its_mend(content: Path, row: str, told: str) -> None:
    add(content, row)

    with pytest.raises(DataError, match=told):
        read_places(content)


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "changes.csv"
    path.write_text("place_id,change\nTJ,began\n", "utf-8")

    with pytest.raises(DataError, match="source"):
        read_changes(path)
    assert "source" in COLUMNS


def test_a_village_in_a_unit_that_is_not_listed_is_refused(content: Path) -> None:
    path = content / "places" / "settlements.csv"
    path.write_text(
        path.read_text("utf-8").replace("Tert-Gyulskiy aiyl aimak", "Nowhere aiyl aimak", 1), "utf-8"
    )

    with pytest.raises(DataError, match="has no unit 'Nowhere aiyl aimak'"):
        read_places(content)


def test_a_district_listed_twice_is_refused(content: Path) -> None:
    path = content / "places" / "districts.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", "utf-8")

    with pytest.raises(DataError, match="stands for two places"):
        read_places(content)
