"""The made-up population: the same for a seed, of the contract's shape, in order, and calibrated."""

from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from safar.base import DataError, content_path
from safar.world import FACTS, Figures, World, choose_communities, make_world, write_world

ON = date(2026, 11, 20)
PLACES = content_path() / "places"
CALIBRATION: dict[str, Any] = YAML(typ="safe", pure=True).load(content_path() / "world" / "calibration.yaml")
TEXT = ("unit", "name_tg", "name_ky", "name_ru", "pcode_or_soate", "population_source")
NUMBER = ("population", "elevation_m")
SHARE = Figures(CALIBRATION).number


def places(name: str) -> pl.DataFrame:
    table = pl.read_csv(PLACES / name, infer_schema_length=None)
    wanted = dict.fromkeys(TEXT, pl.String) | dict.fromkeys(NUMBER, pl.Int64)
    return table.cast({c: t for c, t in wanted.items() if c in table.columns})


COMMUNITIES = places("communities.csv")


def made(people: int = 500, seed: int = 1, on: date = ON) -> World:
    return make_world(people=people, seed=seed, on=on, communities=COMMUNITIES, calibration=CALIBRATION)


@pytest.fixture(scope="module")
def world() -> World:
    return made(60_000, seed=7)


@pytest.fixture(scope="module")
def latest(world: World) -> pl.DataFrame:
    """Everybody whose stays are known, with the latest: entered, left, runs."""
    last = world.stays.group_by("person_id", maintain_order=True).agg(
        entered=pl.col("entered_on").last(), left=pl.col("left_on").last(), runs=pl.col("left_on_none").last()
    )
    return world.people.join(last, on="person_id", how="inner", validate="1:1")


def share(table: pl.DataFrame, condition: pl.Expr) -> float:
    return float(table.select(condition.mean()).item())


# --- places ---------------------------------------------------------------------------------------------


def test_the_communities_are_what_the_recipe_gives():
    chosen = choose_communities(settlements=places("settlements.csv"), districts=places("districts.csv"))
    assert chosen.equals(COMMUNITIES)


def test_there_are_380_and_120_communities_in_the_five_provinces():
    counts = dict(COMMUNITIES.group_by("country").len().iter_rows())
    assert counts == {"TJ": 380, "KG": 120}
    assert set(COMMUNITIES["province"]) == {"Sughd", "Khatlon", "Osh", "Batken", "Jalal-Abad"}
    assert COMMUNITIES["community_id"].is_unique().all()
    assert COMMUNITIES["source_id"].is_unique().all()


def test_every_community_lies_in_a_listed_district_and_in_its_country():
    districts = set(places("districts.csv")["district_id"])
    assert set(COMMUNITIES["community_id"].str.slice(0, 9)) <= districts
    assert COMMUNITIES.filter(
        ~pl.col("lat").is_between(36.5, 43) | ~pl.col("lon").is_between(67, 75)
    ).is_empty()


def test_a_local_name_is_written_in_cyrillic_or_left_out():
    for column in ("name_tg", "name_ky", "name_ru"):
        assert COMMUNITIES[column].drop_nulls().str.contains(r"^[^A-Za-z]+$").all()


def test_the_recipe_refuses_to_choose_more_than_there_is():
    with pytest.raises(ValueError, match="communities wanted"):
        choose_communities(
            settlements=places("settlements.csv"),
            districts=places("districts.csv"),
            per_country={"KG": 100_000},
        )


# --- the same for a seed --------------------------------------------------------------------------------


def test_same_seed_same_tables_and_another_seed_others():
    first, again, other = made(seed=3), made(seed=3), made(seed=4)
    for name, table in first.tables().items():
        assert table.equals(again.tables()[name])
    assert not first.people.equals(other.people)


def test_same_seed_same_bytes(tmp_path: Path):
    digests = []
    for run in ("a", "b"):
        told: list[str] = []
        write_world(made(2_000), tmp_path / run, told.append)
        assert len(told) == 5
        digests.append({f.name: sha256(f.read_bytes()).hexdigest() for f in (tmp_path / run).iterdir()})
    assert digests[0] == digests[1]
    assert len(digests[0]) == 10


# --- shape ----------------------------------------------------------------------------------------------


def test_people_have_the_facts_of_the_contract_in_its_order(world: World):
    facts = pytest.importorskip("safar.law.facts").SCALARS
    assert tuple(facts) == FACTS
    columns = [c for c in world.people.columns if not c.endswith("_none")]
    assert columns == ["person_id", *FACTS, "community_id", "household_id"]
    assert {"stays_none", "offences_none"} <= set(world.people.columns)


