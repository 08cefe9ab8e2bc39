"""A made-up population with names, telephones and papers, as a register needs it. Nobody in it lives.

Families share a surname and a telephone; brothers share a father; a part of the passports is spelled in Latin letters.
A few people have two files, because another office wrote them down in another script.
"""

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from safar.base import content_path
from safar.casework.seeding import MadeUp
from safar.ops.making import world_of
from safar.world.write import spoken_table

IN_LATIN = 0.3  # names known from a passport alone
WITH_PASSPORT, WITH_PHONE = 0.85, 0.8
TWICE = 0.01  # of the files tell of somebody who has one already
NGO_SHARE = 0.25  # of the people of Osh, in the files of the NGO and not of the authority
PREFIX = {"TJ": "992", "KG": "996", "UZ": "998"}
SERIES = {"TJ": "4", "KG": "AC", "UZ": "FA"}
LATIN = dict(zip("абвгдезийклмнопрстуфыэӣӯқҳҷңөү", "abvgdeziyklmnoprstufyeiuqhjnou", strict=True)) | {
    "ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "ъ": "", "ь": "", "ю": "yu", "я": "ya", "ғ": "gh",
}  # fmt: skip


def make_up(people: int, *, seed: int, on: date) -> MadeUp:
    """The population of ``safar world`` with the same seed, with what a register holds beside the facts."""
    world = world_of(people, seed, on)
    twice = _twice(world.people["person_id"], seed)
    named = _spelled(_named_twice(_people(world.people, seed), twice))
    return MadeUp(
        people=_told_twice(spoken_table(world.people), twice),
        stays=_told_twice(spoken_table(world.stays), twice),
        offences=_told_twice(spoken_table(world.offences), twice),
        names=named.select("person_id", "surname", "given_name", "patronymic", "kind"),
        phones=named.filter("with_phone").select("person_id", number="phone"),
        papers=named.filter("with_passport").select(
            "person_id", "country", kind=pl.lit("passport"), number="passport"
        ),
        registers=_registers(world.communities, seed),
    )


def _twice(ids: pl.Series, seed: int) -> pl.DataFrame:
    """Whose file is told again, and in place of whom: first, second."""
    order = np.random.default_rng([seed, 79]).permutation(ids.len())
    many = int(ids.len() * TWICE)
    return pl.DataFrame({"first": ids[order[:many]], "second": ids[order[many : 2 * many]]})


def _told_twice(table: pl.DataFrame, twice: pl.DataFrame) -> pl.DataFrame:
    """The rows of each ``second`` give way to those of their ``first``."""
    again = twice.join(table, left_on="first", right_on="person_id", maintain_order="left")
    again = again.rename({"second": "person_id"}).select(table.columns)
    return pl.concat(
        [table.join(twice, left_on="person_id", right_on="second", how="anti", maintain_order="left"), again]
    )


def _named_twice(named: pl.DataFrame, twice: pl.DataFrame) -> pl.DataFrame:
    """The second file has the same name in the other script, and no passport: that is why nobody noticed."""
    second = pl.col("person_id").is_in(twice["second"].implode())
    return _told_twice(named, twice).with_columns(
        latin=pl.col("latin") ^ second, with_passport=pl.col("with_passport") & ~second
    )


def _spelled(named: pl.DataFrame) -> pl.DataFrame:
    """Names as they are written; a passport in Latin letters has no patronymic."""
    texts = (
        pl.when("latin")
        .then(pl.col(name).map_elements(_latin, return_dtype=pl.String))
        .otherwise(name)
        .alias(name)
        for name in ("surname", "given_name")
    )
    return named.with_columns(
        *texts,
        patronymic=pl.when("latin").then(pl.lit("")).otherwise("patronymic"),
        kind=pl.when("latin").then(pl.lit("passport")).otherwise(pl.lit("common")),
    )


