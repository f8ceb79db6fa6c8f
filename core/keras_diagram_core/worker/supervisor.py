"""A small process between a build and its worker: it sees to it that nothing outlives the build.

Run as a script, with the standard library alone: `supervisor.py PARENT COMMAND...`. The command
gets the supervisor's standard streams, so that build and worker talk past it. The supervisor
does what a thread of the worker could not while the user's code is busy in C: when the build is
gone (the pipe of requests has no writer, or the parent is another process) it kills the worker,
its process group and, on Linux, whatever else the worker has started. It ends as the worker did.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PARENT_DEATH_SIGNAL, _CHILD_SUBREAPER = 1, 36  # of <linux/prctl.h>
_LOOK = 0.5
_FAREWELL = 2.0
_PAUSE = 0.02
_ROUNDS = 50
"""How often children are killed: each round meets those of the children of the one before."""


def die_with_parent() -> None:
    """Have Linux kill this process when its parent dies."""
    _control_process(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def supervise(parent: int, command: list[str]) -> int:
    """Run a command until it ends or the build does; return its status as `waitpid` gives it."""
    supervisor = _Supervisor(parent)
    _control_process(_CHILD_SUBREAPER, 1)
    worker = os.posix_spawn(
        command[0],
        command,
        os.environ,
        setpgroup=0,
        setsigdef=[signal.SIGPIPE, signal.SIGXFSZ],
    )
    status = supervisor.wait(worker)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(worker, signal.SIGKILL)
    _end_children()
    return status


class _Supervisor:
    """Waits for one of three: the worker ends, the build is gone, the build says stop."""

    def __init__(self, parent: int) -> None:
        self._parent = parent
        self._worker = 0
        self._is_told = False
        self._woken, wake = os.pipe()
        for end in (self._woken, wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGUSR1, self._pass_on)

    def wait(self, worker: int) -> int:
        """Return the worker's status, or that of a terminated process where it still runs."""
        self._worker = worker
        events = select.poll()
        events.register(self._woken, select.POLLIN)
        events.register(0, 0)  # no reading: only that there is no writer any more
        deadline = None
        while not self._is_told and os.getppid() == self._parent:
            status = _reap(worker)
            if status is not None:
                return status
            if deadline is not None and time.monotonic() > deadline:
                break
            happened = events.poll(1000 * (_LOOK if deadline is None else _PAUSE))
            with suppress(BlockingIOError):
                os.read(self._woken, 512)
            if any(descriptor == 0 for descriptor, _ in happened):
                # The worker sees the same, and may end by itself.
                events.unregister(0)
                deadline = time.monotonic() + _FAREWELL
        return signal.SIGTERM

    def _stop(self, *_: object) -> None:
        self._is_told = True

    def _pass_on(self, number: int, _frame: object) -> None:
        if self._worker:
            with suppress(ProcessLookupError):
                os.kill(self._worker, number)


def _reap(worker: int) -> int | None:
    """Collect all that has ended, and return the worker's status if it is among that."""
    found = None
    with suppress(ChildProcessError):
        while True:
            process, status = os.waitpid(-1, os.WNOHANG)
            if not process:
                break
            found = status if process == worker else found
    return found


def _end_children() -> None:
    """Kill all children, and theirs, which become ours then."""
    for _ in range(_ROUNDS):
        for child in _children():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(_PAUSE)


def _children() -> Iterator[int]:
    """Give the ids of our children, where there is /proc."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # PID (NAME) STATE PARENT ...; the name may hold anything.
            parent = file.read_bytes().rpartition(b")")[2].split()[1]
            if int(parent) == os.getpid():
                yield int(file.parent.name)


def _control_process(option: int, value: int) -> None:
    """Call Linux' prctl, where there is one."""
    if sys.platform != "linux":
        return
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _end_as(status: int) -> None:
    """End with the exit status of another process, or by the same signal."""
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(OSError):  # SIGKILL has no other disposition
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


if __name__ == "__main__":
    _end_as(supervise(int(sys.argv[1]), sys.argv[2:]))