def test_every_coded_fact_holds_only_the_codes_of_the_contract(world: World):
    facts = pytest.importorskip("safar.law.facts").SCALARS
    for name, kind in facts.items():
        if kind.values:
            assert set(world.people[name].drop_nulls()) <= set(kind.values), name


def test_each_date_has_its_flag_beside_it_and_is_null_where_it_never_happened(world: World):
    people = world.people
    dates = [c for c in people.columns if people.schema[c] == pl.Date]
    assert len(dates) == 20
    for name in dates:
        assert people.columns[people.columns.index(name) + 1] == f"{name}_none"
        assert people.filter(pl.col(f"{name}_none") & pl.col(name).is_not_null()).is_empty()
        assert people[f"{name}_none"].null_count() == 0


def test_csv_says_none_where_parquet_has_a_flag(tmp_path: Path):
    small = made(3_000)
    write_world(small, tmp_path, lambda _: None)
    text = pl.read_csv(tmp_path / "people.csv", infer_schema=False)
    typed = pl.read_parquet(tmp_path / "people.parquet")
    assert typed.equals(small.people)
    assert not [c for c in text.columns if c.endswith("_none")]
    assert (
        (text["patent_issued_on"] == "none")
        .fill_null(False)
        .equals(typed["patent_issued_on_none"], check_names=False)
    )
    unknown = typed["patent_issued_on"].is_null() & ~typed["patent_issued_on_none"]
    assert text["patent_issued_on"].is_null().equals(unknown, check_names=False)
    assert "none" in set(pl.read_csv(tmp_path / "stays.csv", infer_schema=False)["left_on"].drop_nulls())


def test_tables_belong_together(world: World):
    people, households = world.people, world.households
    assert people["person_id"].is_unique().all()
    assert set(people["community_id"]) <= set(COMMUNITIES["community_id"])
    assert set(people["community_id"]) == set(COMMUNITIES["community_id"])
    assert set(world.stays["person_id"]) <= set(people["person_id"])  # nobody wrote down the stays of some
    assert set(world.offences["person_id"]) <= set(people["person_id"])
    counted = people.group_by("household_id", "community_id").len("counted")
    both = households.join(counted, on=["household_id", "community_id"], how="full", validate="1:1")
    assert both.filter(pl.col("counted").ne_missing(pl.col("migrants").cast(pl.UInt32))).is_empty()
    assert households.filter(pl.col("members") <= pl.col("migrants")).is_empty()


# --- order ----------------------------------------------------------------------------------------------

IN_ORDER = [
    ("birth_date", "entered_on"),
    ("entered_on", "registered_on"),
    ("entered_on", "patent_applied_on"),
    ("entered_on", "moved_on"),
    ("entered_on", "unpaid_since"),
    ("registered_on", "registered_until"),
    ("patent_applied_on", "patent_issued_on"),
    ("patent_issued_on", "patent_paid_until"),
    ("patent_issued_on", "patent_contract_filed_on"),
    ("permit_issued_on", "permit_until"),
    ("contract_signed_on", "contract_ends_on"),
    ("contract_signed_on", "contract_ended_early_on"),
    ("contract_ended_early_on", "contract_ends_on"),
]


@pytest.mark.parametrize(("first", "then"), IN_ORDER)
def test_dates_are_in_order(world: World, first: str, then: str):
    assert world.people.filter(pl.col(first) > pl.col(then)).is_empty()


def test_what_was_done_was_done_before_the_picture(world: World):
    done = [c for c in FACTS if c.endswith("_on") and c not in {"contract_ends_on", "on_controlled_register"}]
    assert world.people.filter(pl.any_horizontal(pl.col(c) > ON for c in done)).is_empty()


def test_stays_follow_each_other(world: World):
    stays = world.stays.with_columns(
        next=pl.col("entered_on").shift(-1).over("person_id"), n=pl.len().over("person_id")
    )
    assert stays.filter(pl.col("n") > 6).is_empty()
    assert stays.filter(pl.col("left_on") < pl.col("entered_on")).is_empty()
    assert stays.filter(pl.col("next") < pl.col("left_on")).is_empty()
    assert stays.filter(pl.col("next") <= pl.col("entered_on"), pl.col("left_on").is_null()).is_empty()
    assert stays.filter(pl.col("left_on_none") & pl.col("next").is_not_null()).is_empty()
    assert stays.filter((pl.col("entered_on") > ON) | (pl.col("left_on") >= ON)).is_empty()
    assert stays["entered_on"].min() > ON - timedelta(days=1096)  # type: ignore[operator]
    assert stays.filter(pl.col("next") == pl.col("left_on")).height > 100


