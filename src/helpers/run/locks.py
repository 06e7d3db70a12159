"""One command at a time writes into a reports folder."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.data.errors import InputError
from helpers.run.pages import write_page

_LOCK, _OWNER = ".lock", ".owner.json"


@contextmanager
def lock_reports(
    reports: Path, what: str, *, waiting: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold a reports folder for the length of a block.

    Parameters
    ----------
    reports : pathlib.Path
        The folder `reports/`; created if need be.
    what : str
        What is being done, told to those who come meanwhile.
    waiting : callable, optional
        If another command holds the folder, told who does; then this one waits. Without it,
        it refuses.

    Raises
    ------
    InputError
        If another command holds the folder, named by process and start, and this one does
        not wait; or if the folder cannot be written to.

    Notes
    -----
    The system frees the lock of a process that ends in any way, so none is left behind.
    """
    lock = FileLock(reports / _LOCK)
    try:
        reports.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            owner = _name_owner(reports)
            if waiting is None:
                words = f"reports: {owner}; try again when it is done."
                raise InputError(words) from None
            waiting(owner)
            lock.acquire()
        since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        owner = {"process": os.getpid(), "since": since, "what": what}
        write_page(json.dumps(owner), reports / _OWNER)
    except OSError as error:
        lock.release()
        raise InputError(f"reports: cannot be written to: {error.strerror}.") from None
    try:
        yield
    finally:
        (reports / _OWNER).unlink(missing_ok=True)
        lock.release()


def _name_owner(reports: Path) -> str:
    try:
        owner = json.loads((reports / _OWNER).read_text(encoding="utf-8"))
        return (
            f"in use by process {owner['process']} since {owner['since']} ({owner['what']})"
        )  # fmt: skip
    except (OSError, ValueError, KeyError):
        return "in use by another command"
