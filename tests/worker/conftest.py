"""One worker for many targets: each start of Keras takes seconds.

Most graphs are the same on every backend, as `test_backends.py` shows. So `make test` extracts
them without any, which takes a fifth of the time; `make proof` does so on TensorFlow, too.
"""

from functools import partial

import pytest
from batches import PROJECTS, TESTS, Batch
from msgspec.structs import replace

from keras_diagram_core.manifest import Project
from keras_diagram_core.request import ModelRequest

BACKENDS = ["none", pytest.param("tensorflow", marks=pytest.mark.proof)]
"""The backends of `run`: none in every tier, TensorFlow in `make proof` alone."""


@pytest.fixture(scope="session")
def project() -> Project:
    search_path = (str(PROJECTS), str(TESTS.parent / "docs"))
    return Project(base=str(PROJECTS), search_path=search_path)


@pytest.fixture(scope="session")
def run_on(project):
    """Run a batch of named requests on a backend; a request can be given as its target."""

    def run_on(backend, requests, timeout=120.0):
        made = {
            name: request if isinstance(request, ModelRequest) else ModelRequest(target=request)
            for name, request in requests.items()
        }
        return Batch(made, replace(project, backend=backend), timeout)

    return run_on


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request):
    return request.param


@pytest.fixture(scope="session")
def run(run_on, backend):
    """Run a batch on each of the backends of the tier."""
    return partial(run_on, backend)
