"""Settings of the tests: the desk's own, with data of their own and files as they lie.

pytest-django reads the settings before any conftest, so what the environment must say is said here.
"""

import os
from pathlib import Path

# The tests' own embedded database, unless DATABASE_URL names a server; cookies over http, as in a demonstration.
os.environ.setdefault("SAFAR_VAR", str(Path(__file__).resolve().parents[1] / "var" / "test"))
os.environ.setdefault("SAFAR_DEMO", "1")
os.environ.setdefault("SAFAR_CARELESS", "1")
# A sentence that is missing in a language fails a test instead of showing in the next language.
os.environ.setdefault("SAFAR_STRICT_WORDS", "1")

from safar.site.settings import *  # noqa: F403
from safar.site.settings import MIDDLEWARE, STORAGES

# No collectstatic before a test: an address is the file's own name.
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
