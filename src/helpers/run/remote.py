"""A run as another machine sees it: by name, with the key of what it must be made from."""

from dataclasses import dataclass

from helpers.data.root import find_root
from helpers.run.execution import Executed, StudyError, execute_task
from helpers.run.keys import compute_key, explain_change, list_inputs
from helpers.run.plans import Run


@dataclass(frozen=True)
class RemoteRun:
    """What is sent to a worker.

    Attributes
    ----------
    study, wave : str
    parameters : tuple
        Pairs of name and value.
    surveys : tuple of str
    inputs : dict
        Of the caller, from `helpers.run.keys.list_inputs`.
    """

    study: str
    wave: str
    parameters: tuple
    surveys: tuple[str, ...]
    inputs: dict[str, str]

    @classmethod
    def of(cls, run: Run) -> "RemoteRun":
        """Describe a run of this machine."""
        inputs = list_inputs(run, root=find_root())
        return cls(run.study, run.wave, tuple(run.parameters.items()), run.surveys, inputs)

    @property
    def key(self) -> str:
        """Key of the result."""
        return compute_key(self.inputs)


def execute_remote(sent: RemoteRun) -> Executed:
    """Execute on this machine what another one planned.

    Parameters
    ----------
    sent : RemoteRun

    Returns
    -------
    Executed

    Raises
    ------
    StudyError
        If a cell raises, or this machine's notebook, code, data or packages differ.
    """
    root = find_root()
    path = root / "notebooks" / f"{sent.study}.ipynb"
    run = Run(sent.study, sent.wave, path, dict(sent.parameters), sent.surveys)
    if not path.is_file():
        raise StudyError(f"{run}: a worker has no {path.name} in its notebooks folder.")
    differences = explain_change(sent.inputs, list_inputs(run, root=root))
    if differences:
        shown = "; ".join(differences[:5])
        raise StudyError(
            f"{run}: a worker differs from this machine in {len(differences)} points: {shown}."
        )
    return execute_task(run)
