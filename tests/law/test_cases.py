"""Every worked case beside the rules holds, and the content has no problem that `safar law check` would name."""

from itertools import groupby
from pathlib import Path

import pytest

from safar.base import content_path
from safar.law import assessor, check, read_law, read_words
from safar.law.check import WorkedCase, failed_cases, read_cases

CASES = sorted(read_cases(content_path()), key=lambda case: case.file)
BY_FILE = {file: list(cases) for file, cases in groupby(CASES, key=lambda case: case.file)}


@pytest.mark.parametrize("file", BY_FILE)
def test_worked_cases_hold(file: str) -> None:
    answers = assessor(read_law(), read_words("en"))

    assert list(failed_cases(answers, BY_FILE[file])) == []


def test_content_has_no_problems() -> None:
    assert check().problems == ()


def test_a_wrong_expectation_is_told() -> None:
    answers = assessor(read_law(), read_words("en"))
    facts = {"citizenship": "TJ", "destination": "RU", "entry_purpose": "work", "entered_on": "2024-10-01"}
    wrong = WorkedCase(
        "x.yaml", "wrong on purpose", "2024-10-20", facts, {"RU-PATENT-30D": {"due_on": "2024-10-31"}}, None
    )

    (problem,) = failed_cases(answers, [wrong])

    assert (
        problem == "x.yaml: 'wrong on purpose': RU-PATENT-30D due_on is '2024-10-30', expected '2024-10-31'"
    )


def test_every_fact_file_became_content() -> None:
    facts = Path(__file__).resolve().parents[3] / "shared" / "facts" / "law"
    if not facts.is_dir():
        pytest.skip("the source facts are not beside this checkout")
    from safar.law.store import load_yaml

    law = read_law()
    for name, count in (("russia", 105), ("kazakhstan", 83), ("risks", 44)):
        ids = {item["id"] for item in load_yaml(facts / f"{name}.yaml")}
        assert len(ids) == count
        assert ids <= set(law.provisions)
