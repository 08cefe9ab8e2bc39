"""The production server for real: with secrets or not at all, healthy, quiet about who asked, and gone when told."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psutil
import pytest

from safar.ops.access_log import plain_path
from tests.ops.test_doctor import GOOD
from tests.ops.test_embedded import gone, servers_of

SAFAR = [sys.executable, "-c", "from safar.ops.main import main; main()"]


@pytest.fixture(scope="module")
def production() -> Iterator[dict[str, str]]:
    """The environment of an installation of its own."""
    place = Path(tempfile.mkdtemp(prefix="safar-"))
    place.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SAFAR_", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    yield kept | GOOD | {
        "SAFAR_VAR": str(place), "SAFAR_HOSTS": "127.0.0.1", "SAFAR_BEHIND_PROXY": "1", "SAFAR_CARELESS": "1",
    }  # fmt: skip
    for process in servers_of(place):
        process.kill()
    shutil.rmtree(place, ignore_errors=True)


def asked(url: str) -> tuple[int, bytes]:
    request = Request(url, headers={"X-Forwarded-Proto": "https"})
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, b""


def asked_until_it_answers(url: str, server: subprocess.Popen[str]) -> tuple[int, bytes]:
    for _ in range(600):
        assert server.poll() is None, server.communicate()
        try:
            return asked(url)
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError("it never answered")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_it_does_not_start_without_secrets(production: dict[str, str]) -> None:
    for name in ("SAFAR_SECRET_KEY", "SAFAR_DOCUMENT_KEYS", "SAFAR_AUDIT_KEY"):
        done = subprocess.run(
            [*SAFAR, "serve"], env=production | {name: ""}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert f"{name} is not set" in done.stderr


@pytest.mark.slow
def test_it_serves_and_stops_when_told(production: dict[str, str]) -> None:
    port, var = free_port(), Path(production["SAFAR_VAR"])
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [*SAFAR, "serve", "--port", str(port), "--workers", "1"],
        env=production, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        try:
            assert asked_until_it_answers(f"{url}/health", server) == (200, b"ok\n")
            files = json.loads((var / "static" / "staticfiles.json").read_text())["paths"]
            hashed = next(name for plain, name in files.items() if plain.endswith(".css"))
            assert asked(f"{url}/static/{hashed}")[0] == 200
            assert asked(f"{url}/account/login/?next=/people/Jamshed/")[0] == 200
            found = doctored(production)
            first = worker_of(server)
            first.kill()
            assert worker_of(server, but=first.pid), "one that died is followed by another"
        finally:
            server.send_signal(signal.SIGTERM)
        out, err = server.communicate(timeout=60)

    assert server.returncode == 0, err
    assert '"GET /account/login/" 200' in out
    assert "Jamshed" not in out + err
    assert gone(var / "postgres")
    assert not workers(), "the worker goes with the server"
    assert {each["state"] for each in found if each["about"] in ("settings", "migrations", "walls")} == {"ok"}
    assert {each["about"] for each in found if each["state"] == "bad"} == {"careless"}


def worker_of(server: subprocess.Popen[str], *, but: int = 0) -> psutil.Process:
    """The worker beside a server; waits until there is one."""
    for _ in range(300):
        found = [one for one in psutil.Process(server.pid).children() if is_worker(one) and one.pid != but]
        if found:
            return found[0]
        time.sleep(0.2)
    raise AssertionError("no worker")


def workers() -> list[psutil.Process]:
    mine = os.environ.get("PYTEST_XDIST_WORKER", "")
    return [one for one in psutil.process_iter() if is_worker(one) and started_here(one, mine)]


def is_worker(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return any("work_on_a_leash" in word for word in process.cmdline())
    return False


def started_here(process: psutil.Process, worker: str) -> bool:
    with suppress(psutil.Error):
        return process.environ().get("PYTEST_XDIST_WORKER", "") == worker
    return False


def doctored(environment: dict[str, str]) -> list[dict[str, str]]:
    done = subprocess.run(
        [*SAFAR, "doctor", "--format", "json"], env=environment, capture_output=True, text=True, check=False
    )
    return list(json.loads(done.stdout))


PATHS = {
    "/people/0b9f3c1e-0000-4000-8000-00000000abcd/": "/people/0b9f3c1e-0000-4000-8000-00000000abcd/",
    "/people/?q=Rahimov": "/people/",
    "/people/Раҳимов/": "/people/…/",
    "/invitation/aB3/cd-12-token/": "/invitation/…",
    "/account/password/reset/key/1-secret/": "/account/password/reset/key/…",
    "/static/desk.0123abcd.css": "/static/desk.0123abcd.css",
}


@pytest.mark.parametrize("path", PATHS)
def test_the_log_of_requests_tells_no_name_and_no_token(path: str) -> None:
    assert plain_path(path) == PATHS[path]
