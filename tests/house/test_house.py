"""The rules of the house that no linter knows: doors, sizes, names, the clock, pins, what files may tell."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "safar"

MODULE_LINES, FUNCTION_LINES, DOOR_NAMES = 400, 40, 12
DRAWERS = {"util", "utils", "common", "helper", "helpers", "core", "misc", "tools", "lib"}
CLOCK_ROOMS = {"desk", "portal", "exchange", "ops", "site"}
CLOCKS = {
    "datetime.date.today", "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow",
    "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime",
    "django.utils.timezone.now", "django.utils.timezone.localdate", "django.utils.timezone.localtime",
}  # fmt: skip
# Which rooms a contract leaves out on purpose; all others must stand in its list.
LEFT_OUT = {
    "django": {"site", "desk", "portal", "exchange", "ops", "casework", "records"},
    "duckdb": {"linkage"},
    "pyspark": {"lake", "law"},
}
NOT_OURS = {
    ".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis",
    ".import_linter_cache", "build", "dist", "var", "out", "node_modules",
}  # fmt: skip


def modules() -> list[Path]:
    found = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    assert found, f"no module under {SOURCE}"
    return found


def rooms() -> list[str]:
    return sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


# Sizes and names


def test_modules_are_short() -> None:
    counts = {shown(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert [f"{name}: {lines} lines" for name, lines in counts.items() if lines > MODULE_LINES] == []


def test_functions_are_short() -> None:
    long = [
        f"{shown(path)}:{node.lineno} {node.name}: {lines} lines"
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert long == []


def test_no_drawer_for_odds_and_ends() -> None:
    assert [shown(path) for path in SOURCE.rglob("*") if path.stem.strip("_") in DRAWERS] == []


# Doors


def test_every_folder_is_a_room_with_a_door() -> None:
    folders = {path.name for path in SOURCE.iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    assert sorted(folders - set(rooms())) == []


@pytest.mark.parametrize("room", rooms())
def test_a_door_says_what_goes_in_and_out(room: str) -> None:
    told = ast.get_docstring(tree_of(SOURCE / room / "__init__.py")) or ""
    assert told.startswith(f"{room}: "), "the docstring must begin with the room's name"
    places = [told.find(word) for word in ("In:", "Out:", "Never:")]
    assert -1 not in places, "the docstring must say In:, Out: and Never:"
    assert places == sorted(places), "the docstring must say In:, Out:, Never: in this order"


@pytest.mark.parametrize("room", rooms())
def test_a_door_exports_at_most_a_dozen_names(room: str) -> None:
    body = tree_of(SOURCE / room / "__init__.py").body[1:]
    exported = next(
        (ast.literal_eval(node.value) for node in body
         if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"),
        None,
    )  # fmt: skip
    assert exported is not None or not body, "a door that holds more than its docstring needs __all__"
    assert len(exported or ()) <= DOOR_NAMES


# Who may import whom: what import-linter cannot see


@pytest.mark.parametrize("contract", sorted(LEFT_OUT))
def test_a_contract_forgets_no_room(contract: str) -> None:
    contracts = {item["id"]: item for item in project()["tool"]["importlinter"]["contracts"]}
    listed = {name.removeprefix("safar.") for name in contracts[contract]["source_modules"]}
    assert listed == set(rooms()) - LEFT_OUT[contract]


def test_base_knows_the_standard_library_alone() -> None:
    allowed = sys.stdlib_module_names | {"safar.base"}
    strange = [
        f"{shown(path)} imports {name}"
        for path in sorted((SOURCE / "base").rglob("*.py"))
        for name in imported(tree_of(path))
        if name.split(".")[0] not in allowed and ".".join(name.split(".")[:2]) not in allowed
    ]
    assert strange == []


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_only_a_door_reads_the_clock() -> None:
    """The day is read where a request or a command comes in and is passed down as `on`."""
    read = [
        f"{shown(path)}:{line} reads {name}"
        for path in modules()
        if path.relative_to(SOURCE).parts[0] not in CLOCK_ROOMS
        for line, name in clocks_read(tree_of(path))
    ]
    assert read == []


def clocks_read(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Mentions count, not calls alone: `default=date.today` reads the clock too."""
    full = dict(full_names(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            first, _, rest = ast.unparse(node).partition(".")
            name = f"{full.get(first, first)}.{rest}".rstrip(".")
            if name in CLOCKS:
                yield node.lineno, name


def full_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.split(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


# What is pinned


def pins() -> dict[str, tuple[Requirement, int]]:
    """Requirement by name, with its number of hashes."""
    text = (ROOT / "requirements.txt").read_text("utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            requirement = Requirement(re.split(r"\s--hash=", line)[0].strip())
            found[canonicalize_name(requirement.name)] = requirement, line.count("--hash=sha256:")
    return found


def test_requirements_are_pinned_by_hash() -> None:
    assert pins()
    assert [name for name, (_, hashes) in pins().items() if hashes == 0] == []
    assert [
        name for name, (pin, _) in pins().items() if not re.fullmatch("==[^*,]+", str(pin.specifier))
    ] == []


def test_requirements_name_no_address() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert [
        line for line in lines if re.search(r"://|^\s*(-i|-f|--(extra-)?index-url|--find-links)\b", line)
    ] == []


def test_requirements_hold_what_the_project_needs() -> None:
    """Change pyproject.toml, then `make requirements`."""
    data = project()
    extras = data["project"]["optional-dependencies"].values()
    wanted = [
        *data["project"]["dependencies"],
        *data["build-system"]["requires"],
        *(x for e in extras for x in e),
    ]
    lacking = []
    for need in map(Requirement, wanted):
        pin, _ = pins().get(canonicalize_name(need.name), (None, 0))
        version = str(pin.specifier).removeprefix("==") if pin else None
        if version is None or not need.specifier.contains(version, prereleases=True):
            lacking.append(f"{need} (pinned: {version})")
    assert lacking == []


# What a file must not tell: the machine it was written on, and where packages come from

_HOMES = "|".join(("work", "root", "home", "Users", "opt"))
_HOSTS = "|".join(("pypi", "pythonhosted", "npmjs", "jsdelivr", "unpkg", "anaconda"))
TELLTALES = {
    "a path on a machine": re.compile(rf"(?<![\w.:/*}}-])/(?:{_HOMES})/\w|\b[A-Z]:\\+Users"),
    "the address of a package registry": re.compile(rf"\b(?:{_HOSTS})\.(?:org|com|net)\b"),
}


def files() -> list[Path]:
    """Files of the project: what git knows or would take, or, without git, all but what is built."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = [
            "git",
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if told.returncode == 0:
            return [path for name in told.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and not NOT_OURS & set(path.relative_to(ROOT).parts)
        and ".egg-info" not in str(path)
    ]


def test_no_file_tells_of_a_machine() -> None:
    told = []
    for path in files():
        try:
            lines = path.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for what, pattern in TELLTALES.items():
            told += [f"{shown(path)}:{n}: {what}" for n, line in enumerate(lines, 1) if pattern.search(line)]
    assert told == []
