"""A process that has imported what studies import, and forks one kernel after another."""

import atexit
import builtins
import contextlib
import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import random
import select
import signal
import socket
import subprocess
import sys
import threading
import types

# What studies import. A fork finds these in memory; a package left out is imported as usual.
PRELOADED = (
    "ipykernel.ipkernel", "ipykernel.kernelapp", "ipywidgets", "anywidget", "pandas",
    "matplotlib.pyplot", "seaborn", "geopandas", "scipy.stats", "great_tables", "pandera.pandas",
    "pyarrow.parquet", "pydantic", "ruamel.yaml", "babel.messages.pofile",
    # What the former import only when it is needed, and studies need.
    "altair", "matplotlib.backends.backend_svg", "pandas.io.formats.style", "pyogrio",
)  # fmt: skip
_PACKAGES = ("helpers.data", "helpers.stats", "helpers.view")
# Pools of these would be threads, and a fork copies none of them.
_SINGLE = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
# What a kernel sets before matplotlib is imported.
_BACKEND = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}


class ForkServerError(RuntimeError):
    """The server cannot fork kernels; the message says why."""


class ForkServer:
    """A server in a process of its own, for as long as this process lives.

    Attributes
    ----------
    pid : int
        Of the server.

    Raises
    ------
    ForkServerError
        If this system cannot fork.
    """

    def __init__(self):
        if not hasattr(os, "fork") or not hasattr(socket, "AF_UNIX"):
            raise ForkServerError("this system cannot fork processes")
        self._socket, other = socket.socketpair()
        command = [sys.executable, "-m", "helpers.run.forkserver", str(other.fileno())]
        environment = {**os.environ, **_SINGLE, **_BACKEND}
        self._process = subprocess.Popen(
            command, pass_fds=[other.fileno()], env=environment, stdin=subprocess.DEVNULL
        )
        other.close()
        self.pid = self._process.pid
        self._file = self._socket.makefile("rw", encoding="utf-8")
        self._lock = threading.Lock()
        self._is_ready = False
        atexit.register(self.close)

    def wait_until_ready(self) -> None:
        """Wait until it has imported all.

        Raises
        ------
        ForkServerError
            If it does not become ready; it has ended then.
        """
        with self._lock:
            if self._is_ready:
                return
            answer = self._read()
            self._is_ready = "ready" in answer
        if not self._is_ready:
            self.close()
            raise ForkServerError(answer.get("error", "the server ended before it was ready"))

    def fork(self, arguments: list[str], *, env: dict[str, str], cwd: str) -> int:
        """Fork a kernel.

        Parameters
        ----------
        arguments : list of str
            Of the kernel application, e.g. ``["-f", "kernel.json"]``.
        env : dict
            Its environment.
        cwd : str
            Its folder.

        Returns
        -------
        int
            Process id of the kernel, which leads a process group of its own.

        Raises
        ------
        ForkServerError
            If the server has ended.
        """
        request = {"arguments": arguments, "env": env, "cwd": cwd}
        with self._lock:
            try:
                self._file.write(json.dumps(request) + "\n")
                self._file.flush()
            except OSError as error:
                raise ForkServerError(f"the server has ended: {error}") from None
            answer = self._read()
        if "pid" not in answer:
            raise ForkServerError(answer.get("error", "the server has ended"))
        return answer["pid"]

    @property
    def is_alive(self) -> bool:
        """Whether the server still runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the server; it kills the kernels that are left."""
        if not self._is_ready:
            self._process.kill()  # it has no kernel yet, and listens to nothing
        with contextlib.suppress(OSError):
            self._file.close()
            self._socket.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read(self) -> dict:
        line = self._file.readline()
        return json.loads(line) if line else {}


def serve(control: socket.socket) -> None:
    """Import what studies import, then fork a kernel per request until the caller is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's to deal with
    with _pose_as_kernel():
        for name in (*PRELOADED, *_list_modules()):
            with contextlib.suppress(ImportError):  # the kernel that needs it will say so
                importlib.import_module(name)
        _read_shared_files()
    problem = _find_obstacle()
    file = control.makefile("rw", encoding="utf-8")
    _answer(file, {"error": problem} if problem else {"ready": True})
    if problem:
        return
    gc.collect()
    gc.freeze()
    kernels: set[int] = set()
    signal.signal(signal.SIGCHLD, lambda *_: _reap(kernels))
    while line := _read_line(file, control):
        request = json.loads(line)
        pid = os.fork()
        if not pid:
            _become_kernel(control, request)
        kernels.add(pid)
        _answer(file, {"pid": pid})
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for pid in kernels:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _list_modules() -> list[str]:
    """Modules that a notebook may import."""
    packages = [importlib.import_module(name) for name in _PACKAGES]
    return [
        found.name
        for package in packages
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    ]


def _read_shared_files() -> None:
    """Read what most studies read: kernels find it kept, and read anew what has changed since."""
    from helpers.data.catalog import list_surveys
    from helpers.data.codebook import read_codebook
    from helpers.data.errors import InputError
    from helpers.data.published import read_figures, read_links
    from helpers.data.regions import GEOGRAPHIES, read_regions

    with contextlib.suppress(InputError, OSError):  # the kernel that needs it will say so
        for survey in list_surveys():
            read_codebook(survey)
        for geography in GEOGRAPHIES:
            read_regions(geography)
        read_figures()
        read_links()


@contextlib.contextmanager
def _pose_as_kernel():
    """Import as a kernel would: pandas, for one, asks then whether it is in a terminal."""
    builtins.get_ipython = lambda: types.SimpleNamespace(kernel=None)
    try:
        yield
    finally:
        del builtins.get_ipython


def _find_obstacle() -> str:
    """Why forking would not be safe; "" if it is."""
    if threading.active_count() > 1:
        return f"{threading.active_count()} threads after the imports"
    tasks = f"/proc/{os.getpid()}/task"
    if os.path.isdir(tasks) and len(os.listdir(tasks)) > 1:
        return f"{len(os.listdir(tasks))} system threads after the imports"
    zmq = sys.modules.get("zmq")
    if zmq and zmq.Context._instance is not None:
        return "a ZeroMQ context after the imports"
    return ""


def _read_line(file, control) -> str:
    select.select([control], [], [])
    return file.readline()


def _answer(file, answer: dict) -> None:
    with contextlib.suppress(OSError):
        file.write(json.dumps(answer) + "\n")
        file.flush()


def _reap(kernels: set[int]) -> None:
    """Take leave of kernels that have ended, or they would look alive."""
    with contextlib.suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            kernels.discard(pid)


def _become_kernel(control: socket.socket, request: dict) -> None:
    """In the fork: what a cold kernel would find, then the kernel itself; never returns."""
    status = 1
    try:
        control.close()
        os.setsid()
        _die_with_parent()
        for number in (signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT
                          else signal.SIG_DFL)  # fmt: skip
        os.chdir(request["cwd"])
        os.environ.clear()
        os.environ.update(request["env"], JPY_PARENT_PID=str(os.getppid()))
        # A cold kernel would start both generators from chance, not from those of its server.
        random.seed()
        importlib.import_module("numpy").random.seed()
        launcher = importlib.util.find_spec("ipykernel_launcher").origin
        sys.argv = [launcher, *request["arguments"]]
        del sys.path[0]  # the folder the server was started in
        from ipykernel.kernelapp import IPKernelApp

        own = f"--IPKernelApp.parent_handle={os.getppid()}"
        IPKernelApp.launch_instance(argv=[*request["arguments"], own])
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _die_with_parent() -> None:
    """Ask Linux to end this kernel when its server is killed; elsewhere the server does it."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
