"""What a missed last day brings, reckoned by asking the same law about the days after it.

Nothing is supposed but that nobody acts: the sanctions a breach names are shown when they threaten this person.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from safar.law import Assessor, Law, forecast
from safar.ops.demo.shown import Cost, Fine

AHEAD_DAYS = 98  # a week, and the ninety days after which the long bans begin
AHEAD_MONTHS = 4


def breaches_of(law: Law) -> dict[str, frozenset[str]]:
    """The sanctions that a breach of each provision may bring, in any of its versions."""
    return {
        name: frozenset(sanction for version in provision.versions for sanction in version.breach)
        for name, provision in law.provisions.items()
    }


def day_ahead(law: Law, on: date, days: int) -> date:
    """The day so many days on, or the last day that the law here reaches."""
    return min(on + timedelta(days=days), law.day_reach()[1])


def at_stake(due: pl.DataFrame, now: pl.DataFrame, ahead: pl.DataFrame, law: Law) -> pl.DataFrame:
    """person_id, provision and due_on of ``due``, with the longest new ban (months) and whether money is at stake.

    ``now`` holds the findings of today, ``ahead`` the sanctions that threaten some weeks later if nobody acts: a
    ban that threatens already is no consequence of this miss.
    """
    threats = threats_in(ahead)
    bans = threats.filter(pl.col("ban_months") > 0).join(
        threats_in(now), on=["person_id", "sanction"], how="anti"
    )
    keys = ["person_id", "provision"]
    named = due.select(*keys, "due_on").join(breach_table(law), on="provision")
    banned = named.join(bans, on=["person_id", "sanction"]).group_by(keys).agg(pl.col("ban_months").max())
    fined = named.join(threats.filter(pl.col("amount_low").is_not_null()), on=["person_id", "sanction"])
    return (
        due.select(*keys, "due_on")
        .join(banned, on=keys, how="left")
        .join(fined.select(keys).unique().with_columns(money=pl.lit(value=True)), on=keys, how="left")
        .select(
            *keys,
            "due_on",
            ban=pl.col("ban_months").fill_null(0),
            money=pl.col("money").fill_null(value=False),
        )
    )


def breach_table(law: Law) -> pl.DataFrame:
    """provision, sanction: one row for each sanction that a breach may bring."""
    rows = [(name, sanction) for name, names in breaches_of(law).items() for sanction in sorted(names)]
    return pl.DataFrame(rows, schema=["provision", "sanction"], orient="row")


def threats_in(findings: pl.DataFrame) -> pl.DataFrame:
    """person_id, sanction, ban_months, amount_low of the sanctions that threaten."""
    columns = ("person_id", pl.col("provision").alias("sanction"), "ban_months", "amount_low")
    return findings.filter(kind="sanction", status="exposed").select(columns)


def cost_of(answers: Assessor, facts: Mapping[str, Any], provision: str, *, on: date, due_on: date) -> Cost:
    """The fine of the day after ``due_on``, and the first new ban that follows, with the day it threatens from."""
    names = breaches_of(answers.law)[provision]
    today = _threats(answers, facts, names, on)
    after = _threats(answers, facts, names, day_ahead(answers.law, due_on, 1))
    ban, start = _first_ban(answers, facts, names - today.keys(), due_on)
    months = int(ban["ban_months"]) if ban else 0
    if fine := _dearest(after.values()):
        return Cost(fine=fine, ban_months=months, ban_from=start)
    if ban:
        later = _dearest([ban])
        return Cost(fine=later, fine_from=start if later else None, ban_months=months, ban_from=start)
    return Cost(titles=tuple(item["title"] for item in after.values())[:1])


def _threats(
    answers: Assessor, facts: Mapping[str, Any], names: Collection[str], on: date
) -> dict[str, Mapping[str, Any]]:
    findings = answers.assess(facts, on=on)["findings"]
    return {f["provision"]: f for f in findings if f["status"] == "exposed" and f["provision"] in names}


def _dearest(threats: Iterable[Mapping[str, Any]]) -> Fine | None:
    amounts = [item["amount"] for item in threats if item["amount"]]
    if not amounts:
        return None
    most = max(amounts, key=lambda amount: amount["high"] or amount["low"])
    return Fine(most["low"], most["high"] or most["low"], most["currency"])


def _first_ban(
    answers: Assessor, facts: Mapping[str, Any], names: Collection[str], due_on: date
) -> tuple[Mapping[str, Any] | None, date | None]:
    """The first of these sanctions that bans, and the day it threatens from; nothing if none follows in time."""
    if not any(version.ban_months for name in names for version in answers.law.provisions[name].versions):
        return None, None
    for cliff in forecast(answers, facts, on=due_on, months=AHEAD_MONTHS)["cliffs"]:
        if cliff["to"] == "exposed" and cliff["provision"] in names:
            start = date.fromisoformat(cliff["on"])
            finding = _threats(answers, facts, [cliff["provision"]], start)[cliff["provision"]]
            if finding["ban_months"]:
                return finding, start
    return None, None


def sanctions_of(law: Law) -> list[str]:
    """Ids of all sanctions."""
    return [name for name, provision in law.provisions.items() if provision.kind == "sanction"]
