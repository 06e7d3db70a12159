"""A papermill engine whose kernels are forked; ``papermill --engine forked`` knows it too."""

import asyncio
import copy
import os
import signal
import sys
import time
from queue import Empty

import psutil
from jupyter_client import AsyncKernelManager
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.provisioning import LocalProvisioner
from papermill.engines import NBClientEngine
from traitlets.config import Config

from helpers.run.forkserver import ForkServerError
from helpers.run.server import find_server

_POLL = 0.5


class ForkedProcess:
    """A kernel that another process forked, as `subprocess.Popen` would show it."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """None while it runs; its server reaps it, so the code it ended with is not known."""
        if self.returncode is None:
            try:
                # Of a server that was killed nobody may reap the kernels.
                ended = psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE
            except psutil.NoSuchProcess:
                ended = True
            self.returncode = 0 if ended else None
        return self.returncode

    def wait(self) -> int:
        """Wait until it has ended."""
        while self.poll() is None:
            time.sleep(0.005)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to it, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class ForkProvisioner(LocalProvisioner):
    """Starts the Python kernel by a fork."""

    async def launch_kernel(self, cmd, **kwargs):
        """Fork a kernel with the arguments that follow the module in its command."""
        arguments = cmd[cmd.index("-m") + 2 :]
        env, cwd = kwargs.get("env") or os.environ, kwargs.get("cwd") or os.getcwd()
        pid = find_server().fork(arguments, env=dict(env), cwd=str(cwd))
        self.process = ForkedProcess(pid)
        self.pid = self.pgid = pid
        return self.connection_info

    async def send_signal(self, signum):
        """Send a signal to the kernel, but for the interrupt right before it is killed.

        A kernel that is still busy with a message would print that it was interrupted.
        """
        if signum != signal.SIGINT or not self.parent.shutting_down:
            await super().send_signal(signum)


class ForkedKernelManager(AsyncKernelManager):
    """Manages a kernel that `ForkProvisioner` starts."""

    async def _async_pre_start_kernel(self, **kwargs):
        if self.provisioner is None:
            self.provisioner = ForkProvisioner(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
            )
        return await super()._async_pre_start_kernel(**kwargs)


class ForkedEngine(NBClientEngine):
    """Executes a notebook in a forked kernel, or in a plain one where that cannot be."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **kwargs):
        """As `papermill.engines.NBClientEngine`."""
        poll_channels()
        problem = find_obstacle(kernel_name)
        if problem:
            print(f"Forked kernels cannot be used: {problem}; a plain one is.", file=sys.stderr)
        else:
            own = {"kernel_manager_class": ForkedKernelManager, "shutdown_kernel": "immediate"}
            kwargs["config"] = copy.deepcopy(kwargs.get("config", Config()))
            kwargs["config"].merge(Config({"NotebookClient": own}))
        return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)


def find_obstacle(kernel_name: str) -> str:
    """Why a kernel cannot be forked; "" if it can.

    Parameters
    ----------
    kernel_name : str
        Only this environment's own Python kernel can.

    Returns
    -------
    str
    """
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        command = KernelSpecManager().get_kernel_spec(kernel_name).argv
    except NoSuchKernel:
        return ""  # the manager says so in its own words
    own = (sys.executable, "python", "python3", f"python3.{sys.version_info[1]}")
    if command[0] not in own or command[1:-2][-2:] != ["-m", "ipykernel_launcher"]:
        return f"the kernel {kernel_name} is not the Python of this environment"
    try:
        find_server()
    except ForkServerError as error:
        return str(error)
    return ""


def poll_channels() -> None:
    """Read kernel messages by polling instead of waiting.

    Waiting for ever can miss a reply that is already queued when a cell shows
    widgets, and the run then hangs (nbclient issue 312).
    """
    if getattr(AsyncZMQSocketChannel.get_msg, "polls", False):
        return
    wait = AsyncZMQSocketChannel.get_msg

    async def get_msg(self, timeout=None):
        if timeout is not None:
            return await wait(self, timeout)
        while True:
            try:
                return await wait(self, _POLL)
            except Empty:
                await asyncio.sleep(0)

    get_msg.polls = True
    AsyncZMQSocketChannel.get_msg = get_msg
