"""The fork server of this process: started early, waited for when the first kernel is."""

import contextlib
import threading

from helpers.run.forkserver import ForkServer, ForkServerError

NAME = "forked"  # papermill's name of the engine that uses it
_server: ForkServer | None = None
_lock = threading.Lock()


def start_server() -> None:
    """Start the server, if there is none, and do not wait until it is ready.

    What keeps it from starting, `find_server` says.
    """
    with _lock, contextlib.suppress(ForkServerError, OSError):
        _start()


def find_server() -> ForkServer:
    """The server of this process, started if it was not yet; ready to fork.

    Returns
    -------
    ForkServer

    Raises
    ------
    ForkServerError
        If kernels cannot be forked here.
    """
    global _server
    with _lock:
        server = _start()
        try:
            server.wait_until_ready()
        except ForkServerError:
            _server = None
            raise
        return server


def close_server() -> None:
    """End the server of this process, if there is one, and all its kernels."""
    global _server
    with _lock:
        if _server is not None:
            _server.close()
        _server = None


def _start() -> ForkServer:
    global _server
    if _server is None or not _server.is_alive:
        _server = ForkServer()
    return _server
