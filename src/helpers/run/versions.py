"""Version of the code that made a page."""

import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from helpers.data.language import tr

PACKAGE = "territorial-survey-studies"


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


def _ask(git: str, folder: Path, *words: str) -> str:
    """Answer of git, empty where the folder is in no checkout."""
    done = subprocess.run(
        [git, "-C", str(folder), *words], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""
