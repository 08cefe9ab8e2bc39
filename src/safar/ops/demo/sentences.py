"""The demonstration's own sentences in one language."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from safar.base import content_path, day_number
from safar.law import Words, read_words
from safar.law.store import load_yaml


@dataclass(frozen=True)
class Sentences:
    """``say`` fills a sentence; the law's words give titles, days and labels."""

    own: dict[str, str]
    words: Words

    def say(self, key: str, **values: Any) -> str:
        """A sentence with its placeholders filled; whole numbers get thousands apart."""
        shown = {k: f"{v:,}" if isinstance(v, int) else v for k, v in values.items()}
        return self.own[key].format(**shown)

    def day(self, day: date) -> str:
        """A day as people write it."""
        return self.words.day(day_number(day))

    def status(self, status: str) -> str:
        """A status in words."""
        return str(self.words.labels["statuses"].get(status, status))

    def miss(self, fine: str, months: int) -> str:
        """What a miss costs, in one line."""
        parts = [fine] if fine else []
        if months:
            parts.append(self.say("ban_months", months=months))
        return ", ".join(parts) or self.say("nothing_known")


def sentences(language: str) -> Sentences:
    """The sentences of one language."""
    own = load_yaml(content_path() / "words" / language / "demo.yaml")
    return Sentences(own, read_words(language))
