"""An installed wheel works outside the checkout, content included, and answers at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
FACTS = {"citizenship": "TJ", "destination": "RU", "entry_purpose": "work", "entered_on": "2024-10-01"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Safar from its wheel; what it depends on comes from the venv."""
    folder = tmp_path_factory.mktemp("wheel")
    uv = [sys.executable, "-m", "uv"]
    build = [
        "build",
        "--wheel",
        "--no-build-isolation",
        "--quiet",
        "--python",
        sys.executable,
        "--out-dir",
        str(folder),
    ]
    subprocess.run([*uv, *build, str(CHECKOUT)], check=True, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    target = folder / "site"
    install = [
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--offline",
        "--python",
        sys.executable,
        "--target",
        str(target),
    ]
    subprocess.run([*uv, *install, str(wheel)], check=True, cwd=folder)
    return target


def run(installed: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); from safar.ops.main import main; main()"
    environment = {**os.environ, "XDG_CACHE_HOME": str(installed.parent / "cache")}
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        input=stdin, capture_output=True, text=True, cwd=installed.parent, env=environment, check=False,
    )  # fmt: skip


def test_the_wheel_answers_outside_the_checkout(installed: Path) -> None:
    answer = run(installed, "law", "assess", "-", "--on", "2024-10-20", stdin=json.dumps(FACTS))

    assert answer.returncode == 0, answer.stderr
    findings = {finding["provision"]: finding for finding in json.loads(answer.stdout)["findings"]}
    assert findings["RU-PATENT-30D"]["due_on"] == "2024-10-30"
    assert (installed / "safar" / "packed" / "law.json").is_file()
    assert not list((installed.parent / "cache").glob("safar/law-*"))  # nothing had to be read anew


def test_the_wheel_carries_the_whole_content(installed: Path) -> None:
    checked = run(installed, "law", "check", "--format", "json")

    report = json.loads(checked.stdout)
    assert report["problems"] == []
    assert sum(row["rules"] for row in report["coverage"]) >= 232
