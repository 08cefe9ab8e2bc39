"""The facts a rule may ask about: the contract's names, their types and their coded values."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class FactType:
    """A fact's type (``date``, ``text``, ``bool``) and, for coded text, the values it may take."""

    type: str
    values: tuple[str, ...] = ()


DATE, TEXT, BOOL = FactType("date"), FactType("text"), FactType("bool")

SCALARS: Mapping[str, FactType] = MappingProxyType(
    {
        "citizenship": TEXT,
        "second_citizenship": TEXT,
        "birth_date": DATE,
        "sex": FactType("text", ("male", "female")),
        "destination": FactType("text", ("RU", "KZ")),
        "region": TEXT,
        "entry_purpose": FactType("text", ("work", "private", "study", "transit", "business")),
        "entry_document": FactType("text", ("passport", "id_card")),
        "entered_on": DATE,
        "registered_on": DATE,
        "registered_until": DATE,
        "host_notified_on": DATE,
        "moved_on": DATE,
        "fingerprinted_on": DATE,
        "medical_exam_on": DATE,
        "language_certificate_until": DATE,
        "patent_applied_on": DATE,
        "patent_issued_on": DATE,
        "patent_region": TEXT,
        "patent_occupation": TEXT,
        "patent_paid_until": DATE,
        "patent_contract_filed_on": DATE,
        "permit_kind": FactType(
            "text", ("none", "labour_immigrant", "temporary_residence", "employer_permit")
        ),
        "permit_issued_on": DATE,
        "permit_until": DATE,
        "work_kind": FactType("text", ("none", "employee", "private_household", "self_employed")),
        "work_region": TEXT,
        "occupation": TEXT,
        "contract_signed_on": DATE,
        "contract_ends_on": DATE,
        "contract_ended_early_on": DATE,
        "study_mode": FactType("text", ("none", "full_time", "part_time")),
        "study_region": TEXT,
        "family_of": FactType("text", ("none", "eaeu_worker", "patent_holder", "citizen")),
        "on_controlled_register": BOOL,
        "banned_until": DATE,
        "unpaid_since": DATE,
    }
)

LISTS = ("stays", "offences", "answers")

# Reckoned from `stays` for the destination; `entered_on` is completed from them where it is not given.
DERIVED: Mapping[str, FactType] = MappingProxyType({"stay_entered_on": DATE, "stay_left_on": DATE})

OFFENCE_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "any": ("stay", "work", "other"),
        "stay": ("stay",),
        "work": ("work",),
        "other": ("other",),
        "migration": ("stay", "work"),
    }
)

# Facts that an officer asks for by another name: the list they are reckoned from.
ASKED_AS: Mapping[str, str] = MappingProxyType({"stay_entered_on": "stays", "stay_left_on": "stays"})

_ISO = """AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
    BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER
    ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID
    IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV
    LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR
    NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL
    SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC
    VE VG VI VN VU WF WS YE YT ZA ZM ZW"""
ISO_COUNTRIES = frozenset(_ISO.split())
