"""The embedded server against what happens to computers: it starts again, for whoever, wherever, and none is left.

Each test works in processes of its own, as `safar` does.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="another server than the embedded one")

NOBODY = 65_534
# Uses the server, says its number, and goes when its input ends. As somebody else, if a number is given: only after its
# imports, because the Python that runs the tests may lie where nobody else may go.
USER = """
import os, sys
from pathlib import Path
import psycopg
import encodings.idna, psycopg.pq, psycopg._acompat
from safar.site.database.embedded import running_server
if len(sys.argv) > 2:
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
def ask():
    with psycopg.connect(host=running_server(Path(sys.argv[1])), user="postgres", dbname="safar") as connection:
        connection.execute("SELECT pg_advisory_xact_lock(1)")  # else two that begin at once may both create it
        connection.execute("CREATE TABLE IF NOT EXISTS kept (what text)")
        print(int((Path(sys.argv[1]) / "postmaster.pid").read_text().split()[0]), flush=True)
ask()
for line in sys.stdin:
    ask()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where a server may keep its data; whatever still serves it is ended after the test."""
    place = Path(tempfile.mkdtemp(prefix="safar-"))
    place.chmod(0o755)
    yield place / "postgres"
    for process in servers_of(place):
        process.kill()
    shutil.rmtree(place, ignore_errors=True)


def servers_of(place: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["name", "cmdline", "status"]):
        told = process.info["cmdline"] or []
        if process.info["name"] == "postgres" and any(str(place) in word for word in told):
            found.append(process)
    return [process for process in found if process.info["status"] != psutil.STATUS_ZOMBIE]


def user_of(folder: Path, *, somebody: int | None = None, **more: object) -> subprocess.Popen[str]:
    arguments = [str(folder)] if somebody is None else [str(folder), str(somebody)]
    return subprocess.Popen(
        [sys.executable, "-c", USER, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"SAFAR_CARELESS": "1"}, **more,
    )  # fmt: skip


def number(user: subprocess.Popen[str]) -> int:
    line = user.stdout.readline()
    assert line, user.stderr.read()
    return int(line)


def leave(user: subprocess.Popen[str]) -> None:
    user.stdin.close()
    assert user.wait(60) == 0


def gone(folder: Path) -> bool:
    """Whether nothing serves the folder any more, after a moment."""
    for _ in range(100):
        if not servers_of(folder):
            return True
        time.sleep(0.1)
    return False


def test_it_stops_with_its_last_user(folder: Path) -> None:
    first, second = user_of(folder), user_of(folder)  # both at once, into an empty folder

    assert number(first) == number(second)
    leave(first)
    assert servers_of(folder)
    leave(second)

    assert gone(folder)


def test_ctrl_c_stops_it(folder: Path) -> None:
    user = user_of(folder, start_new_session=True)
    number(user)

    os.killpg(user.pid, signal.SIGINT)
    user.wait(60)

    assert gone(folder)


def test_a_killed_user_leaves_nothing_that_the_next_one_does_not_mend(folder: Path) -> None:
    user = user_of(folder)
    served = number(user)
    user.kill()
    user.wait()

    following = user_of(folder)
    assert number(following) == served
    leave(following)

    assert gone(folder)


def test_a_killed_server_starts_again_under_its_user(folder: Path) -> None:
    user = user_of(folder)
    served = number(user)

    os.kill(served, signal.SIGKILL)
    time.sleep(0.2)
    user.stdin.write("again\n")
    user.stdin.flush()

    assert number(user) != served
    leave(user)
    assert gone(folder)


def test_numbers_that_belong_to_others_now_do_not_stand_in_the_way(folder: Path) -> None:
    user = user_of(folder)
    os.kill(number(user), signal.SIGKILL)
    user.kill()
    user.wait()
    assert gone(folder)
    lock, users = folder / "postmaster.pid", folder / ".handle_pids.json"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with subprocess.Popen(["sleep", "120"]) as stranger:
        users.write_text(json.dumps([stranger.pid]))
        os.utime(users, (1_000_000_000, 1_000_000_000))

        following = user_of(folder)
        number(following)
        leave(following)

        assert gone(folder)
        stranger.kill()


def test_a_path_longer_than_a_socket_may_have(folder: Path) -> None:
    far = folder.parent / ("long" * 20) / ("longer" * 10) / "postgres"

    user = user_of(far)
    number(user)
    leave(user)

    assert gone(far)


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")


@as_root
def test_an_ordinary_user_has_it_too(folder: Path) -> None:
    os.chown(folder.parent, NOBODY, NOBODY)

    user = user_of(folder, somebody=NOBODY, cwd="/")
    number(user)
    assert folder.stat().st_uid == NOBODY
    leave(user)

    assert gone(folder)


@as_root
def test_a_folder_that_may_not_be_written_is_named(folder: Path) -> None:
    user = user_of(folder, somebody=NOBODY, cwd="/")
    assert user.wait(60) == 1

    assert "set SAFAR_VAR to a folder that you own" in user.stderr.read()
