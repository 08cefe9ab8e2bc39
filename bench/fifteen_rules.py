"""The fifteen rules that Safar and its peers are timed on: the law's own, brought down to what all can say.

Ten duties with a last day counted from an event, two permissions, three fines chained to them.
"""

# name: citizenships, destination, purpose (=, <> or None), event, days, done
DUTIES = {
    "patent": (("TJ", "UZ", "AZ", "MD"), "RU", ("=", "work"), "entered_on", 29, "patent_applied_on"),
    "registration_tj": (("TJ",), "RU", None, "entered_on", 14, "registered_on"),
    "registration_kg": (("KG",), "RU", None, "entered_on", 29, "registered_on"),
    "fingerprints_work": (("TJ", "KG"), "RU", ("=", "work"), "entered_on", 29, "fingerprinted_on"),
    "fingerprints_other": (("TJ", "KG"), "RU", ("<>", "work"), "entered_on", 89, "fingerprinted_on"),
    "medical": (("TJ", "KG"), "RU", ("=", "work"), "entered_on", 29, "medical_exam_on"),
    "contract_copy": (("TJ",), "RU", None, "patent_issued_on", 60, "patent_contract_filed_on"),
    "registration_kz": (("TJ", "KG"), "KZ", None, "entered_on", 29, "registered_on"),
    "host_notice_kz": (("TJ", "KG"), "KZ", None, "entered_on", 2, "host_notified_on"),
    "address_kz": (("TJ", "KG"), "KZ", None, "moved_on", 4, "registered_on"),
}
# name: citizenships, destination, two facts that must be equal, or a fact and the value it must have
PERMISSIONS = {
    "region_of_patent": (("TJ", "UZ", "AZ", "MD"), "RU", "work_region", "patent_region"),
    "document_at_entry": (("TJ",), "RU", "entry_document", "'passport'"),
}
FINES = {
    "fine_patent": ("patent",),
    "fine_medical": ("fingerprints_work", "fingerprints_other", "medical"),
    "fine_registration": ("registration_tj", "registration_kg"),
}
DATES = sorted({name for d in DUTIES.values() for name in (d[3], d[5])})
TEXTS = ["citizenship", "destination", "entry_purpose", "work_region", "patent_region", "entry_document"]
