"""Every sentence that a page asks for by name is there."""

import re
from pathlib import Path

import safar.desk
from safar.words import LANGUAGES, read_words

DESK = Path(safar.desk.__file__).parent
# {% say "key" %}, and the keys that parts are given; what is put together with |add is not looked at.
ASKED = re.compile(
    r"""\{%\s*(?:say|notice\s+"\w+"|folded)\s+"([\w.]+)"(?!\|)|\b(?:title|about|hint)="([\w.]+\.[\w.]+)"(?!\|)"""
)


def asked() -> set[tuple[str, str]]:
    return {
        (path.relative_to(DESK).as_posix(), one or other)
        for path in DESK.rglob("*.html")
        for one, other in ASKED.findall(path.read_text("utf-8"))
    }


def test_pages_ask_for_something() -> None:
    assert ("ui/error.html", "ui.error.home") in asked()


def test_what_a_page_asks_for_is_there_in_every_language() -> None:
    missing = [
        f"{page} asks for {key}, which {language} lacks"
        for page, key in sorted(asked())
        for language in LANGUAGES
        if key not in read_words(language).sentences
    ]
    assert missing == []


REFUSED = re.compile(r"""\b(?:NotThere|NotAllowed|NotPossible|ChangedMeanwhile)Error\(\s*["'](\w+)["']""")


def test_what_casework_refuses_is_told_in_words() -> None:
    casework = DESK.parent / "casework"
    codes = {code for path in casework.rglob("*.py") for code in REFUSED.findall(path.read_text("utf-8"))}

    assert "not_allowed" in codes
    assert sorted(code for code in codes if f"refused.{code}" not in read_words("en").sentences) == []
