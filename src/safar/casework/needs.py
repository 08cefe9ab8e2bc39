"""Who needs help and why, kept up to date: after every statement for one person, and each night for everybody."""

from datetime import date

from safar.records.models import Person


def refresh_needs(person: Person, *, on: date) -> None:
    """Reckon a person's needs anew."""
