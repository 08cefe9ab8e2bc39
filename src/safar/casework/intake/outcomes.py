"""What is to become of each row: in, told to somebody known, nothing new, to be decided, or back to be mended."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import polars as pl
from django.db import connection

from safar.casework.access import Acting
from safar.casework.copying import copy_aside
from safar.casework.intake.known import Matches, match_rows
from safar.casework.intake.matching import MOST, Match
from safar.casework.intake.rows import Row
from safar.casework.seal import keyed_hash

ADDED, TOLD, KNOWN, DOUBTFUL, REFUSED = OUTCOMES = ("added", "told", "known", "doubtful", "refused")
SAME_PERHAPS, TWICE = "row:same_perhaps", "row:twice_in_list"
NOBODY = Match()


@dataclass(frozen=True)
class Outcome:
    """A row with what becomes of it. ``person_id``: whose file it goes into; ``like``: who may be meant."""

    row: Row
    key: bytes
    outcome: str
    person_id: UUID | None = None
    like: tuple[UUID, ...] = ()
    problems: tuple[str, ...] = ()


def judge_rows(acting: Acting, rows: Sequence[Row]) -> list[Outcome]:
    """What would become of every row now; nothing is written. TOLD may still turn out to say nothing new."""
    keys = [row_key(acting.register_id, row) for row in rows]
    before = _seen_before(keys)
    first: dict[bytes, int] = {}
    twins = {at: first[key] for at, key in enumerate(keys) if first.setdefault(key, at) != at}
    asked = [
        at for at, row in enumerate(rows) if keys[at] not in before and at not in twins and not row.refused
    ]
    matches = match_rows(acting, [rows[at] for at in asked]) if asked else Matches()
    places = {at: place for place, at in enumerate(asked)}
    judged: list[Outcome] = []
    for at, row in enumerate(rows):
        if row.refused:
            judged.append(Outcome(row, keys[at], REFUSED, problems=row.problems))
        elif keys[at] in before:
            judged.append(Outcome(row, keys[at], KNOWN, before[keys[at]], problems=row.problems))
        elif at in twins:
            judged.append(_as_its_twin(row, judged[twins[at]]))
        else:
            in_list = matches.rows.get(places[at], NOBODY)
            earlier = {who: judged[asked[int(who)]] for who in (*in_list.sure, *in_list.perhaps)}
            judged.append(_judged(row, keys[at], matches.people.get(places[at], NOBODY), in_list, earlier))
    return judged


def row_key(register_id: int, row: Row) -> bytes:
    """The same for rows that say the same, in whatever file and order of columns."""
    said = [
        register_id, row.name.surname, row.name.given_name, row.name.patronymic, row.birth.told, row.home.place_id,
        sorted(row.facts.items()), sorted(row.phones), sorted(row.documents), row.passport_until, row.household,
        row.relation,
    ]  # fmt: skip
    return keyed_hash(json.dumps(said, ensure_ascii=False), "intake")


def _as_its_twin(row: Row, twin: Outcome) -> Outcome:
    """A row that an earlier one of the same list has said word for word."""
    return replace(twin, row=row, outcome=twin.outcome if twin.person_id is None else KNOWN)


def _judged(row: Row, key: bytes, known: Match, in_list: Match, earlier: Mapping[str, Outcome]) -> Outcome:
    """One answer for sure decides; anything else that may be meant is for a person to decide."""
    sure = _people(known.sure, (earlier[who] for who in in_list.sure))
    perhaps = _people(known.perhaps, (earlier[who] for who in in_list.perhaps))
    waiting = any(one.person_id is None for one in earlier.values())
    if len(sure) == 1 and not row.doubtful:
        return Outcome(row, key, TOLD, sure[0], problems=row.problems)
    if not (sure or perhaps or waiting or row.doubtful):
        return Outcome(row, key, ADDED, uuid4(), problems=row.problems)
    why = (SAME_PERHAPS,) if sure or perhaps else (TWICE,) if waiting else ()
    like = tuple(dict.fromkeys((*sure, *perhaps)))[:MOST]
    return Outcome(row, key, DOUBTFUL, like=like, problems=(*row.problems, *why))


def _people(known: Iterable[str], earlier: Iterable[Outcome]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys([*map(UUID, known), *(one.person_id for one in earlier if one.person_id)]))


def _seen_before(keys: Sequence[bytes]) -> Mapping[bytes, UUID]:
    """Rows that a list has said before, with the person in whose file they are."""
    if not keys:
        return {}
    asked = pl.DataFrame({"row_key": pl.Series([rf"\x{key.hex()}" for key in set(keys)], dtype=pl.String)})
    copy_aside("said", "records_intakerow", asked)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE said")
        cursor.execute(
            "SELECT r.row_key, r.person_id FROM said s JOIN records_intakerow r ON r.row_key = s.row_key "
            "WHERE r.person_id IS NOT NULL AND r.outcome IN ('added', 'told', 'known')"
        )
        found = {bytes(key): person for key, person in cursor.fetchall()}
        cursor.execute("DROP TABLE said")
    return found
