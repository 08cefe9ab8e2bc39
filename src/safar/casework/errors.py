"""What can be the matter when an officer asks for something: states of the world, which views turn into statuses."""

from safar.base import SafarError


class CaseworkError(SafarError):
    """Anything that keeps an action from being done. ``code`` is the sentence of content/words to show."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class NotThereError(CaseworkError):
    """It does not exist, or not for this officer: nobody is told which."""


class NotAllowedError(CaseworkError):
    """The officer's role does not include it."""


class NotPossibleError(CaseworkError):
    """It cannot be done as things stand: what was said contradicts what is known, or is not complete."""


class ChangedMeanwhileError(CaseworkError):
    """Somebody else was quicker."""
