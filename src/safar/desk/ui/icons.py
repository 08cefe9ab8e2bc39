"""The icons of icons.svg, ready to stand in a page."""

import re
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SYMBOL = re.compile(r'<symbol id="(\w+)">(.*)</symbol>')


def icon(name: str, label: str = "") -> SafeString:
    """An icon as inline SVG; without a label it is for the eye only. KeyError where there is no such icon."""
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" {}>{}</svg>', role, drawn()[name]
    )


@cache
def drawn() -> dict[str, SafeString]:
    """Every icon's lines by name."""
    text = Path(__file__).with_name("icons.svg").read_text("utf-8")
    return {name: mark_safe(lines) for name, lines in SYMBOL.findall(text)}  # noqa: S308 - our own file
