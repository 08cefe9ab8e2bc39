"""What a wheel carries ready-made, so that an installation never waits for the YAML."""

from pathlib import Path
from typing import Any

from safar.law import pack, read, words


def packable(content: Path) -> dict[str, Any]:
    """The law and the words of every language as JSON-able data, by the name of their cache."""
    packed = {"law": pack.packed(read.build_law(content))}
    for language in words.LANGUAGES:
        packed[f"words-{language}"] = words.read_folder(content / "words" / language)
    return packed
