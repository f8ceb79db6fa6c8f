"""How hypothesis runs in this suite: decided here, and nowhere else.

`suite` runs the same few examples on every machine: neither time nor chance fails a test. Others
differ in their number alone: `fast` runs fewer, `proof` many; and `fuzz` runs many that nobody has
seen. HYPOTHESIS_PROFILE or `--hypothesis-profile` chooses.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

SUITE = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def load_profile() -> None:
    """Set what tests run with that say nothing of their own."""
    settings.register_profile("suite", SUITE)
    settings.register_profile("fast", SUITE, max_examples=8)
    settings.register_profile("proof", SUITE, max_examples=300)
    settings.register_profile("fuzz", SUITE, max_examples=300, derandomize=False)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))
