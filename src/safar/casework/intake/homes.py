"""Which village a list means: names in any script, narrowed by jamoat, district and province. Never guessed."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from safar.atlas.folding import fold, without_kind
from safar.casework.intake.coded import is_blank
from safar.records.models import Place

SMALL = frozenset(
    fold(word)
    for word in [
        "дж",
        "жд",
        "деҳа",
        "деҳаи",
        "деха",
        "дехаи",
        "кишлак",
        "кишлаки",
        "село",
        "с",
        "д",
        "к",
        "пос",
        "поселок",
        "посёлок",
        "қишлоқ",
        "қишлоғи",
        "маҳалла",
        "маҳаллаи",
        "махалля",
        "махалла",
        "кыштак",
        "кыштагы",
        "айылы",
        "хутор",
        "участок",
        "village",
        "qishloq",
        "mahalla",
        "deha",
        "dehai",
        "jamoat",
        "jamoati",
        "ҷамоати",
        "деҳоти",
        "ҷамоат",
        "чамоати",
        "чамоат",
        "джамоат",
        "вилоят",
        "области",
        "обл",
        "р",
        "н",
        "н",
    ]
)
NOT_KNOWN = "U00"  # the unit that stands for not knowing the unit
ALIKE = 0.84
MOST = 6


@dataclass(frozen=True)
class Home:
    """The place that is meant; or those that may be meant, and why it is not clear."""

    place_id: str = ""
    path: str = ""
    like: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Address:
    """What a row says of the home, in the words of the list; empty where it says nothing."""

    province: str = ""
    district: str = ""
    unit: str = ""
    community: str = ""
    address: str = ""


@dataclass(frozen=True)
class Spot:
    """A place as a home."""

    id: str
    path: str
    level: str


@dataclass
class Homes:
    """All places by the keys of their names; ``scope`` is the path below which an officer may register."""

    scope: str
    default: str = ""
    named: Mapping[str, tuple[Spot, ...]] = field(default_factory=dict)
    by_id: Mapping[str, Spot] = field(default_factory=dict)
    known: dict[Address, Home] = field(default_factory=dict)

    def find(self, told: Address) -> Home:
        """The home that a row means; each distinct address is looked up once."""
        if told not in self.known:
            self.known[told] = self._find(told)
        return self.known[told]

    def knows(self, text: str) -> bool:
        """Whether some part of a cell is the name of a place."""
        return any(self._called(part) for part in _parts(text))

    def _find(self, told: Address) -> Home:
        villages = _parts(told.community)
        rest = [part for text in (told.unit, told.district, told.province) for part in _parts(text)]
        where = _parts(told.address)
        if not villages and not rest and not where:
            return self._usual()
        meant = self._meant(villages or where, ("community",))
        units = self._meant([*_parts(told.unit), *villages, *where], ("unit",))
        wider = [
            *rest,
            *(villages if len(villages) > 1 else ()),
            *(where if villages or len(where) > 1 else ()),
        ]
        return self._decided(
            told, self._narrowed(meant, wider), self._narrowed(units, [*rest, *where]), meant
        )

    def _decided(self, told: Address, meant: list[Spot], units: list[Spot], before: list[Spot]) -> Home:
        """A village before a jamoat; more than one is nobody's guess."""
        inside = [spot for spot in meant if spot.path.startswith(self.scope)]
        if len(inside) == 1:
            return Home(inside[0].id, inside[0].path)
        if len(inside) > 1:
            return Home(like=_ids(inside), problem="home_ambiguous")
        if before and not meant:
            within = [spot for spot in before if spot.path.startswith(self.scope)]
            return Home(like=_ids(within), problem="home_contradicts" if within else "home_outside")
        if meant:
            return Home(problem="home_outside")
        jamoats = [spot for spot in units if spot.path.startswith(self.scope)]
        if len(jamoats) == 1:
            vague = "village_not_listed" if told.community or told.address else ""
            return Home(jamoats[0].id, jamoats[0].path, problem=vague)
        if jamoats:
            return Home(like=_ids(jamoats), problem="home_ambiguous")
        return Home(problem="home_outside") if units else self._sounding_like(told)

    def _usual(self) -> Home:
        spot = self.by_id.get(self.default)
        if spot and spot.path.startswith(self.scope):
            return Home(spot.id, spot.path)
        return Home(problem="home_missing" if self.scope else "")

    def _sounding_like(self, told: Address) -> Home:
        text = without_small(told.community or told.address or told.unit)
        if not text:
            return Home(problem="home_missing")
        inside = [
            key for key, spots in self.named.items() if any(s.path.startswith(self.scope) for s in spots)
        ]
        close = difflib.get_close_matches(text, inside, n=MOST, cutoff=ALIKE)
        like = [
            spot
            for key in close
            for spot in self.named[key]
            if spot.level in ("unit", "community") and spot.path.startswith(self.scope)
        ]
        return Home(like=_ids(like), problem="home_unsure" if like else "home_unknown")

    def _meant(self, parts: Iterable[str], levels: tuple[str, ...]) -> list[Spot]:
        found: dict[str, Spot] = {}
        for part in parts:
            if part in self.by_id and self.by_id[part].level in levels:
                return [self.by_id[part]]
            for spot in self._called(part):
                if spot.level in levels:
                    found[spot.id] = spot
        return list(found.values())

    def _narrowed(self, meant: list[Spot], wider: Iterable[str]) -> list[Spot]:
        """Those that lie where the wider parts say; a wider name that nobody knows says nothing."""
        for part in wider:
            around = tuple(path for spot in self._called(part) for path in _around(spot))
            if around:
                meant = [spot for spot in meant if spot.path.startswith(around)]
        return meant

    def _called(self, part: str) -> tuple[Spot, ...]:
        for key in (fold(part), without_kind(part), without_small(part)):
            if key in self.named:
                return self.named[key]
        return ()


def read_homes(scope: str, *, default: str = "") -> Homes:
    """The places of this installation, for an officer of that scope; ``default``: where a whole list comes from."""
    named: dict[str, dict[str, Spot]] = defaultdict(dict)
    by_id: dict[str, Spot] = {}
    rows = Place.objects.filter(merged_into=None).values_list(
        "id", "path", "level", "names", "former_names", "codes"
    )
    for place_id, path, level, names, former, codes in rows:
        spot = by_id[place_id] = Spot(place_id, path, level)
        by_id |= {code: spot for scheme, code in codes.items() if scheme in ("pcode", "soate")}
        for text in (*names.values(), *(name["text"] for name in former)):
            for key in {fold(text), without_kind(text), without_small(text)} - {""}:
                named[key][spot.id] = spot
    return Homes(scope, default, {key: tuple(spots.values()) for key, spots in named.items()}, by_id)


def without_small(text: str) -> str:
    """The key of a name without the words for a village, a jamoat or a quarter."""
    words = [word for word in fold(text).split() if word not in SMALL]
    return without_kind(" ".join(words)) if words else ""


def _around(spot: Spot) -> tuple[str, ...]:
    """What may lie in a place: of many villages it is not known in which unit of their district they are."""
    if spot.level == "unit":
        return spot.path, f"{spot.path.rpartition('.U')[0]}.{NOT_KNOWN}."
    return () if spot.level == "community" else (spot.path,)


def _parts(text: str) -> list[str]:
    if is_blank(text):
        return []
    return [part.strip() for part in re.split(r"[,;/()\n]", text) if part.strip()]


def _ids(spots: Iterable[Spot]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spot.id for spot in spots))[:MOST]
