"""Search keys are kept with the names; when the reading of names changes, they are made anew."""

import hashlib

import polars as pl
from django.db import connection, transaction

from safar.base import content_path
from safar.casework.copying import copy_aside, copy_out
from safar.linkage.search_keys import READING, name_keys

NAME = ("surname", "given_name", "patronymic")
OF_SCOPE = "^[rhg]:"  # tokens beside the keys that say where the person belongs


def reading_of_names() -> str:
    """A digest of all that the keys of a name rest on: content/names, and how it is read."""
    told = hashlib.sha256(READING.encode())
    for path in sorted((content_path() / "names").glob("*.yaml")):
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:16]


@transaction.atomic
def rekey_names() -> int:
    """Give every name in every register the keys that it has by today's reading; the number that had others."""
    names = copy_out(f"SELECT DISTINCT {', '.join(NAME)} FROM records_personname")
    filled = names.select(pl.col(NAME).fill_null(""))
    keys = ["{" + ",".join(f'"{key}"' for key in name_keys(*row)) + "}" for row in filled.iter_rows()]
    copy_aside("read_anew", "records_personname", filled.with_columns(keys=pl.Series(keys, dtype=pl.String)))
    same = " AND ".join(f"n.{part} = r.{part}" for part in NAME)
    scope = f"ARRAY(SELECT token FROM unnest(n.keys) token WHERE token ~ '{OF_SCOPE}')"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX ON read_anew ({', '.join(NAME)}); ANALYZE read_anew")
        cursor.execute(
            f"UPDATE records_personname n SET keys = r.keys || {scope} FROM read_anew r "
            f"WHERE {same} AND n.keys IS DISTINCT FROM r.keys || {scope}"
        )
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE read_anew")
    return changed
