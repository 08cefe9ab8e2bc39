"""What can be wrong with a list as a whole."""

from safar.base import SafarError


class SheetError(SafarError):
    """The file cannot be read as a list. ``code`` is the sentence of content/words to show, with its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values
