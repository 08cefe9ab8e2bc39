"""Places: from country down to community, as one tree whose paths are prefixes of one another."""

from django.db import models

LEVELS = ("country", "province", "district", "unit", "community")


class Place(models.Model):
    """A place of ``content/places``. Scope is a range of paths: whoever may see ``TJ.SU.`` may see ``TJ.SU.ISF.``."""

    id = models.TextField(primary_key=True)  # TJ-SU-ISF-001
    path = models.TextField(unique=True, db_collation="C")  # TJ.SU.ISF.U03.001.
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.TextField(choices=[(level, level) for level in LEVELS])
    kind = models.TextField()
    names = models.JSONField(default=dict)  # {language: name}
    name_how = models.JSONField(
        default=dict
    )  # {language: given | rule}: a source spells it, or our rule does
    former_names = models.JSONField(default=list)  # [{text, language, since, until, source}]
    codes = models.JSONField(default=dict)  # {pcode, soate, iso_3166_2, geonames, wof}
    valid_from = models.TextField(blank=True)  # as sure as it is known: 2024, 2024-06, 2024-06-27
    valid_until = models.TextField(blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    population = models.IntegerField(null=True)
    population_year = models.IntegerField(null=True)
    population_source = models.TextField(blank=True)
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["parent"])]


class Boundary(models.Model):
    """The outline of a place in an official layer that somebody loaded; without one the map is schematic."""

    place = models.OneToOneField(Place, models.CASCADE, primary_key=True, related_name="boundary")
    layer = models.TextField()  # the source that is named beside the map
    name = models.TextField(blank=True)  # as the layer calls it
    how = models.TextField(default="")  # by what it was known to be this place: pcode, name, points, …
    outline = models.JSONField()  # a GeoJSON geometry, longitude and latitude in degrees
    loaded_at = models.DateTimeField()
