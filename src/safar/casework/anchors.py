"""Anchors: the heads of the history, signed and kept outside the database, so that even a chain rewritten from end to
end is noticed. Each line is signed together with the one before it; keep copies of the file on another machine.
"""

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from safar.casework.audit_guards import code_digest, guards_digest
from safar.casework.audit_lanes import HISTORY, Fault, lanes_to_check

FILE = "anchors.log"


@dataclass(frozen=True)
class Anchor:
    """The heads of all lanes at a moment, and what the guards said then."""

    at: str
    heads: Mapping[int, tuple[int, str]]  # lane: place, seal as hex
    code: str  # digest of the guards as the code of then would have put them up
    guards: str


@dataclass(frozen=True)
class Anchors:
    """All anchors of a file, and what is wrong with the file."""

    anchors: tuple[Anchor, ...]
    faults: tuple[Fault, ...] = ()


def anchor_history(*, path: Path, now: datetime) -> Anchor:
    """Sign the heads as they are now and write them at the end of the file."""
    heads = {str(lane.number): [lane.head, lane.seal.hex()] for lane in lanes_to_check() if lane.head}
    told = {"at": now.isoformat(), "heads": heads, "code": code_digest(), "guards": guards_digest()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        lines = file.read().splitlines()
        before = json.loads(lines[-1])["signed"] if lines else ""
        line = json.dumps({**told, "before": before, "signed": _signed(told, before)}) + "\n"
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
    return _anchor(told)


def read_anchors(path: Path) -> Anchors:
    """The anchors whose signature holds; a line that was changed, or does not follow the one before it, is a fault."""
    if not path.exists():
        return Anchors(())
    found, faults, before = list[Anchor](), list[Fault](), ""
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            told = json.loads(line)
            signed, follows = told.pop("signed"), told.pop("before")
            sound = hmac.compare_digest(signed, _signed(told, follows)) and follows == before
        except (ValueError, KeyError, TypeError, AttributeError):
            sound = False
        if not sound:
            faults.append(("anchor_forged", path.name, str(number), ""))
            continue
        before = signed
        found.append(_anchor(told))
    return Anchors(tuple(found), tuple(faults))


def anchors_unmet(kept: Anchors) -> Iterator[Fault]:
    """Anchored heads that are no longer in the history, and guards that changed though the code did not."""
    wanted = {
        (lane, seq, seal): anchor.at for anchor in kept.anchors for lane, (seq, seal) in anchor.heads.items()
    }
    tables = " UNION ALL ".join(f"SELECT lane, seq, seal FROM {table}" for table in HISTORY)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lane, seq, encode(seal, 'hex') FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[]) "  # noqa: S608
            f"AS a(lane, seq, seal) WHERE NOT EXISTS (SELECT FROM ({tables}) e "
            "WHERE e.lane = a.lane AND e.seq = a.seq AND e.seal = a.seal)",
            [
                [lane for lane, _, _ in wanted],
                [seq for _, seq, _ in wanted],
                [bytes.fromhex(seal) for _, _, seal in wanted],
            ],
        )
        for lane, seq, seal in sorted(cursor.fetchall()):
            yield "anchor_unmet", "", "", f"lane {lane}, link {seq}, anchored {wanted[lane, seq, seal]}"
    last = kept.anchors[-1] if kept.anchors else None
    if last and last.code == code_digest() and last.guards != guards_digest():
        yield "guards_changed", "", "", f"since {last.at}"


def _anchor(told: Mapping[str, Any]) -> Anchor:
    heads = {int(lane): (seq, seal) for lane, (seq, seal) in told["heads"].items()}
    return Anchor(told["at"], heads, told["code"], told["guards"])


def _signed(told: Mapping[str, Any], before: str) -> str:
    text = json.dumps([before, told], sort_keys=True)
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