def test_entered_on_is_the_start_of_the_stay_that_runs(latest: pl.DataFrame):
    known = latest.filter(pl.col("entered_on").is_not_null())
    assert known.filter(~pl.col("runs") | (pl.col("entered_on") != pl.col("entered"))).is_empty()
    assert latest.filter(pl.col("entered_on_none") & pl.col("left").is_null()).is_empty()


def test_a_latest_stay_lies_in_the_country_of_destination(world: World):
    last = world.stays.group_by("person_id", maintain_order=True).last()
    both = world.people.join(last, on="person_id")
    assert both.filter(pl.col("destination") != pl.col("country")).is_empty()


def test_offences_happen_during_a_stay_and_an_expulsion_bars(world: World, latest: pl.DataFrame):
    listed = world.offences.join(world.stays, on="person_id", how="semi")
    offences = listed.with_row_index("offence")
    known = world.stays.filter(pl.col("left_on").is_not_null() | pl.col("left_on_none"))
    inside = offences.join(known, on=["person_id", "country"]).filter(
        pl.col("decided_on") >= pl.col("entered_on"),
        pl.col("decided_on") <= pl.col("left_on").fill_null(ON),
    )
    assert inside["offence"].n_unique() / offences.height > 0.95  # the rest lie in stays without a known exit
    expelled = latest.join(offences.filter("expelled").select("person_id").unique(), on="person_id")
    assert expelled.height > 50
    assert expelled.filter(pl.col("runs") | pl.col("banned_until_none")).is_empty()


def test_no_child_works_and_no_citizen_of_kyrgyzstan_has_a_patent(world: World):
    people = world.people
    assert people.filter(
        (pl.col("birth_date") > date(2011, 11, 20)) & (pl.col("work_kind") != "none")
    ).is_empty()
    union = people.filter(pl.col("citizenship") == "KG")
    assert union["patent_applied_on"].null_count() == union.height
    assert union.filter(pl.col("patent_region") != "none").is_empty()


def test_a_patent_needs_the_purpose_work(world: World):
    other = world.people.filter(pl.col("entry_purpose").is_in(["private", "study", "transit", "business"]))
    assert other["patent_applied_on"].null_count() == other.height


def test_regions_lie_in_the_country_of_destination(world: World):
    for column in ("region", "work_region", "patent_region", "study_region"):
        wrong = ~pl.col(column).str.starts_with(pl.col("destination")) & (pl.col(column) != "none")
        assert world.people.filter(wrong).is_empty(), column


# --- calibration ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("home", "citizens"), [("TJ", "TJ"), ("KG", "KG")])
def test_shares_by_country_are_those_of_the_calibration(world: World, home: str, citizens: str):
    theirs = world.people.filter(pl.col("citizenship") == citizens)
    kazakhstan = share(theirs, pl.col("destination") == "KZ")
    assert kazakhstan == pytest.approx(SHARE("kazakhstan_share", home), abs=0.01)
    assert share(theirs, pl.col("sex") == "female") == pytest.approx(SHARE("women_share", home), abs=0.015)


def test_communities_send_people_in_the_share_of_their_countries(world: World):
    tajik = share(world.people, pl.col("community_id").str.starts_with("TJ"))
    assert tajik == pytest.approx(380 / 500, abs=0.02)


def test_sectors_of_tajiks_in_russia_are_those_of_2006(world: World):
    building = Figures(CALIBRATION).value("occupation", "construction")
    words = {word for sex in building.values() for word in sex} - {"none"}
    workers = world.people.filter(
        (pl.col("citizenship") == "TJ") & (pl.col("destination") == "RU") & (pl.col("occupation") != "none")
    )
    assert share(workers, pl.col("occupation").is_in(list(words))) == pytest.approx(0.46, abs=0.02)


def test_the_median_spell_is_seven_months(world: World):
    with_patent = world.people.filter(~pl.col("patent_issued_on_none")).select("person_id")
    old = world.stays.filter(pl.col("entered_on") < ON - timedelta(days=700)).join(
        with_patent, on="person_id"
    )
    days = (old["left_on"] - old["entered_on"]).dt.total_days() + 1
    assert days.median() == pytest.approx(SHARE("spell_median_days"), rel=0.1)


def test_departures_peak_from_february_to_may(world: World):
    by_month = (
        world.stays.filter(pl.col("entered_on") < ON - timedelta(days=30))
        .group_by(month=pl.col("entered_on").dt.month())
        .len()
    )
    top = by_month.sort("len", descending=True)["month"].head(4).to_list()
    assert set(top) == {2, 3, 4, 5}


