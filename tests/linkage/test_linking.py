"""Records of one person are found together, brothers and twins are not; the same files give the same answer."""

import polars as pl
import pytest

from safar.linkage.check import check_records
from safar.linkage.cluster import average_link, candidate_groups, components
from safar.linkage.known import explain_pair, known_records, link_new, read_known
from safar.linkage.link import link_records
from safar.linkage.model import Model, read_model, start_model
from safar.linkage.prepare import RECORD_COLUMNS
from safar.linkage.registers import make_register
from tests.linkage.scores import scores

RECORDS = 8_000


@pytest.fixture(scope="module")
def register():
    return make_register(records=RECORDS, seed=21)


@pytest.fixture(scope="module")
def linked(register):
    return link_records(register.records, threads=2)


def a_record(
    record_id, surname="", given="", patronymic="", sex="M", dob="", phone="", district="", source="jamoat"
):
    told = (record_id, source, "2020", surname, given, patronymic, sex, dob, phone, district)
    return {name: value or None for name, value in zip(RECORD_COLUMNS, told, strict=True)}


def people_of(*rows):
    table = pl.DataFrame(rows, schema=dict.fromkeys(RECORD_COLUMNS, pl.String))
    clusters = link_records(table, threads=1).clusters
    return dict(clusters.iter_rows())


RAHIMOV = [
    a_record(
        "tj", "Раҳимов", "Ҷамшед", "Каримович", dob="1988-03-14", district="SU-01", phone="+992927771234"
    ),
    a_record(
        "ru", "Рахимов", "Джамшед", "Каримович", dob="1988-03-14", phone="992927771234", source="consulate"
    ),
    a_record("pp", "RAHIMZODA", "JAMSHED", dob="1988-03-14", district="SU-01", source="passport"),
    a_record(
        "ngo", "Чамшед", "Рахимов", "", dob="1988-01-01", district="SU-01", phone="92 777-12-34", source="ngo"
    ),
]


def test_one_person_in_four_scripts_is_one_person():
    assert set(people_of(*RAHIMOV).values()) == {"tj"}


def test_a_brother_with_the_same_telephone_stays_another_person():
    brother = a_record(
        "b", "Раҳимов", "Фирӯз", "Каримович", dob="1990-07-02", district="SU-01", phone="927771234"
    )

    people = people_of(*RAHIMOV, brother)

    assert people["b"] == "b" and people["ru"] == "tj"


def test_twins_stay_two_people():
    one = [
        a_record(
            f"h{n}", "Раҳимов", "Ҳасан", "Каримович", dob="1990-07-02", district="SU-01", phone="927771234"
        )
        for n in (1, 2)
    ]
    other = [
        a_record(
            f"u{n}", "Раҳимов", "Ҳусейн", "Каримович", dob="1990-07-02", district="SU-01", phone="927771234"
        )
        for n in (1, 2)
    ]

    people = people_of(*one, *other)

    assert people["h1"] == people["h2"] != people["u1"] == people["u2"]


def test_a_woman_who_married_is_found_by_the_rest():
    before = a_record(
        "b", "Саидова", "Мавзуна", "Рустамовна", "F", dob="1992-11-23", district="KT-03", phone="911223344"
    )
    after = a_record(
        "a", "Назарова", "Мавзуна", "Рустамовна", "F", dob="1992-11-23", district="KT-03", phone="911223344"
    )

    assert set(people_of(before, after).values()) == {"b"}


def test_a_made_up_register_is_linked_well_and_the_same_each_time(register, linked):
    told = scores(linked.clusters, register.truth)

    assert told.precision > 0.97 and told.f1 > 0.95, told
    assert link_records(register.records, threads=1).clusters.equals(linked.clusters)


def test_learning_is_better_than_the_start_or_as_good(register, linked):
    start = link_records(register.records, model=start_model(RECORDS))

    assert scores(linked.clusters, register.truth).f1 > scores(start.clusters, register.truth).f1 - 0.005


def test_the_order_of_records_does_not_matter(register, linked):
    turned = register.records.reverse()

    again = link_records(turned, model=linked.model).clusters

    assert scores(again, linked.clusters.rename({"cluster_id": "person"})).f1 > 0.999


