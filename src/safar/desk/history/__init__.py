"""Who looked: every look at a person, a list, a search, for auditors and supervisors."""
