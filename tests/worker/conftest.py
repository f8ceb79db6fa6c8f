"""One worker for many targets: each start of TensorFlow takes seconds."""

import pytest
from batches import PROJECTS, TESTS, Batch
from msgspec.structs import replace

from keras_diagram_core.manifest import Project
from keras_diagram_core.request import ModelRequest


@pytest.fixture(scope="session")
def project() -> Project:
    search_path = (str(PROJECTS), str(TESTS.parent / "docs"))
    return Project(base=str(PROJECTS), search_path=search_path)


@pytest.fixture(scope="session")
def run(project):
    """Run a batch of named requests; a request can be given as its target."""

    def run(requests, timeout=120.0, backend=""):
        made = {
            name: request if isinstance(request, ModelRequest) else ModelRequest(target=request)
            for name, request in requests.items()
        }
        return Batch(made, replace(project, backend=backend), timeout)

    return run
