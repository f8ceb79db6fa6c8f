"""Parent side of the worker: a batch of model requests in, graphs and errors out.

The user's code runs in a process of its own, which this process never forks from, shares
nothing with, and can do without: it may crash or hang, and the rest of the batch goes on in
a new one.
"""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import msgspec
from msgspec import Struct

from keras_diagram_core.errors import BuilderError, DiagramError
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.manifest import Manifest, Project
from keras_diagram_core.protocol import Reply
from keras_diagram_core.request import ModelRequest

_SCRIPT = Path(__file__).with_name("worker") / "__main__.py"
_OUTPUT_LINES = 40
_OUTPUT_BYTES = 20_000
_FAREWELL = 2.0
_PAUSE = 0.3
_SIGKILL = 9
_REMARK = re.compile(r"WARNING: All log messages before absl|[IW]\d{4} \S+ +\d+ \S+:\d+\] ")
"""What TensorFlow's C++ logs of itself, whatever its log level."""


class Extraction(Struct, frozen=True, kw_only=True):
    """What became of one model request.

    Either `graph` or `error` is set. `manifest` says what the graph was made from; it is
    None where that cannot be told for sure (a file changed meanwhile): use, do not keep.
    """

    request: ModelRequest
    graph: ModelGraph | None = None
    manifest: Manifest | None = None
    error: DiagramError | None = None


def extract(
    requests: Sequence[ModelRequest],
    project: Project,
    *,
    timeout: float,
    progress: Callable[[int, int, str], None] | None = None,
) -> Generator[Extraction, None, None]:
    """Extract the requested models, one after the other, in one worker process.

    A worker that crashes or hangs costs its own target only. Closing the iterator ends the
    worker.

    Args:
        requests: what to extract; the extractions come in this order.
        project: where the user's code is found.
        timeout: seconds that one target may take, the first import of Keras included.
        progress: called before each target with (how many are done, of how many, target).
    """
    worker: _Worker | None = None
    finished = False
    try:
        for done, request in enumerate(requests):
            if progress:
                progress(done, len(requests), request.title)
            worker = worker or _Worker(project)
            extraction = _extract_one(worker, request, timeout)
            if extraction is None:
                worker.close(patience=_FAREWELL)
                worker = _Worker(project)
                extraction = _extract_one(worker, request, timeout) or _nowhere(request)
            if not worker.alive:
                worker.close()
                worker = None
            yield extraction
        finished = True
    finally:
        if worker:
            worker.close(patience=_FAREWELL if finished else 0)


def _extract_one(worker: _Worker, request: ModelRequest, timeout: float) -> Extraction | None:
    """Give what became of a request, or None where it takes a new worker to answer it."""
    try:
        reply = worker.ask(request, timeout)
    except DiagramError as error:
        return Extraction(request=request, error=error)
    if reply.elsewhere:
        return None
    if reply.failure:
        return Extraction(request=request, error=reply.failure.to_error(worker.output()))
    return Extraction(request=request, graph=reply.graph, manifest=reply.manifest)


def _nowhere(request: ModelRequest) -> Extraction:
    return Extraction(request=request, error=DiagramError("The worker gave no answer."))


class _Worker:
    """One worker process, from its start to its end."""

    def __init__(self, project: Project) -> None:
        """Start the process; it does nothing until it is asked."""
        self.alive = True
        self._resources = ExitStack()
        folder = self._resources.enter_context(TemporaryDirectory(prefix="keras-diagram-"))
        self._log = Path(folder, "output.txt")
        self._log_start = 0
        with self._log.open("ab") as log:
            self._process = _start(log)
        self._replies: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._send(project)

    def ask(self, request: ModelRequest, timeout: float) -> Reply:
        """Send a request and wait for its reply.

        Raises:
            BuilderError: the process hung (it is killed then) or ended.
        """
        self._log_start = self._log.stat().st_size
        self._send(request)
        try:
            line = self._replies.get(timeout=timeout)
        except queue.Empty:
            self._ask_where()
            self._kill()
            raise self._hung(request, timeout) from None
        if not line:
            self._kill()
            raise self._crashed(request)
        return msgspec.json.decode(line, type=Reply)

    def output(self) -> str:
        """Give the last lines of what was printed since the last request was sent."""
        with self._log.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(self._log_start, size - _OUTPUT_BYTES))
            text = log.read().decode("utf-8", "replace")
        lines = [line for line in text.splitlines() if not _REMARK.match(line)]
        return "\n".join(lines[-_OUTPUT_LINES:])

    def close(self, patience: float = 0) -> None:
        """End the process, by itself if it does so in time, and leave nothing behind."""
        with suppress(OSError):
            self._pipe("stdin").close()
        with suppress(subprocess.TimeoutExpired):
            if patience:
                self._process.wait(patience)
        if self.alive:
            self._kill()
        self._reader.join()
        self._pipe("stdout").close()
        self._resources.close()

    def _pipe(self, name: str) -> IO[bytes]:
        pipe: IO[bytes] = getattr(self._process, name)
        return pipe

    def _send(self, message: Any) -> None:
        with suppress(OSError):  # it has ended: the reader finds out
            self._pipe("stdin").write(msgspec.json.encode(message) + b"\n")
            self._pipe("stdin").flush()

    def _read(self) -> None:
        """Pass replies on, and an empty line at the end; runs in a thread of its own."""
        for line in self._pipe("stdout"):
            self._replies.put(line)
        self._replies.put(b"")

    def _kill(self) -> None:
        """End the process and what it has started. A group's number outlives its leader."""
        self.alive = False
        if os.name == "posix":
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()
        self._process.wait()

    def _ask_where(self) -> None:
        """Let the process write down where it hangs, where there is a signal for it."""
        if hasattr(signal, "SIGUSR1"):
            self._process.send_signal(signal.SIGUSR1)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_PAUSE)

    def _hung(self, request: ModelRequest, timeout: float) -> DiagramError:
        return BuilderError(
            f"'{request.title}' did not finish within {timeout:g} seconds.",
            hint="Make it faster to build, or raise the timeout.",
            output=self.output(),
        )

    def _crashed(self, request: ModelRequest) -> DiagramError:
        status = self._process.returncode
        ended = f"exit status {status}" if status >= 0 else _signal_name(-status)
        hint = "Perhaps the machine ran out of memory." if status == -_SIGKILL else ""
        return BuilderError(
            f"'{request.title}' ended the worker process: {ended}.",
            hint=hint,
            output=self.output(),
        )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _start(log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the worker in a process group of its own, so that Ctrl-C is ours to handle."""
    environ = dict(os.environ)
    # TensorFlow's remarks on the processor are not the user's output.
    environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # A builder that goes through a set gives the same graph in every build.
    environ.setdefault("PYTHONHASHSEED", "0")
    return subprocess.Popen(  # noqa: S603  (our own script)
        [sys.executable, "-P", str(_SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=environ,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
