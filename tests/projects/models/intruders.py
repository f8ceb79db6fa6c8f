"""Builders that tamper with the process that they run in; they need no Keras."""

import builtins
import ctypes
import os
import signal
import subprocess
import sys
import time


def tells_process():
    """Fail in the ordinary way, and tell which process this is."""
    raise ValueError(f"process {os.getpid()}.")


def forks_and_returns():
    """Come back twice."""
    os.fork()
    raise ValueError("asked by the fork")


def leaves_daemon(pid_file):
    """Leave something in a session of its own that keeps all descriptors."""
    process = os.fork()
    if not process:
        os.setsid()
        time.sleep(600)
        os._exit(0)
    with open(pid_file, "w") as file:
        file.write(f"{process}")
    raise ValueError("left a daemon")


def leaves_for_daemon():
    """End, and let the fork go on."""
    if os.fork():
        os._exit(0)
    time.sleep(600)


def writes_everywhere():
    """Write to descriptors that are not the builder's."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"garbage\n")
        except OSError:
            continue
    raise ValueError("wrote everywhere")


def writes_without_end():
    """Write what looks like a reply of another request."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b'{"number": 7}\n')
        except OSError:
            continue
    time.sleep(600)


def closes_all():
    """Close what daemons close."""
    os.closerange(3, 256)


def reopens_all(folder):
    """Have files where the worker had its pipes."""
    os.closerange(3, 256)
    builtins.kept = [open(os.path.join(folder, f"{number}"), "wb") for number in range(40)]


def closes_standard_streams():
    """Close what is not printed to any more."""
    os.close(0)
    os.close(1)
    raise ValueError("closed the streams")


def replaces_builtin():
    """Leave another function in the place of Python's own."""
    builtins.sorted = list
    raise ValueError("replaced a builtin")


def replaces_class_of_keras():
    """Leave another class where Keras looks for those of older files."""
    from keras.src import layers

    layers.Sequential = type("Mine", (layers.Sequential,), {})
    raise ValueError("replaced a class of Keras")


def is_killed():
    """End as the system ends what takes too much memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def has_silent_error():
    """Raise what cannot be printed."""

    class SilentError(Exception):
        def __str__(self):
            raise RuntimeError

    raise SilentError


def has_long_error():
    """Raise what fills a page many times."""
    raise ValueError("x" * 50_000_000 + "\nand so on" * 10_000)


def has_odd_error():
    """Raise and print what a terminal would obey and XML does not have."""
    print("\x1b[31mred\x1b[0m \x07bell \x9b2J")
    raise ValueError("a\ud800b \x1b[31mred\x1b[0m \x07 \u202ereversed \ufffe")


def sleeps_with_company(pid_file):
    """Hang in C with Python's lock held, beside a child and one that has left the group."""
    child = [sys.executable, "-c", "import time; time.sleep(600)"]
    processes = [subprocess.Popen(child), subprocess.Popen(child, start_new_session=True)]
    with open(f"{pid_file}.new", "w") as file:
        file.write(" ".join(str(process) for process in (os.getpid(), *(p.pid for p in processes))))
    os.rename(f"{pid_file}.new", pid_file)
    ctypes.PyDLL(None).sleep(600)
