"""Numbers of rows as addresses and forms show them. Rows are counted up over all registers; whoever saw the count could
tell how much others write. So a number is enciphered, and nobody learns anything from it or guesses the next.

``path("officers/<hidden:officer_id>/", …)`` hands the number to the view and takes it in ``{% url %}``; in a form,
``{{ line.officer_id|hidden }}`` writes and ``read_hidden`` reads it.
"""

import base64
import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django import template
from django.conf import settings
from django.urls import register_converter

LETTERS = 22
ZEROS = bytes(8)

register = template.Library()


@register.filter
def hidden(number: int) -> str:
    """22 letters, digits, - and _ that stand for a number."""
    sealed = _cipher().encryptor().update(ZEROS + number.to_bytes(8, "big"))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_hidden(text: str) -> int | None:
    """The number again; None where it was not hidden here."""
    try:
        sealed = base64.urlsafe_b64decode(text + "==")
        plain = _cipher().decryptor().update(sealed) if len(sealed) == 16 else b""
    except ValueError:
        return None
    return int.from_bytes(plain[8:], "big") if plain[:8] == ZEROS else None


class HiddenConverter:
    """A hidden number in an address; what was not hidden here is no address at all."""

    regex = rf"[\w-]{{{LETTERS}}}"

    def to_python(self, value: str) -> int:
        """The number; ValueError, which Django takes for no match, where it is none."""
        number = read_hidden(value)
        if number is None:
            raise ValueError
        return number

    def to_url(self, value: int | str) -> str:
        """The number, hidden."""
        return hidden(int(value))


register_converter(HiddenConverter, "hidden")


def _cipher() -> Cipher[modes.ECB]:
    """One block holds the whole number, so that the plainest mode gives nothing away."""
    key = hashlib.sha256(f"hidden:{settings.SECRET_KEY}".encode()).digest()[:16]
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305
