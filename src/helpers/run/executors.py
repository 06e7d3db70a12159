"""Where notebooks are executed: on the cores of this machine, or on a cluster.

What executes them is imported when it is needed: an executor can be prepared meanwhile.
"""

import os
import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Protocol

import psutil

from helpers.data.errors import InputError
from helpers.run.plans import Run
from helpers.run.server import NAME, close_server, start_server

if TYPE_CHECKING:
    from helpers.run.execution import Executed, StudyError

# What a kernel takes at most in the studies of the collection, with its figures.
KERNEL_MEMORY = 900 * 2**20


class Executor(Protocol):
    """Executes runs; each result comes as soon as it is there, in any order."""

    def prepare(self) -> None:
        """Start what takes long to start, and do not wait for it."""

    def close(self) -> None:
        """End what was started, with all that still runs."""

    def execute(
        self, runs: Sequence[Run], *, started: Callable[[Run], None]
    ) -> "Iterator[tuple[Run, Executed | StudyError]]":
        """Execute runs.

        Parameters
        ----------
        runs : sequence of Run
        started : callable
            Told each run as it starts, by the thread that iterates.

        Yields
        ------
        run : Run
        Executed or StudyError
        """


class LocalExecutor:
    """Executes runs on this machine, some at a time.

    Parameters
    ----------
    jobs : int, optional
        How many at a time; by default one more than cores, and no more than memory holds.
    engine : str
        Of papermill.

    Raises
    ------
    InputError
        If fewer than one job is asked for.
    """

    def __init__(self, jobs: int | None = None, *, engine: str = NAME):
        if jobs is not None and jobs < 1:
            raise InputError(f"jobs is {jobs}; it must be 1 or more.")
        self.jobs = jobs or count_jobs()
        self.engine = engine

    def prepare(self) -> None:
        """Start the server that kernels are forked from."""
        if self.engine == NAME:
            start_server()

    def close(self) -> None:
        """End it, and its kernels."""
        close_server()

    def execute(
        self, runs: Sequence[Run], *, started: Callable[[Run], None]
    ) -> "Iterator[tuple[Run, Executed | StudyError]]":
        """As `Executor.execute`."""
        from helpers.run.execution import execute_task

        begun: queue.SimpleQueue[Run] = queue.SimpleQueue()

        def work(run: Run) -> "Executed":
            begun.put(run)
            return execute_task(run, engine=self.engine)

        pool = ThreadPoolExecutor(self.jobs, thread_name_prefix="kernel")
        pending = {pool.submit(work, run): run for run in runs}
        try:
            while pending:
                done, _ = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
                while not begun.empty():
                    started(begun.get())
                for future in done:
                    run = pending.pop(future)
                    yield run, _read(future)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            if pending:
                self.close()  # ends the kernels, and with them the threads that wait for them


class DaskExecutor:
    """Executes runs on the workers of a dask.distributed cluster.

    Parameters
    ----------
    address : str
        Of the scheduler, e.g. ``tcp://host:8786``.
    timeout : float
        Seconds to wait for it.

    Raises
    ------
    InputError
        If `distributed` is not installed, or there is no scheduler at the address.

    Notes
    -----
    Workers need the installed package and the collection's folder: their working folder, or
    the one STUDIES_HOME names. A worker whose notebook, code, data or packages differ from
    those of the caller gives no result. The runs of a worker that is lost go to another, up to
    the ``distributed.scheduler.allowed-failures`` of the cluster; a cell that raises is not
    tried again. Workers start kernels as this machine does, by forking where that can be.
    """

    def __init__(self, address: str, *, timeout: float = 10):
        try:
            from distributed import Client
            from distributed.comm.addressing import get_address_host_port
        except ImportError:
            raise InputError(
                "executor dask: the package distributed is not installed: "
                "pip install 'territorial-survey-studies[cluster]'."
            ) from None
        try:
            get_address_host_port(address, strict=True)  # before any thread is started
            self._client = Client(address, timeout=timeout, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise InputError(f"scheduler {address}: {error}.") from None

    def prepare(self) -> None:
        """Nothing: the workers are there."""

    def close(self) -> None:
        """Leave the cluster."""
        self._client.close()

    def execute(
        self, runs: Sequence[Run], *, started: Callable[[Run], None]
    ) -> "Iterator[tuple[Run, Executed | StudyError]]":
        """As `Executor.execute`; all count as started when they are handed over."""
        from distributed import as_completed

        from helpers.run.remote import RemoteRun, execute_remote

        futures = {}
        for run in runs:
            started(run)
            sent = RemoteRun.of(run)
            future = self._client.submit(execute_remote, sent, key=f"{run}-{sent.key}")
            futures[future] = run
        try:
            for future in as_completed(futures, loop=self._client.loop):
                outcome = _read_remote(futures[future], future)
                future.release()  # or it would run again if its worker is lost now
                yield futures[future], outcome
        finally:
            self._client.cancel(list(futures))
            self.close()


def count_jobs() -> int:
    """How many kernels this machine can run at a time, if memory holds them.

    One more than cores: a kernel that starts or ends waits more than it works.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min((cores or 1) + 1, psutil.virtual_memory().available // KERNEL_MEMORY))


def _read(future) -> "Executed | StudyError":
    from helpers.run.execution import StudyError

    try:
        return future.result()
    except StudyError as failure:
        return failure


def _read_remote(run: Run, future) -> "Executed | StudyError":
    """Also what a cluster may answer in place of a result, such as that its workers died."""
    from helpers.run.execution import StudyError

    try:
        return _read(future)
    except Exception as error:
        return StudyError(f"{run}: the cluster gave no result: {error}")
