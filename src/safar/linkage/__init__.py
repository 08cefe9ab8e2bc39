"""linkage: which records are one person, and who may be on a list.

In: records or people as tables, in any script; how sure is sure enough.
Out: clusters of records, pairs with their weight and the fields that made it.
Never: Django, a clock, a merge nobody can undo; nobody else opens Splink or DuckDB.

This door opens on names alone and costs nothing. What needs DuckDB is asked for where it is: ``link.link_records``,
``known.link_new``, ``known.explain_pair``, ``match.match_people``, ``registers.make_register``.
"""

from safar.linkage.describe import Agreement, Level, describe_names
from safar.linkage.full_name import Name, split_name
from safar.linkage.names import name_key
from safar.linkage.search_keys import Asked, name_keys, query_keys

__all__ = [
    "Agreement",
    "Asked",
    "Level",
    "Name",
    "describe_names",
    "name_key",
    "name_keys",
    "query_keys",
    "split_name",
]
