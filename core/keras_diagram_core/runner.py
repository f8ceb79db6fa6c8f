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
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import msgspec
from msgspec import Struct

from keras_diagram_core.environment import worker_environment
from keras_diagram_core.errors import BuilderError, DiagramError, RequestError
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.manifest import Manifest, Project
from keras_diagram_core.protocol import CHANNEL_LOST, Question, Reply, encode_project
from keras_diagram_core.request import ModelRequest

_WORKER = Path(__file__).with_name("worker")
_OUTPUT_LINES = 40
_OUTPUT_BYTES = 20_000
_FAREWELL = 2.0
_PAUSE = 0.3
_KILLING = 5.0
_LONGEST_REPLY = 1 << 28
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
            if not worker.is_fit:
                worker.close()
                worker = None
            yield extraction
        finished = True
    finally:
        if worker:
            worker.close(patience=_FAREWELL if finished else 0)


def _extract_one(worker: _Worker, request: ModelRequest, timeout: float) -> Extraction | None:
    """Return what became of a request, or None where it takes a new worker to answer it."""
    is_first = worker.is_new
    try:
        reply = worker.ask(request, timeout)
    except _NotAReplyError as error:
        # What an earlier target has left running may have written it.
        return Extraction(request=request, error=error) if is_first else None
    except DiagramError as error:
        return Extraction(request=request, error=error)
    if reply.elsewhere:
        return None
    if reply.failure:
        return Extraction(request=request, error=reply.failure.to_error(worker.output()))
    return Extraction(request=request, graph=reply.graph, manifest=reply.manifest)


def _nowhere(request: ModelRequest) -> Extraction:
    return Extraction(request=request, error=DiagramError("The worker gave no answer."))


class _NotAReplyError(BuilderError):
    """Something else than the reply came from the worker."""


class _Worker:
    """One worker process, from its start to its end."""

    def __init__(self, project: Project) -> None:
        """Start the process; it does nothing until it is asked."""
        self.is_fit = True
        """Whether the process can be asked again."""
        self._number = 0
        # Without a name nothing of it is left, however the two processes end.
        self._log = TemporaryFile(prefix="keras-diagram-")  # noqa: SIM115  (closed by `close`)
        self._process = _start(self._log)
        self._replies: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        # Nobody waits for it to end: what the code has forked may keep the pipe open.
        threading.Thread(target=self._read, daemon=True).start()
        self._send(encode_project(project))

    @property
    def is_new(self) -> bool:
        """Whether the process has not been asked yet."""
        return not self._number

    def ask(self, request: ModelRequest, timeout: float) -> Reply:
        """Send a request and wait for its reply.

        Raises:
            RequestError: it cannot be sent.
            _NotAReplyError: something else came back, and the process was ended.
            BuilderError: the process hung (it is killed then) or ended.
        """
        question = Question(number=self._number + 1, model=request)
        data = _encoded(question)
        self._number = question.number
        self._log.seek(0)
        self._log.truncate()
        self._send(data)
        line = self._next_line(timeout)
        if line is None:
            self._ask_where()
            self._kill()
            raise self._hung(request, timeout)
        if not line:
            raise self._crashed(request)
        reply = _decoded(line)
        if reply is None or reply.number != question.number:
            self._kill()
            raise _NotAReplyError(
                f"'{request.title}' wrote to the pipe by which the worker answers.",
                hint="Let the code write to descriptors that it has opened, and to no others.",
                output=self.output(),
            )
        self.is_fit = not reply.is_last
        return reply

    def output(self) -> str:
        """Return the last lines of what was printed since the last request was sent."""
        size = self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, size - _OUTPUT_BYTES))
        text = self._log.read().decode("utf-8", "replace")  # and is at the end again
        lines = [line for line in text.splitlines() if not _REMARK.match(line)]
        return "\n".join(lines[-_OUTPUT_LINES:])

    def close(self, patience: float = 0) -> None:
        """End the process, by itself if it does so in time, and leave nothing behind."""
        with suppress(OSError):
            self._pipe("stdin").close()
        with suppress(subprocess.TimeoutExpired):
            if patience and self.is_fit:
                self._process.wait(patience)
        self._kill()
        self._log.close()

    def _pipe(self, name: str) -> IO[bytes]:
        pipe: IO[bytes] = getattr(self._process, name)
        return pipe

    def _send(self, message: bytes) -> None:
        with suppress(OSError):  # it has ended: that is found out by waiting for the reply
            self._pipe("stdin").write(message + b"\n")
            self._pipe("stdin").flush()

    def _read(self) -> None:
        """Pass on what comes, and an empty line at the end; runs in a thread of its own."""
        with self._pipe("stdout") as replies:
            while line := replies.readline(_LONGEST_REPLY):
                self._replies.put(line)
        self._replies.put(b"")

    def _next_line(self, timeout: float) -> bytes | None:
        """Return what comes next, nothing if the process ended, None if it takes too long."""
        end = time.monotonic() + timeout
        has_ended = False
        while not has_ended and (left := end - time.monotonic()) > 0:
            # The pipe may stay open when the process has ended.
            has_ended = self._process.poll() is not None
            with suppress(queue.Empty):
                return self._replies.get(timeout=min(_PAUSE, left))
        return b"" if has_ended else None

    def _kill(self) -> None:
        """End the process and what it has started."""
        self.is_fit = False
        if os.name == "posix":
            self._process.terminate()  # the supervisor, which kills what there is
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_KILLING)
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
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PAUSE)  # the pipe is closed a moment before
        status = self._process.poll()
        self._kill()
        if status is None or status == CHANNEL_LOST:
            return BuilderError(
                f"'{request.title}' closed the pipe by which the worker answers.",
                hint="Let the code close descriptors that it has opened, and no others.",
                output=self.output(),
            )
        return BuilderError(
            f"'{request.title}' ended the worker process: {_status_text(status)}.",
            # It is not by us, and the system has few other reasons.
            hint="Perhaps the machine ran out of memory." if status == -_SIGKILL else "",
            output=self.output(),
        )


def _encoded(question: Question) -> bytes:
    try:
        return msgspec.json.encode(question)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise RequestError(
            f"'{question.model.title}' cannot be written as JSON: {type(error).__name__}: {error}."
        ) from error


def _decoded(line: bytes) -> Reply | None:
    try:
        return msgspec.json.decode(line, type=Reply)
    except (ValueError, RecursionError):  # those of msgspec are ValueErrors
        return None


def _status_text(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def _start(log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the worker, in a session without terminal, so that Ctrl-C is ours to handle."""
    command = [sys.executable, "-P", str(_WORKER / "__main__.py")]
    if os.name == "posix":
        supervisor = [sys.executable, "-I", "-S", str(_WORKER / "supervisor.py")]
        command = [*supervisor, str(os.getpid()), *command]
    return subprocess.Popen(  # noqa: S603  (our own script)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=worker_environment(os.environ),
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
