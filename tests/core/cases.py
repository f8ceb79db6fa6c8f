"""Which cases of a product of parameters a normal change runs: `make proof` runs them all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from tiers import LARGE


def diagonals(share: int, *lists: Sequence[Any]) -> list[Any]:
    """Return all combinations of values: one in `share` for `make test`, all for `make proof`.

    Those of `make test` lie on diagonals: each value of a list meets others in turn, and every
    pair of values of two lists meets if a third list has `share` values or more. Of the cases of
    the largest graphs, which take most of the time, half as many are left.
    """
    cases = []
    others = [each for each in lists if not LARGE.intersection(map(str, each))]
    rare = 2 * share if any(len(each) >= 2 * share for each in others) else share
    for chosen in product(*map(enumerate, lists)):
        places, values = zip(*chosen, strict=True)
        every = rare if LARGE.intersection(map(str, values)) else share
        marks = () if sum(places) % every == 0 else (pytest.mark.proof,)
        cases.append(pytest.param(*values, marks=marks))
    return cases
