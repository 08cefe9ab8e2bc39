"""What every test may ask for: Hypothesis profiles, and Java, Node and Chromium where a test needs them.

Where one of them is missing a test is skipped and says so; with SAFAR_REQUIRE_JAVA=1, SAFAR_REQUIRE_NODE=1 or
SAFAR_REQUIRE_CHROMIUM=1 (set by .ci/run) it fails instead, so that nothing goes unproved in silence.
"""

import os
import re
import shutil
import subprocess

import pytest
from hypothesis import settings

from tests.template_database import django_db_modify_db_settings  # noqa: F401  a fixture

# "ci" replaces Hypothesis' own profile of that name, which tries the same examples every night.
settings.register_profile("ci", derandomize=False, deadline=None, print_blob=True)
settings.register_profile("local", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")

JAVA_NEEDED = 17


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs all tests that need Spark, so that one Java machine starts and not one a worker."""
    for item in items:
        if item.get_closest_marker("spark"):
            item.add_marker(pytest.mark.xdist_group("spark"))


@pytest.fixture(autouse=True)
def _what_the_marker_needs(request: pytest.FixtureRequest) -> None:
    for marker, fixture in (("spark", "java"), ("node", "node"), ("browser", "chromium")):
        if request.node.get_closest_marker(marker):
            request.getfixturevalue(fixture)


@pytest.fixture(scope="session")
def java() -> str:
    """The path of a Java that Spark can use."""
    path = shutil.which("java")
    if path is None:
        _missing("JAVA", "java is not installed")
    told = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(?:1\.)?(\d+)', told)
    if version is None or int(version[1]) < JAVA_NEEDED:
        _missing("JAVA", f"Spark needs Java {JAVA_NEEDED} or later")
    return path


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node.js."""
    path = shutil.which("node")
    if path is None:
        _missing("NODE", "node is not installed")
    return path


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium: PLAYWRIGHT_CHROMIUM, or the one that is installed."""
    path = (
        os.environ.get("PLAYWRIGHT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if path is None or not os.access(path, os.X_OK):
        _missing("CHROMIUM", "Chromium is not installed (or PLAYWRIGHT_CHROMIUM names none)")
    return str(path)


def _missing(what: str, reason: str) -> None:
    if os.environ.get(f"SAFAR_REQUIRE_{what}") == "1":
        pytest.fail(f"{reason}, and SAFAR_REQUIRE_{what}=1 says it must be", pytrace=False)
    pytest.skip(reason)
