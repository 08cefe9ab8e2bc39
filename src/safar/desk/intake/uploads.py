"""A file that is too large is let pass by, piece by piece, and kept nowhere."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from safar.casework.intake.sheets import MOST_BYTES


class Bounded(FileUploadHandler):
    """Passes pieces on to the next handler until they are too many; then the rest of the file goes nowhere."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """The piece itself, for the next handler."""
        if start + len(raw_data) > MOST_BYTES:
            self.request.too_large = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """The next handler has it."""


def bound(request: HttpRequest) -> None:
    """To be called before anybody looks at the request's fields, the check against forgery included."""
    request.upload_handlers = [Bounded(request), TemporaryFileUploadHandler(request)]
    request.too_large = False  # type: ignore[attr-defined]
