"""Versions of the code and the packages that made a page."""

import platform
import re
import shutil
import subprocess
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from helpers.data.language import tr

PACKAGE = "territorial-survey-studies"
EPOCH = "SOURCE_DATE_EPOCH"  # names the date of a page


def read_code_version() -> str:
    """Version of the package and, in a checkout, the commit.

    Returns
    -------
    str
        E.g. ``0.1.0, commit 0123456789ab``; ``, changed since`` is added where files
        under version control differ from the commit.
    """
    known = version(PACKAGE)
    folder = Path(__file__).parent
    git = shutil.which("git")
    # A repository that merely holds the installed package says nothing of its version.
    if not git or not _ask(git, folder, "ls-files", Path(__file__).name):
        return known
    commit = _ask(git, folder, "rev-parse", "--short=12", "HEAD")
    changed = _ask(git, folder, "status", "--porcelain", "--untracked-files=no", ".")
    if changed:
        return tr("{version}, commit {commit}, changed since", version=known, commit=commit)
    return tr("{version}, commit {commit}", version=known, commit=commit)


def list_packages() -> dict[str, str]:
    """Versions of Python and of the packages the collection asks for directly.

    Returns
    -------
    dict
        Name to version; those for tests only are left out.
    """
    return dict(_find_packages())


@cache
def _find_packages() -> tuple[tuple[str, str], ...]:
    asked = [line for line in requires(PACKAGE) or [] if "extra ==" not in line]
    names = sorted({re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in asked})
    found = {"Python": platform.python_version()}
    for name in names:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return tuple(found.items())


def _ask(git: str, folder: Path, *words: str) -> str:
    """Answer of git, empty where the folder is in no checkout."""
    done = subprocess.run(
        [git, "-C", str(folder), *words], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""
