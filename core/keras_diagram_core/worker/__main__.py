"""What the runner starts, as a script: find this package, whatever the search path, and go."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

from keras_diagram_core.worker.session import main

main()
