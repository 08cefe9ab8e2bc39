"""Identity documents: sealed for keeping, and hashed with a key for finding them again."""

import base64
import hashlib
import hmac
import re
import unicodedata
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from safar.base import DataError

# Letters that look alike in both scripts: a clerk types the series of a passport in either.
_ALIKE = str.maketrans("АВЕКМНОРСТУХЅІЈ", "ABEKMHOPCTYXSIJ")


def seal(number: str) -> bytes:
    """A document's number under the first key."""
    return _keys().encrypt(number.encode())


def unseal(sealed: bytes) -> str:
    """The number again; DataError where no key opens it."""
    try:
        return _keys().decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise DataError("a document was sealed with a key that SAFAR_DOCUMENT_KEYS does not hold") from None


def seal_content(content: bytes) -> bytes:
    """A file's content under the first key."""
    return _keys().encrypt(content)


def unseal_content(sealed: bytes) -> bytes:
    """The content again; DataError where no key opens it."""
    try:
        return _keys().decrypt(bytes(sealed))
    except InvalidToken:
        raise DataError("a file was sealed with a key that SAFAR_DOCUMENT_KEYS does not hold") from None


def number_key(number: str) -> bytes:
    """32 bytes by which a number is found, however it was spaced and in whichever script its letters are."""
    return keyed_hash(plain_number(number), "document")


def plain_number(number: str) -> str:
    """Letters and digits alone, in capitals, Latin where the letter exists in both scripts."""
    text = unicodedata.normalize("NFKC", number).upper().translate(_ALIKE)
    return re.sub(r"[^A-Z0-9А-ЯЁ]", "", text)


def keyed_hash(text: str, what: str) -> bytes:
    """SHA-256 of a text with the oldest key, which stays the same when a newer key is put before it."""
    key = hashlib.sha256(f"{what}:{settings.DOCUMENT_KEYS[-1]}".encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _keys() -> MultiFernet:
    return _derived(tuple(settings.DOCUMENT_KEYS))


@lru_cache(maxsize=4)
def _derived(keys: tuple[str, ...]) -> MultiFernet:
    derived = (hashlib.sha256(f"seal:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
