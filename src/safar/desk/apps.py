"""The Django app of the desk: its template tags and static files."""

from django.apps import AppConfig


class Desk(AppConfig):
    """Pages for officers."""

    name = "safar.desk"
    label = "desk"
