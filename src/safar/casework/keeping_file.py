"""The file a backup lies in: a zip with one member a table, a manifest with digests as its last member, inside age.

age (age-encryption.org) is a field standard: whoever holds the key can open a backup without Safar too. The key for
writing is public, so a server that makes backups cannot read them.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread
from typing import IO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, is_zipfile
from zlib import error as zlib_error

import psutil
import pyrage

from safar.base import DataError
from safar.lake import whole_file

FORMAT = 1
MANIFEST, ANCHORS = "manifest.json", "anchors.log"
PIECE = 1 << 20  # bytes
SECRET = "AGE-SECRET-KEY-"  # noqa: S105  how such a key begins
BROKEN = "{path}: is broken or was cut short; take another copy of this backup"


@dataclass(frozen=True)
class TableKept:
    """A table as it was kept: its columns in order, how many rows, SHA-256 of its text as COPY writes it."""

    columns: tuple[str, ...]
    rows: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """What is in a backup. ``keys``: for each name of a secret the fingerprints of the keys that were in use."""

    format: int
    made_at: str
    safar: str
    migrations: tuple[str, ...]
    tables: Mapping[str, TableKept]
    sequences: Mapping[str, tuple[int, bool]]
    keys: Mapping[str, tuple[str, ...]]
    anchors: str  # digest of anchors.log; '' where there was none

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(table.rows for table in self.tables.values())


@dataclass(frozen=True)
class Backup:
    """A backup opened and found whole."""

    manifest: Manifest
    members: ZipFile

    def table(self, name: str) -> Iterator[bytes]:
        """The text of a table, piece by piece."""
        return pieces(self.members, name)

    def anchors(self) -> bytes:
        """The anchors as they were; empty where there were none."""
        return self.members.read(ANCHORS) if self.manifest.anchors else b""


def new_keys() -> tuple[str, str]:
    """A secret key, and the public one that belongs to it."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


@contextmanager
def new_backup(path: Path, key: str) -> Iterator[ZipFile]:
    """A zip to write into; it becomes ``path``, for its owner alone, once all went well. No key: not encrypted."""
    recipient = _recipient(key) if key else None
    _forget_parts(path)
    with whole_file(path) as part:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            if recipient is None:
                with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=3) as members:
                    yield members
            else:
                with (
                    _encrypted(file, recipient) as inner,
                    ZipFile(inner, "w", ZIP_DEFLATED, compresslevel=3) as members,
                ):
                    yield members
            file.flush()
            os.fsync(file.fileno())


def write_manifest(members: ZipFile, manifest: Manifest) -> None:
    """The last member: without it a backup is not one."""
    members.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))


@contextmanager
def open_backup(path: Path, key: str) -> Iterator[Backup]:
    """A backup whose every digest was checked. DataError if it is broken, of another format, or of another key."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    with file, tempfile.TemporaryFile() as opened:
        source = file if is_zipfile(file) else _decrypted(file, opened, path, key)
        try:
            members = ZipFile(source)
            backup = Backup(_manifest(members, path), members)
            _check_digests(backup, path)
        except (BadZipFile, EOFError, ValueError, KeyError, TypeError, zlib_error) as error:
            raise DataError(BROKEN.format(path=path)) from error
        yield backup


def pieces(members: ZipFile, name: str) -> Iterator[bytes]:
    """A member, piece by piece."""
    with members.open(name) as member:
        while piece := member.read(PIECE):
            yield piece


def _manifest(members: ZipFile, path: Path) -> Manifest:
    told = json.loads(members.read(MANIFEST))
    if told["format"] != FORMAT:
        raise DataError(f"{path}: is a backup of format {told['format']}, and this Safar reads {FORMAT}")
    tables = {
        name: TableKept(tuple(table["columns"]), table["rows"], table["digest"])
        for name, table in told["tables"].items()
    }
    sequences = {name: (value, called) for name, (value, called) in told["sequences"].items()}
    keys = {name: tuple(prints) for name, prints in told["keys"].items()}
    return Manifest(
        **told
        | {"migrations": tuple(told["migrations"]), "tables": tables, "sequences": sequences, "keys": keys}
    )


def _check_digests(backup: Backup, path: Path) -> None:
    wanted = {name: table.digest for name, table in backup.manifest.tables.items()}
    if backup.manifest.anchors:
        wanted[ANCHORS] = backup.manifest.anchors
    for name, digest in wanted.items():
        found = hashlib.sha256()
        for piece in pieces(backup.members, name):
            found.update(piece)
        if found.hexdigest() != digest:
            raise DataError(BROKEN.format(path=path))


@contextmanager
def _encrypted(file: IO[bytes], recipient: pyrage.x25519.Recipient) -> Iterator[IO[bytes]]:
    """What is written goes through age into ``file``; never unencrypted to a disk."""
    reading, writing = os.pipe()
    trouble: list[BaseException] = []

    def work() -> None:
        try:
            with os.fdopen(reading, "rb") as source:
                pyrage.encrypt_io(source, file, [recipient])
        except BaseException as error:
            trouble.append(error)

    worker = Thread(target=work)
    worker.start()
    try:
        with os.fdopen(writing, "wb") as sink:
            yield sink
    finally:
        worker.join()
    if trouble:
        raise trouble[0]


def _decrypted(file: IO[bytes], opened: IO[bytes], path: Path, key: str) -> IO[bytes]:
    file.seek(0)
    if not file.read(4).startswith(b"age-"):
        raise DataError(BROKEN.format(path=path))
    file.seek(0)
    if not key.startswith(SECRET):
        raise DataError(f"{path}: is encrypted; set SAFAR_BACKUP_KEY to the secret key ({SECRET}1…)")
    try:
        identity = pyrage.x25519.Identity.from_str(key)
    except pyrage.IdentityError:
        raise DataError("SAFAR_BACKUP_KEY is not a key; safar backup --new-key makes one") from None
    try:
        pyrage.decrypt_io(file, opened, [identity])
    except (pyrage.DecryptError, OSError, ValueError) as error:
        what = "SAFAR_BACKUP_KEY is not the key of this backup, or the file is broken or was cut short"
        raise DataError(f"{path}: {what}") from error
    return opened


def _recipient(key: str) -> pyrage.x25519.Recipient:
    try:
        if key.startswith(SECRET):
            return pyrage.x25519.Identity.from_str(key).to_public()
        return pyrage.x25519.Recipient.from_str(key)
    except (pyrage.IdentityError, pyrage.RecipientError):
        raise DataError("SAFAR_BACKUP_KEY is not a key; safar backup --new-key makes one") from None


def _forget_parts(path: Path) -> None:
    """What a killed backup left behind."""
    for part in path.parent.glob(f".{path.name}.*.part"):
        number = part.name.rsplit(".", 2)[1]
        if number.isdigit() and not psutil.pid_exists(int(number)):
            with suppress(OSError):
                part.unlink()
