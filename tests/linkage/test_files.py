"""``safar link`` and ``safar match`` on files as they come: one clear line on what is wrong, nothing half-written."""

import json

import polars as pl
import pytest

from safar.linkage.registers import make_register
from tests.unit.test_bad_input import refused, safar

HEADER = "record_id,source,reg_year,surname,given_name,patronymic,sex,dob,phone,district\n"
ROW = "1,ngo,2020,Рахимов,Джамшед,,M,1988-03-14,,\n"


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ("empty",)),
        (HEADER, ("holds no records", "at least one row")),
        (HEADER.replace(",phone", "").replace(",dob", "") + "1,ngo,2020,Рахимов,Джамшед,,M,\n",
         ("lacks the column dob, phone",)),
        (HEADER + ROW + ROW, ("row 3", "record_id 1", "row 2")),
        (HEADER + ROW + ",ngo,2020,Рахимов,Джамшед,,M,1988-03-14,,\n", ("row 3", "no record_id")),
        (HEADER + ROW + "2,ngo,2020,Рахимов,Джамшед,,M,14.03.1988,,\n", ("row 3", "'14.03.1988'", "YYYY-MM-DD")),
        (HEADER + ROW + "2,ngo,2020,Рахимов,Джамшед,,M,1988-02-30,,\n", ("row 3", "'1988-02-30'")),
        (HEADER + ROW + "2,ngo,2020,Рахимов,Джамшед,,X,1988-02-03,,\n", ("row 3", "sex 'X'", "M or F")),
        (HEADER + ROW + ROW.strip() + ",one,too,many\n", ("row 3", "13 fields")),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_by_row_and_with_the_mend(tmp_path, text, told):
    file, out = write(tmp_path / "records.csv", text), tmp_path / "clusters.csv"

    refused(safar("link", file, "--out", out), str(file), *told)

    assert list(tmp_path.iterdir()) == [file]


def test_another_encoding_is_named(tmp_path):
    file = write(tmp_path / "records.csv", HEADER + ROW, "cp1251")

    refused(safar("link", file, "--out", tmp_path / "c.csv"), str(file), "UTF-8")


def test_a_file_that_is_not_there():
    refused(safar("link", "nowhere.csv", "--out", "c.csv"), "nowhere.csv", "no such file")
    refused(safar("match", "nowhere.csv", "no.csv", "--out", "c.csv"), "nowhere.csv", "no such file")


def test_an_ending_that_cannot_be_written_is_refused_before_the_work(tmp_path):
    file = write(tmp_path / "records.csv", HEADER + ROW)

    refused(safar("link", file, "--out", tmp_path / "c.txt"), "c.txt", ".csv or .parquet")


def test_a_model_of_another_make_is_refused(tmp_path):
    file, model = write(tmp_path / "records.csv", HEADER + ROW), write(tmp_path / "m.json", '{"version": 99}')

    refused(safar("link", file, "--out", tmp_path / "c.csv", "--model", model), "m.json", "train a new one")


def test_an_unknown_engine_is_wrong_use(tmp_path):
    file = write(tmp_path / "records.csv", HEADER + ROW)

    assert safar("link", file, "--out", tmp_path / "c.csv", "--engine", "abacus").returncode == 2


def test_linking_files(tmp_path):
    made = make_register(records=600, seed=3)
    made.records.write_csv(tmp_path / "records.csv")
    out = tmp_path / "clusters.parquet"

    run = safar("link", tmp_path / "records.csv", "--out", out, "--doubtful", tmp_path / "doubtful.csv",
                "--save-model", tmp_path / "model.json", "--format", "json")  # fmt: skip

    assert run.returncode == 0, run.stderr
    told, clusters = json.loads(run.stdout), pl.read_parquet(out)
    assert clusters.columns == ["record_id", "cluster_id"]
    assert clusters["record_id"].equals(made.records["record_id"])
    assert told["records"] == 600 and told["people"] == clusters["cluster_id"].n_unique()
    again = safar(
        "link", tmp_path / "records.csv", "--out", tmp_path / "b.csv", "--model", tmp_path / "model.json"
    )
    assert again.returncode == 0
    assert pl.read_csv(tmp_path / "b.csv").equals(clusters)


def test_matching_files(tmp_path):
    people = write(tmp_path / "people.csv", HEADER + ROW)
    listed = write(tmp_path / "list.csv", "surname,given_name,patronymic,dob\nRAHIMOV,JAMSHED,,1988-03-14\n")
    out = tmp_path / "answer.csv"

    run = safar("match", people, listed, "--out", out)

    assert run.returncode == 0, run.stderr
    row = pl.read_csv(out).row(0, named=True)
    assert (row["person_id"], row["list_row"], row["state"]) == (1, 2, "certain")


def test_a_list_with_a_bad_date_is_refused(tmp_path):
    people = write(tmp_path / "people.csv", HEADER + ROW)
    listed = write(tmp_path / "list.csv", "surname,given_name,patronymic,dob\nRAHIMOV,JAMSHED,,never\n")

    refused(safar("match", people, listed, "--out", tmp_path / "a.csv"), "list.csv, row 2", "'never'")
