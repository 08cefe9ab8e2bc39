"""Where a person comes from: communities of the officer's area, found while somebody types."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from safar.casework.access import END, Acting
from safar.linkage import name_key
from safar.linkage.names import typed_keys, words_of
from safar.records.models import Place
from safar.words import chosen

MOST = 8


@dataclass(frozen=True)
class HomeFound:
    """A community with the district it lies in."""

    place_id: str
    name: str
    district: str


@dataclass(frozen=True)
class Below:
    """A place under the officer's own, to choose as a filter."""

    path: str
    name: str


@dataclass(frozen=True)
class _Community:
    place_id: str
    path: str
    names: Mapping[str, str]
    keys: frozenset[str]


def find_homes(acting: Acting, text: str, *, language: str) -> tuple[HomeFound, ...]:
    """Communities whose name, in any language, has words that begin as typed; whole names first."""
    words = words_of(text)
    if not words:
        return ()
    within = [one for one in _communities() if acting.place_path <= one.path < acting.place_path + END]
    fits = [one for one in within if all(_begins(one, word) for word in words)]
    key = name_key(text)
    fits.sort(key=lambda one: (key not in one.keys, chosen(language, one.names)))
    return tuple(_shown(one, language) for one in fits[:MOST])


def home_named(acting: Acting, place_id: str, *, language: str) -> HomeFound | None:
    """One community of the officer's area."""
    for one in _communities():
        if one.place_id == place_id and acting.place_path <= one.path < acting.place_path + END:
            return _shown(one, language)
    return None


def places_below(acting: Acting, *, language: str) -> tuple[Below, ...]:
    """What lies one level below the officer's place."""
    depth = acting.place_path.count(".") + 1
    below = Place.objects.filter(path__gte=acting.place_path, path__lt=acting.place_path + END)
    rows = [(path, names) for path, names in below.values_list("path", "names") if path.count(".") == depth]
    return tuple(
        sorted((Below(path, chosen(language, names)) for path, names in rows), key=lambda one: one.name)
    )


def _begins(community: _Community, word: str) -> bool:
    begun = [key for key in typed_keys(word) if key]
    return any(own.startswith(key) for key in begun for own in community.keys)


def _shown(one: _Community, language: str) -> HomeFound:
    return HomeFound(
        one.place_id, chosen(language, one.names), _districts().get(_district(one.path), {}).get(language, "")
    )


def _district(path: str) -> str:
    return ".".join(path.split(".")[:3]) + "."


# Places change with a release and not while officers work.
@lru_cache(maxsize=1)
def _communities() -> tuple[_Community, ...]:
    rows = Place.objects.filter(level="community", merged_into=None).values_list(
        "pk", "path", "names", "former_names"
    )
    return tuple(
        _Community(pk, path, names, frozenset(_keys([*names.values(), *(one["text"] for one in former)])))
        for pk, path, names, former in rows
    )


@lru_cache(maxsize=1)
def _districts() -> Mapping[str, Mapping[str, str]]:
    return dict(Place.objects.filter(level="district").values_list("path", "names"))


def _keys(texts: list[str]) -> set[str]:
    """The keys of whole names, of their words and of the halves of these."""
    words = {word for text in texts for word in words_of(text)}
    halves = {half for word in words for half in word.split("-")}
    return {name_key(part) for part in (*texts, *words, *halves)} - {""}
