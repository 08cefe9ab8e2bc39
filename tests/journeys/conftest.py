"""A real server on a real database, a real Chromium: what an officer would have in front of them.

The server works in threads of this process, as the role safar_app, on a database of its own that is copied from the
tests' one, so that what a journey writes reaches no other test. Sentences of the tests come from content/words.
"""

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from safar.records.models import Officer
from tests.casework.conftest import furnish

# While Playwright works it keeps an event loop in this thread. Django takes that for an asynchronous caller, and gives
# it connections of its own: so the database is copied before Playwright starts, and those are closed before it stops.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Axe takes every drawing for a picture and judges no letters on one: here the colour of each is held against its halo,
# or against what is painted under it. Returned are those that fall short of 4.5 to 1 (WCAG 1.4.3).
LETTERS_OF_DRAWINGS = r"""() => {
  const parts = (colour) => colour.match(/[\d.]+/g)?.map(Number) ?? [];
  const solid = (colour) => colour.startsWith("rgb") && (parts(colour)[3] ?? 1) === 1;
  const light = (colour) => parts(colour).slice(0, 3)
    .map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const painted = (one) => one instanceof SVGGeometryElement ? getComputedStyle(one).fill
    : one instanceof SVGElement ? "none" : getComputedStyle(one).backgroundColor;
  const ground = (text) => {
    const { paintOrder, stroke } = getComputedStyle(text);
    if (paintOrder.startsWith("stroke") && solid(stroke)) return stroke;
    text.scrollIntoView({ block: "center" });
    const box = text.getBoundingClientRect();
    return document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2).map(painted).find(solid);
  };
  const letters = [...document.querySelectorAll("svg text")];
  return letters.filter((one) => one.checkVisibility({ visibilityProperty: true })).flatMap((text) => {
    const fill = getComputedStyle(text).fill, under = ground(text) ?? "nothing";
    const [low, high] = [light(fill), light(under)].sort((one, two) => one - two);
    return (high + 0.05) / (low + 0.05) >= 4.5 ? [] : [`${text.textContent}: ${fill} on ${under}`];
  });
}"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Chromium notes every answer of a script's request that is not 2xx; a form that came back to be mended is meant to be.
FORM_CAME_BACK = "Failed to load resource: the server responded with a status of 422"
SCREENS = Path(__file__).resolve().parents[2] / "var" / "screens"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every journey needs Chromium and a test database; all of them run in one worker, beside one server."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for marker in (pytest.mark.browser, pytest.mark.django_db, pytest.mark.xdist_group("journeys")):
                item.add_marker(marker)


class JourneyServer:
    """The desk at ``url``. ``with server.writing():`` the test itself works on the server's database, as its owner."""

    def __init__(self, database: str) -> None:
        self.database = database
        self._local = threading.local()
        self._server = ThreadedWSGIServer(("127.0.0.1", 0), _QuietHandler)
        self._server.set_app(self._answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._app = StaticFilesHandler(WSGIHandler())

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer in a thread whose database is the server's, under the role that serves officers."""
        if not hasattr(self._local, "connection"):
            self._local.connection = connections["default"] = self._connection(role="safar_app")
        return self._app(environ, start_response)

    def _connection(self, role: str = "") -> Any:
        usual = connections.settings["default"]
        options = {**usual.get("OPTIONS", {}), **({"options": f"-c role={role}"} if role else {})}
        connections.settings["default"] = {**usual, "NAME": self.database, "OPTIONS": options}
        try:
            return connections.create_connection("default")
        finally:
            connections.settings["default"] = usual

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Within it, models of this thread are those of the server's database; what is written is committed."""
        usual = connections["default"]
        connections["default"] = mine = self._connection()
        try:
            yield
        finally:
            mine.close()
            connections["default"] = usual

    def session_of(self, username: str) -> dict[str, Any]:
        """The cookie of a session in which an officer has signed in."""
        from django.contrib.auth import get_user_model

        client = Client()
        with self.writing():
            client.force_login(
                get_user_model().objects.get(username=username),
                backend="allauth.account.auth_backends.AuthenticationBackend",
            )
        cookie = next(iter(client.cookies.values()))
        return {"name": cookie.key, "value": cookie.value, "url": self.url}

    def speaks(self, username: str, language: str) -> None:
        """From now on this officer's pages are in that language: their own choice goes before the browser's."""
        with self.writing():
            Officer.objects.filter(username=username).update(language=language)

    def forget_choices(self) -> None:
        """No officer has chosen a language yet."""
        with self.writing():
            Officer.objects.update(language=Officer._meta.get_field("language").default)

    def stop(self) -> None:
        """Close the door."""
        self._server.shutdown()
        self._server.server_close()


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing between the lines of the tests."""


@pytest.fixture(scope="package")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[JourneyServer]:
    """The desk, running, with the officers of the casework tests and nobody in its register yet."""
    with django_db_blocker.unblock():
        usual = connections["default"]
        usual.close()
        name = f"{usual.settings_dict['NAME']}_journeys"
        assert name.startswith("test_"), "never a copy of a register that is in use"
        with usual._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{usual.settings_dict["NAME"]}"')
        running = JourneyServer(name)
        with running.writing():
            furnish()
        yield running
        running.stop()
        with usual._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="package")
def browser(chromium: str, server: JourneyServer, django_db_blocker: Any) -> Iterator[Browser]:
    """Chromium, once for all journeys."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture
def visit(browser: Browser, server: JourneyServer) -> Iterator[Callable[..., Page]]:
    """``visit("/people/", who="isfara", size=PHONE, dark=True, language="tg")``: the page, opened.

    Without ``who`` nobody has signed in. An officer reads the language of their own choice, English until
    ``server.speaks`` says otherwise. An error in a script, or anything that the page's own policy had to stop, fails
    the test.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []
    server.forget_choices()

    def opened(
        path: str, who: str = "", size: dict[str, int] = DESKTOP, *, dark: bool = False, language: str = "en",
        scripts: bool = True,
    ) -> Page:  # fmt: skip
        context = browser.new_context(
            base_url=server.url,
            viewport=size,
            color_scheme="dark" if dark else "light",
            locale=language,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if who:
            context.add_cookies([server.session_of(who)])
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{path}: {error}"))
        page.on(
            "console",
            lambda said: (
                wrong.append(f"{path}: {said.text}")
                if said.type == "error" and FORM_CAME_BACK not in said.text
                else None
            ),
        )
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """``accessible(page)``: axe finds nothing against WCAG 2.2 AA and its own best practice, nor do we in drawings."""
    axe = Axe()

    def check(page: Page) -> None:
        only = {
            "runOnly": {"type": "tag", "values": WCAG},
            "resultTypes": ["violations", "incomplete"],
        }
        found = axe.run(page, options=only).response
        # What axe could not see is a failure too, or a picture behind the text would hide every contrast.
        unseen = [
            node
            for each in found["incomplete"]
            if each["id"] == "color-contrast"
            for node in each["nodes"]
            if not any(re.search("partially obscured|overlapped by", said["message"]) for said in node["any"])
            and not node["html"].startswith("<text")
        ]
        told = [
            f"{rule['id']}: {rule['help']}: {node['html'][:200]} {[said['message'] for said in node['any']]}"
            for rule in [*found["violations"], {"id": "not seen", "help": "contrast", "nodes": unseen}]
            for node in rule["nodes"][:3]
        ]
        assert [*told, *page.evaluate(LETTERS_OF_DRAWINGS)] == []

    return check


@pytest.fixture
def screenshot() -> Callable[..., Path]:
    """``screenshot(page, "today phone")``: the whole page as a picture under var/screens."""

    def take(page: Page, name: str, *, whole: bool = True) -> Path:
        SCREENS.mkdir(parents=True, exist_ok=True)
        path = SCREENS / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png"
        page.screenshot(path=path, full_page=whole)
        return path

    return take