def test_unlawful_stays_in_russia_are_about_as_many_as_the_ministry_says(latest: pl.DataFrame):
    asked = ("patent_paid_until", "permit_until", "contract_signed_on", "contract_ends_on")
    known = pl.all_horizontal(pl.col(c).is_not_null() | pl.col(f"{c}_none") for c in asked)
    there = latest.filter(known & pl.col("runs") & (pl.col("destination") == "RU"))
    paper = pl.max_horizontal("patent_paid_until", "permit_until") >= ON
    contract = (
        (pl.col("citizenship") == "KG")
        & pl.col("contract_signed_on").is_not_null()
        & (pl.col("contract_ends_on_none") | (pl.col("contract_ends_on") >= ON))
    )
    study = pl.col("study_mode").is_in(["full_time", "part_time"])
    carried = pl.any_horizontal(e.fill_null(False) for e in (paper, contract, study))
    long = pl.col("entered") <= ON - timedelta(days=90)
    assert share(there, long & ~carried) == pytest.approx(SHARE("unlawful_stay_share"), abs=0.03)


def test_barred_and_listed_are_about_as_many_as_published(world: World):
    tajik = world.people.filter(pl.col("citizenship") == "TJ")
    told = tajik.filter(pl.col("banned_until_none") | pl.col("banned_until").is_not_null())
    barred = share(told, ~pl.col("banned_until_none"))
    assert barred == pytest.approx(SHARE("barred_share", "TJ"), abs=0.008)
    listed = share(tajik.filter(pl.col("destination") == "RU"), pl.col("on_controlled_register"))
    assert listed == pytest.approx(SHARE("controlled_register_share", "TJ"), abs=0.02)


def test_every_fact_is_missing_as_often_as_the_calibration_says(world: World):
    for name, wanted in Figures(CALIBRATION).table("unknown_share").items():
        if name == "entered_on":  # also unknown where the latest exit is
            continue
        if name in ("stays", "offences"):
            listed = pl.col("person_id").is_in(getattr(world, name)["person_id"].implode())
            if name == "offences":  # an empty list may be noted or not; one with entries is known
                assert share(world.people.filter(~listed), ~pl.col("offences_none")) == pytest.approx(
                    wanted, abs=0.03
                )
            else:
                assert share(world.people, ~listed & ~pl.col("stays_none")) == pytest.approx(wanted, abs=0.02)
            continue
        missing = pl.col(name).is_null()
        if f"{name}_none" in world.people.columns:
            missing &= ~pl.col(f"{name}_none")
        assert share(world.people, missing) == pytest.approx(wanted, abs=0.02), name


# --- refusals and small worlds --------------------------------------------------------------------------


def test_a_figure_that_is_missing_or_says_no_source_is_named():
    without = {k: v for k, v in CALIBRATION.items() if k != "women_share"}
    with pytest.raises(DataError, match="women_share"):
        make_world(people=5, seed=1, on=ON, communities=COMMUNITIES, calibration=without)
    with pytest.raises(DataError, match="names no source"):
        Figures({"x": {"value": 1, "unit": "days", "status": "published"}})


def test_no_figure_lies_unread():
    import safar.world

    code = "".join(f.read_text("utf-8") for f in Path(safar.world.__path__[0]).glob("*.py"))
    for_readers = {"unlawful_stay_share", "patent_month_rub_moscow_2025"}
    assert {name for name in CALIBRATION if f'"{name}"' not in code} == for_readers


def test_nobody_and_nowhere_are_refused():
    with pytest.raises(DataError, match="at least 1"):
        made(people=0)
    nowhere = COMMUNITIES.with_columns(country=pl.lit("UZ"))
    with pytest.raises(DataError, match="TJ or KG"):
        make_world(people=5, seed=1, on=ON, communities=nowhere, calibration=CALIBRATION)


@settings(max_examples=30, deadline=None)
@given(
    people=st.integers(1, 60),
    seed=st.integers(0, 2**63),
    on=st.dates(date(2009, 1, 1), date(2030, 12, 31)),
)
def test_any_size_seed_and_day_gives_a_whole_world(people: int, seed: int, on: date):
    small = made(people, seed, on)
    assert small.people.height == people
    assert small.households["migrants"].sum() == people
    assert set(small.stays["person_id"]) <= set(small.people["person_id"])
    assert small.stays.filter(pl.col("entered_on") > on).is_empty()
    assert set(small.people["community_id"]) <= set(COMMUNITIES["community_id"])