def test_a_model_survives_being_saved(linked, tmp_path):
    path = tmp_path / "model.json"
    path.write_text(linked.model.to_json())

    assert read_model(path) == linked.model


def test_doubtful_pairs_are_offered_for_review(linked):
    assert {"record_id", "other_id", "weight", "merged"} == set(linked.doubtful.columns)
    assert linked.doubtful.height > 0


def test_new_records_are_compared_with_known_ones(register, linked, tmp_path):
    known_records(register.records.head(RECORDS - 200)).write(tmp_path / "known")
    new, truth = register.records.tail(200), register.truth

    found = link_new(new, against=read_known(tmp_path / "known"), model=linked.model, at_least=1.0)

    named = found.join(truth, on="record_id").join(
        truth, left_on="known_id", right_on="record_id", suffix="_known"
    )
    assert (named["person"] == named["person_known"]).mean() > 0.9
    assert found["probability"].is_between(0.5, 1).all()


def test_an_explanation_adds_up_and_names_what_a_brother_would_share(register, linked):
    pair = linked.doubtful.row(0, named=True)
    one, other = (
        register.records.filter(pl.col("record_id") == pair[name]) for name in ("record_id", "other_id")
    )

    told = explain_pair(
        one, other, model=linked.model, frequencies=known_records(register.records).frequencies
    )

    assert told.weight == pytest.approx(sum(step.bits for step in told.steps))
    assert told.weight == pytest.approx(pair["weight"])
    assert [step.field for step in told.steps] == [
        "prior", "given", "surname", "father", "birth", "phone", "district", "sex", "household",
    ]  # fmt: skip
    assert told.steps[-1].bits <= 0


def test_a_model_for_a_larger_register_asks_for_more(linked):
    larger = linked.model.scaled(RECORDS * 4)

    assert isinstance(larger, Model)
    assert larger.stories["stranger"].prior_bits == pytest.approx(
        linked.model.stories["stranger"].prior_bits - 2
    )


def test_one_wrong_pair_does_not_join_two_people():
    import numpy as np

    a, b = np.array([0, 0, 1, 3, 3, 4, 2]), np.array([1, 2, 2, 4, 5, 5, 3])
    weight = np.array([9.0, 9, 9, 9, 9, 9, 4])

    assert len(set(components(6, a, b))) == 1
    groups = candidate_groups(6, a, b, weight, threshold=1)
    pairs = [(i, j) for i in range(6) for j in range(i + 1, 6)]
    known = dict(zip(zip(a, b, strict=True), weight, strict=True))
    all_a, all_b = (np.array(side) for side in zip(*pairs, strict=True))
    all_weights = np.array([known.get(pair, -9.0) for pair in pairs])
    assert average_link(groups, all_a, all_b, all_weights, threshold=1).tolist() == [0, 0, 0, 3, 3, 3]


def test_a_crowd_held_together_by_weak_pairs_is_cut():
    import numpy as np

    a, b = np.arange(200), np.arange(1, 201)
    weight = np.where(np.arange(200) % 10 == 9, 2.5, 8.0)

    groups = candidate_groups(201, a, b, weight, threshold=1)

    assert np.bincount(groups).max() == 10


@pytest.mark.parametrize("rows", [1, 2])
def test_a_tiny_list_is_no_trouble(rows):
    table = check_records(pl.DataFrame(RAHIMOV[:rows]), "list")

    assert link_records(table).clusters.height == rows


@pytest.mark.parametrize("lacking", ["patronymic", "phone", "district", "dob", "sex", "given_name"])
def test_a_register_that_lacks_a_column_teaches_what_it_can(register, lacking):
    poorer = register.records.with_columns(pl.lit(None, dtype=pl.String).alias(lacking))

    told = scores(link_records(poorer).clusters, register.truth)

    assert told.precision > 0.9, told


def test_a_register_of_nothing_but_one_name_merges_nobody_blindly():
    row = a_record("x", "Раҳимов", "Ҷамшед")
    table = pl.DataFrame(
        [row | {"record_id": f"r{n}"} for n in range(300)], schema=dict.fromkeys(RECORD_COLUMNS, pl.String)
    )

    assert link_records(table).clusters["cluster_id"].n_unique() == 300
