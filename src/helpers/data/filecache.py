"""Keeps what was read from files until one of them changes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path


def stamp_files(*paths: Path) -> tuple:
    """What tells a version of some files from another: path, time of change, size.

    Parameters
    ----------
    *paths : pathlib.Path

    Returns
    -------
    tuple
        A file that does not exist has the stamp (path, None, None).
    """
    stamps = []
    for path in paths:
        try:
            facts = path.stat()
        except OSError:
            stamps.append((str(path), None, None))
        else:
            stamps.append((str(path), facts.st_mtime_ns, facts.st_size))
    return tuple(stamps)


class FileCache:
    """A bounded store of results, each kept for one version of the files it came from.

    Parameters
    ----------
    limit : int
        Results kept; the one unused for longest goes first.
    """

    def __init__(self, limit: int):
        self.limit = limit
        self._kept: OrderedDict[Hashable, object] = OrderedDict()

    def get(self, key: Hashable, compute: Callable):
        """Return the result kept under `key`, or compute and keep it.

        Parameters
        ----------
        key : hashable
            Holds `stamp_files` of everything the result depends on.
        compute : callable
            Takes no argument. What it raises is raised, and nothing is kept.

        Returns
        -------
        object
            The same object each time: to be copied by who changes it.
        """
        if key not in self._kept:
            self._kept[key] = compute()
            while len(self._kept) > self.limit:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]
