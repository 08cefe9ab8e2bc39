"""Packs the law and the words of the desk into the wheel, so that the first answer is as quick as the next."""

import json
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PackLaw(BuildHookInterface):
    """Writes ``safar/packed/*.json`` into a wheel; an editable installation reads the YAML itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Read the content once and add the result to the files of the wheel."""
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from safar.law.ship import packable
        from safar.words.catalogue import packable as packable_words

        target = root / "build" / "packed"
        target.mkdir(parents=True, exist_ok=True)
        packed = {**packable(root / "content"), **packable_words(root / "content")}
        for name, value in packed.items():
            path = target / f"{name}.json"
            path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), "utf-8")
            build_data["force_include"][str(path)] = f"safar/packed/{name}.json"