def _people(people: pl.DataFrame, seed: int) -> pl.DataFrame:
    """One row a person: names, passport, telephone."""
    rng = np.random.default_rng([seed, 77])
    rows = people.select(
        "person_id", "household_id", "sex", pl.col("citizenship").fill_null("TJ").alias("country")
    ).with_row_index("row")
    family = rows["household_id"].rank("dense").to_numpy().astype(np.int64) - 1
    drawn = {
        kind: rng.random(int(family.max()) + 1)[family] for kind in ("surname", "father", "phone", "style")
    }
    parts = [
        _named(rows.filter(pl.col("country") == country), country, drawn, rng)
        for country in rows["country"].unique().sort()
    ]
    return pl.concat(parts).sort("row")


def _named(
    rows: pl.DataFrame, country: str, drawn: dict[str, NDArray[np.float64]], rng: np.random.Generator
) -> pl.DataFrame:
    lists = _lists()[{"KG": "kg", "UZ": "uz"}.get(country, "tj")]
    at, size = rows["row"].to_numpy(), rows.height
    woman = (rows["sex"].fill_null("male") == "female").to_numpy()
    men, women = np.array(lists["men"]), np.array(lists["women"])
    given = np.where(
        woman, women[_common(rng.random(size), len(women))], men[_common(rng.random(size), len(men))]
    )
    root = men[_common(drawn["surname"][at], len(men))]
    father = men[_common(drawn["father"][at], len(men))]
    style = drawn["style"][at]
    surname = [_surname(*row, country) for row in zip(root, woman, style, strict=True)]
    patronymic = [_patronymic(*row, country) for row in zip(father, woman, style, strict=True)]
    latin = rng.random(size) < IN_LATIN
    names = {"surname": surname, "given_name": list(given), "patronymic": patronymic}
    numbers = (drawn["phone"][at] * 10**9).astype(np.int64)
    return rows.with_columns(
        **{field: pl.Series(texts, dtype=pl.String) for field, texts in names.items()},
        latin=pl.Series(latin),
        phone=pl.Series([f"{PREFIX.get(country, '992')}{number:09d}" for number in numbers]),
        passport=pl.Series([f"{SERIES.get(country, '4')}{n:07d}" for n in rng.permutation(10**7)[:size]]),
        with_passport=pl.Series(rng.random(size) < WITH_PASSPORT),
        with_phone=pl.Series(rng.random(size) < WITH_PHONE),
    )


def _common(drawn: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    """Places in a list of which the earlier are the commoner."""
    return np.minimum((drawn**1.7 * size).astype(np.int64), size - 1)


def _surname(root: str, woman: bool, style: float, country: str) -> str:
    if country != "KG" and style < 0.25:
        return f"{root}зода"
    if country == "KG" and style < 0.2:
        return f"{root} {'кызы' if woman else 'уулу'}"
    stem = root.rstrip("ӣоаи")
    ending = "ев" if root[-1] in "йьӣи" else "ов"
    return f"{stem}{ending}{'а' if woman else ''}"


def _patronymic(father: str, woman: bool, style: float, country: str) -> str:
    if country == "KG":
        return "" if style < 0.6 else f"{father}{'овна' if woman else 'ович'}"
    if style < 0.25:
        return f"{father}зода" if style < 0.05 else ""
    return f"{father.rstrip('ӣоаи')}{'овна' if woman else 'ович'}"


def _latin(text: str) -> str:
    return "".join(LATIN.get(letter, LATIN.get(letter.lower(), letter)) for letter in text.lower()).upper()


def _registers(communities: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Whose files the people of a community are in."""
    rng = np.random.default_rng([seed, 78])
    ngo = pl.Series(rng.random(communities.height) < NGO_SHARE) & (communities["province"] == "Osh")
    return communities.select(
        "community_id",
        register=pl.when(ngo).then(pl.lit("KG-NGO-OSH")).otherwise(pl.col("country") + "-MS"),
    )


def _lists() -> dict[str, dict[str, list[str]]]:
    from safar.law.store import cached, load_yaml

    path = content_path() / "names" / "registers.yaml"
    told: dict[str, dict[str, list[str]]] = cached("register-names", [path], lambda: load_yaml(path))
    return told
