"""The cast: people whose story every test may tell, on one day. Facts only, in the names of the contract.

Copy before changing: ``JAMSHED | {"patent_applied_on": None}``. What is left out is not known.
"""

from datetime import date
from typing import Any

Facts = dict[str, Any]

ON = date(2026, 11, 20)
CAST: dict[str, Facts] = {}
STORIES: dict[str, str] = {}


def _person(name: str, story: str, **facts: Any) -> Facts:
    STORIES[name] = story
    CAST[name] = {"person_id": name, **facts}
    return CAST[name]


JAMSHED = _person(
    "jamshed",
    "A mason from Isfara who came to Moscow in September and applied for his patent two weeks late.",
    citizenship="TJ", second_citizenship="none", birth_date="1991-04-12", sex="male",
    destination="RU", region="RU-MOW", entry_purpose="work", entry_document="passport",
    entered_on="2026-09-01", registered_on="2026-09-04", registered_until="2026-11-29",
    stays=[{"country": "RU", "entered_on": "2026-09-01", "left_on": "none"}],
    fingerprinted_on="2026-09-20", medical_exam_on="2026-09-21", language_certificate_until="2029-09-20",
    patent_applied_on="2026-10-14", patent_issued_on="2026-10-28", patent_region="RU-MOW",
    patent_paid_until="2026-11-28", work_kind="employee", work_region="RU-MOW",
    contract_signed_on="2026-11-02", permit_kind="none", study_mode="none", family_of="none",
    offences=[], on_controlled_register=False,
)  # fmt: skip

AIGUL = _person(
    "aigul",
    "From Batken; worked in a cafe in Kazan until the owner ended her contract early, nine days ago.",
    citizenship="KG", second_citizenship="none", birth_date="1998-07-30", sex="female",
    destination="RU", region="RU-TA", entry_purpose="work", entry_document="passport",
    entered_on="2026-05-05", registered_on="2026-05-20", registered_until="2027-05-04",
    stays=[{"country": "RU", "entered_on": "2026-05-05", "left_on": "none"}],
    fingerprinted_on="2026-05-25", medical_exam_on="2026-05-25",
    work_kind="none", contract_signed_on="2026-05-10", contract_ends_on="2027-05-09",
    contract_ended_early_on="2026-11-11", study_mode="none", family_of="none",
    offences=[], on_controlled_register=False,
)  # fmt: skip

RUSTAM = _person(
    "rustam",
    "From Panjakent; on a building site in Shymkent without any permit, on his 45th day in Kazakhstan.",
    citizenship="TJ", second_citizenship="none", birth_date="2001-02-03", sex="male",
    destination="KZ", region="KZ-79", entry_purpose="private", entry_document="passport",
    entered_on="2026-10-07", stays=[{"country": "KZ", "entered_on": "2026-10-07", "left_on": "none"}],
    permit_kind="none", work_kind="employee", work_region="KZ-79", contract_signed_on="none",
    study_mode="none", family_of="none", offences=[],
)  # fmt: skip

NIGORA = _person(
    "nigora",
    "From Kulob; a nanny with a family in Almaty, with a labour immigrant's permit until January.",
    citizenship="TJ", second_citizenship="none", birth_date="1984-11-20", sex="female",
    destination="KZ", region="KZ-75", entry_purpose="work", entry_document="passport",
    entered_on="2026-10-10", registered_on="2026-10-12",
    stays=[{"country": "KZ", "entered_on": "2026-10-10", "left_on": "none"}],
    fingerprinted_on="2026-10-14", medical_exam_on="2026-10-14",
    permit_kind="labour_immigrant", permit_issued_on="2026-10-20", permit_until="2027-01-20",
    work_kind="private_household", work_region="KZ-75", occupation="nanny", contract_signed_on="2026-10-21",
    study_mode="none", family_of="none", offences=[],
)  # fmt: skip

BEKZOD = _person(
    "bekzod",
    "From Osh; a full-time student in Novosibirsk who earns a little at weekends.",
    citizenship="KG", second_citizenship="none", birth_date="2005-03-15", sex="male",
    destination="RU", region="RU-NVS", entry_purpose="study", entry_document="passport",
    entered_on="2026-08-25", registered_on="2026-09-01", registered_until="2027-08-24",
    stays=[
        {"country": "RU", "entered_on": "2025-08-28", "left_on": "2026-06-30"},
        {"country": "RU", "entered_on": "2026-08-25", "left_on": "none"},
    ],
    fingerprinted_on="2025-09-10", medical_exam_on="2025-09-10", work_kind="employee", work_region="RU-NVS",
    contract_signed_on="2026-10-01", study_mode="full_time", study_region="RU-NVS", family_of="none",
    offences=[], on_controlled_register=False,
)  # fmt: skip

