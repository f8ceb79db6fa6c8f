"""Builders that fail, each in its own way, without Keras' being needed for it."""

import ctypes
import os
import sys
import time

number = 3


def raises():
    """Raise, with a cause, from two frames of our own."""
    try:
        _inner()
    except KeyError as error:
        raise ValueError("the recipe is wrong\nand this is the second line") from error


def _inner():
    return {}["missing"]


def type_error_inside():
    """Raise a TypeError that has nothing to do with the arguments."""
    return len(3)


def takes(units, *, activation="relu"):
    """Take one argument that is needed and one that is not."""
    return units, activation


def exits():
    """End the program, as scripts do."""
    sys.exit(3)


def interrupts():
    """Raise what Ctrl-C raises."""
    raise KeyboardInterrupt


def out_of_memory():
    """Ask for more memory than there is."""
    raise MemoryError


def recurses():
    """Call itself without end."""
    return recurses()


def needs_package():
    """Import, only when called, what is not installed."""
    import a_package_that_nobody_has  # noqa: F401


def returns_none():
    """Forget to return the model."""


def returns_number():
    """Return something else."""
    return 3.5


def leaves_process():
    """Print, then end the process behind Python's back."""
    print("about to leave")
    os._exit(7)


def aborts():
    """Crash in C."""
    print("about to abort")
    os.abort()


def sleeps():
    """Never come back."""
    print("good night")
    time.sleep(600)


def starts_child_and_sleeps(pid_file):
    """Never come back, and leave a process behind."""
    import subprocess

    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with open(pid_file, "w") as file:
        file.write(str(child.pid))
    time.sleep(600)


def reads_stdin():
    """Wait for an answer from the keyboard."""
    input("Which model? ")


def noisy():
    """Write to stdout from Python, through the descriptor, and from C; then fail."""
    print("from Python")
    os.write(1, b"from the descriptor\n")
    libc = ctypes.CDLL(None)
    libc.puts(b"from C")
    libc.fflush(None)
    raise ValueError("after the noise")
