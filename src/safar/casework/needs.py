"""Who needs help and why, kept up to date: after every statement for one person, and each night for everybody."""

from dataclasses import asdict
from datetime import date
from functools import cache

from django.db.models import QuerySet

from safar.casework.facts import law_in
from safar.casework.worklist import standing_priority
from safar.flow.need import Need as Ranked
from safar.flow.one import rank_one
from safar.flow.triage import Triage, read_triage
from safar.records.models import Need, Person

KEPT = ("danger", "harm", "first", "left_out", "provision", "status", "act_by", "amount_low", "amount_high",
        "ban_months")  # fmt: skip


def needs_from_law(person: Person, *, on: date) -> list[Ranked]:
    """What the law and the triage say of a person today, the most pressing first."""
    told = law_in("en").assess({**person.facts, "person_id": str(person.pk)}, on=on)
    return rank_one(told, law=law_in("en").law, triage=triage(), on=on)


def refresh_needs(person: Person, *, on: date) -> None:
    """Reckon a person's needs anew. Whoever is in charge stays so, and a danger that goes on keeps its first day."""
    before = {need.danger: need for need in Need.objects.filter(person=person)}
    if person.merged_into_id is not None:
        _delete(Need.objects.filter(person=person))
        return
    now = {ranked.danger: ranked for ranked in needs_from_law(person, on=on)}
    _delete(Need.objects.filter(person=person, danger__in=set(before) - set(now)))
    rows = [
        _row(person, ranked, since=before[danger].since if danger in before else on)
        for danger, ranked in now.items()
    ]
    Need.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "danger"],
        update_fields=[
            *KEPT,
            "priority",
            "currency",
            "because",
            "register",
            "home_path",
            "region",
            "corridor",
            "assigned_to",
        ],
    )


def corridor_of(citizenship: str | None, destination: str | None) -> str:
    """From where to where: TJ-RU. A part that nobody told is a question mark."""
    return f"{citizenship or '?'}-{destination or '?'}"


@cache
def triage() -> Triage:
    """The kinds of danger of this installation."""
    return read_triage()


def _row(person: Person, ranked: Ranked, *, since: date) -> Need:
    told = asdict(ranked)
    return Need(
        person=person,
        register_id=person.register_id,
        home_path=person.home_path,
        region=person.region,
        corridor=corridor_of(person.facts.get("citizenship"), person.facts.get("destination")),
        assigned_to_id=person.assigned_to_id,
        priority=standing_priority(ranked.harm, ranked.act_by, ranked.status),
        since=since,
        currency=ranked.currency or "",
        because=ranked.because or "",
        **{name: told[name] for name in KEPT},
    )


def _delete(needs: QuerySet[Need]) -> None:
    needs._raw_delete(needs.db)  # nothing hangs on a need
