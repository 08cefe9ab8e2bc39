"""linkage: which records are one person, and who may be on a list.

In: records or people as tables, in any script; how sure is sure enough.
Out: clusters of records, pairs with their weight and the fields that made it.
Never: Django, a clock, a merge nobody can undo; nobody else opens Splink or DuckDB.
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
