"""The ``safar`` command: turns errors into one clear line and an exit code."""

import os
import sys

from safar.base import SafarError


def main() -> None:
    """Run the command line; 0 fine, 1 the answer is no or the data is wrong, 2 wrong use."""
    from safar.ops.commands import app

    try:
        app()
    except SafarError as error:
        _fail(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _fail(message: str) -> None:
    sys.stderr.write(f"safar: {message}\n")
    sys.exit(1)
