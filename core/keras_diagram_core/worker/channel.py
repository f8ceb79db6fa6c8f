"""The worker's ends of the pipes from and to the build, out of reach of what user code prints."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress

import msgspec
from msgspec.structs import replace

from keras_diagram_core.errors import ModelError
from keras_diagram_core.protocol import CHANNEL_LOST, Failure, Reply
from keras_diagram_core.worker.failures import one_line


class Channel:
    """Requests in, replies out, of this very process: what it forks has neither."""

    def __init__(self) -> None:
        """Take stdin and stdout; user code gets an empty stdin, and writes to stderr."""
        self._requests, self._replies = os.dup(0), os.dup(1)
        empty = os.open(os.devnull, os.O_RDONLY)
        os.dup2(empty, 0)
        os.close(empty)
        os.dup2(2, 1)
        for stream in (sys.stdout, sys.stderr):
            # By line, so that what was printed before a crash is kept, in its order.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)  # type: ignore[union-attr]
        self._files = self._identities()
        self._process = os.getpid()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._close)

    def lines(self) -> Iterator[bytes]:
        """Give requests until there are no more."""
        with os.fdopen(self._requests, "rb", closefd=False) as requests:
            yield from requests

    def send(self, reply: Reply) -> None:
        """Answer a request, or end the process where that cannot be done.

        A forked process in which the user's code came back ends here: its parent answers.
        """
        if os.getpid() != self._process:
            os._exit(0)
        data = _encoded(reply) + b"\n"
        if not self._is_open(self._replies):  # what has its number now is another's file
            os._exit(CHANNEL_LOST)
        while data:
            data = data[os.write(self._replies, data) :]

    @property
    def is_intact(self) -> bool:
        """Whether all descriptors are those that the process began with."""
        return self._identities() == self._files

    def _is_open(self, descriptor: int) -> bool:
        return _identity(descriptor) == self._files[descriptor]

    def _identities(self) -> dict[int, tuple[int, int] | None]:
        return {each: _identity(each) for each in (0, 1, 2, self._requests, self._replies)}

    def _close(self) -> None:
        for descriptor in (self._requests, self._replies):
            if self._is_open(descriptor):
                os.close(descriptor)


def _identity(descriptor: int) -> tuple[int, int] | None:
    try:
        status = os.fstat(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _encoded(reply: Reply) -> bytes:
    """Write a reply down; where that fails, a lesser one."""
    with suppress(Exception):
        return msgspec.json.encode(reply)
    try:
        # A file's name may have no Unicode: such a graph can be drawn, and not be kept.
        return msgspec.json.encode(replace(reply, manifest=None))
    except Exception as error:  # noqa: BLE001  (whatever it holds: the build has to hear of it)
        failure = Failure(
            subtype=ModelError.subtype,
            message=f"The graph cannot be written: {one_line(error)}",
            hint="Please report it, with the model.",
        )
        return msgspec.json.encode(Reply(number=reply.number, failure=failure))
