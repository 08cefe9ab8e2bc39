"""The ``safar`` command: turns errors into one clear line and an exit code."""

import os
import signal
import sys

from safar.base import SafarError


def main() -> None:
    """Run the command line; 0 fine, 1 the answer is no or the data is wrong, 2 wrong use."""
    from safar.ops.commands import app

    signal.signal(signal.SIGTERM, _stop)
    try:
        app()
    except SafarError as error:
        _fail(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _stop(number: int, _: object) -> None:
    """Asked to stop: leave as one leaves by Ctrl-C, so that what runs beside (the database) is stopped too."""
    sys.exit(128 + number)


def _fail(message: str) -> None:
    sys.stderr.write(f"safar: {message}\n")
    sys.exit(1)