FIRUZ = _person(
    "firuz",
    "Seventeen, from Vose; an uncle brought him to Moscow oblast and a market gave him work.",
    citizenship="TJ", second_citizenship="none", birth_date="2009-03-01", sex="male",
    destination="RU", region="RU-MOS", entry_purpose="private", entry_document="passport",
    entered_on="2026-10-25", stays=[{"country": "RU", "entered_on": "2026-10-25", "left_on": "none"}],
    patent_applied_on="none", patent_issued_on="none", permit_kind="none", work_kind="employee",
    work_region="RU-MOS", study_mode="none", family_of="none", offences=[], on_controlled_register=False,
)  # fmt: skip

SHAVKAT = _person(
    "shavkat",
    "From Bokhtar; his patent lapsed unpaid, and he stands on the register of controlled persons.",
    citizenship="TJ", second_citizenship="none", birth_date="1979-12-09", sex="male",
    destination="RU", region="RU-SPE", entry_purpose="work", entry_document="passport",
    entered_on="2026-03-01", registered_on="2026-03-05", registered_until="2026-09-02",
    stays=[{"country": "RU", "entered_on": "2026-03-01", "left_on": "none"}],
    patent_applied_on="2026-03-20", patent_issued_on="2026-04-02", patent_region="RU-SPE",
    patent_paid_until="2026-09-02", permit_kind="none", work_kind="none", study_mode="none",
    family_of="none", offences=[], on_controlled_register=True,
)  # fmt: skip

DILSHOD = _person(
    "dilshod",
    "From Kulob; expelled from Russia by a court in August, at home now, wants to know when he may return.",
    citizenship="TJ", second_citizenship="none", birth_date="1988-06-06", sex="male",
    destination="RU", entry_purpose="work", entered_on="none",
    stays=[{"country": "RU", "entered_on": "2026-01-12", "left_on": "2026-08-20"}],
    patent_applied_on="none", patent_issued_on="none", permit_kind="none", work_kind="none",
    study_mode="none", family_of="none",
    offences=[
        {"country": "RU", "kind": "stay", "decided_on": "2026-03-10", "expelled": False},
        {"country": "RU", "kind": "work", "decided_on": "2026-08-10", "expelled": True},
    ],
    on_controlled_register=False, banned_until="2031-08-20",
)  # fmt: skip

MAVLUDA = _person(
    "mavluda",
    "From Khorog; joined her husband, who holds a patent in Yekaterinburg, and does not work.",
    citizenship="TJ", second_citizenship="none", birth_date="1995-01-17", sex="female",
    destination="RU", region="RU-SVE", entry_purpose="private", entry_document="passport",
    entered_on="2026-09-10", registered_on="2026-09-15", registered_until="2026-12-08",
    stays=[{"country": "RU", "entered_on": "2026-09-10", "left_on": "none"}],
    fingerprinted_on="none", medical_exam_on="none", patent_applied_on="none", patent_issued_on="none",
    permit_kind="none", work_kind="none", study_mode="none", family_of="patent_holder",
    offences=[], on_controlled_register=False,
)  # fmt: skip

ERMEK = _person(
    "ermek",
    "From Jalal-Abad; drives between Bishkek and Almaty and has lost count of his days in Kazakhstan.",
    citizenship="KG", second_citizenship="none", birth_date="1993-10-22", sex="male",
    destination="KZ", region="KZ-75", entry_purpose="private", entry_document="id_card",
    entered_on="2026-11-05",
    stays=[
        {"country": "KZ", "entered_on": "2026-06-01", "left_on": "2026-07-10"},
        {"country": "KZ", "entered_on": "2026-07-10", "left_on": "2026-08-02"},
        {"country": "KZ", "entered_on": "2026-09-15"},
        {"country": "RU", "entered_on": "2026-10-03", "left_on": "2026-10-20"},
        {"country": "KZ", "entered_on": "2026-11-05", "left_on": "none"},
    ],
    work_kind="self_employed", occupation="driver", permit_kind="none", study_mode="none", family_of="none",
    offences=[],
)  # fmt: skip

ZARINA = _person(
    "zarina",
    "From Asht; cleans in Tyumen with a patent for Moscow, unpaid for two months, her passport held.",
    citizenship="TJ", second_citizenship="none", birth_date="2000-08-08", sex="female",
    destination="RU", region="RU-TYU", entry_purpose="work", entry_document="passport",
    entered_on="2026-07-01", registered_on="2026-07-03", registered_until="2026-12-05", moved_on="2026-09-12",
    stays=[{"country": "RU", "entered_on": "2026-07-01", "left_on": "none"}],
    fingerprinted_on="2026-07-08", medical_exam_on="2026-07-08", language_certificate_until="2029-07-08",
    patent_applied_on="2026-07-20", patent_issued_on="2026-08-05", patent_region="RU-MOW",
    patent_paid_until="2026-12-05", permit_kind="none", work_kind="employee", work_region="RU-TYU",
    contract_signed_on="none", study_mode="none", family_of="none", unpaid_since="2026-09-20",
    offences=[], on_controlled_register=False, answers={"R-ILO-07": True, "R-WAGE-01": True},
)  # fmt: skip

SOMEONE = _person(
    "someone",
    "A voice on the hotline: a citizen of Tajikistan, somewhere in Russia. Nothing else is known.",
    citizenship="TJ",
    destination="RU",
)
