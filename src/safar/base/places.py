"""Where the content lies: beside the code in a checkout, inside the package in an installed wheel."""

from pathlib import Path


def content_path() -> Path:
    """The folder ``content/`` that belongs to this code."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "content"
    return installed if installed.is_dir() else package.parents[1] / "content"
