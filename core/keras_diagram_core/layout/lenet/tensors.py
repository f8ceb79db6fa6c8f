"""Tensors: what of a shape is space and what are channels, and how long each length is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from keras_diagram_core.describe import range_text
from keras_diagram_core.graph import Shape


class Tensor(NamedTuple):
    """A tensor without its batch dimension; a vector has features (`channels`) and no space."""

    channels: int | None
    space: tuple[int | None, ...] = ()

    @property
    def text(self) -> str:
        """Write it as papers do: `32@26×26`; a vector is its number of features."""
        return tensors_text([self])


def tensors_text(tensors: Sequence[Tensor]) -> str:
    """Write tensors of one rank as one, with ranges where they differ: `128–192@17×17`."""
    [channels, *space] = (range_text(sizes) for sizes in zip(*map(_sizes, tensors), strict=True))
    return f"{channels}@{'×'.join(space)}" if space else channels


def _sizes(tensor: Tensor) -> tuple[int | None, ...]:
    return (tensor.channels, *tensor.space)


def tensor_of(sizes: Shape, *, channels_first: bool) -> Tensor:
    """Read the shape of one sample's tensor."""
    if len(sizes) <= 1:
        return Tensor(sizes[0] if sizes else 1)
    if channels_first:
        return Tensor(sizes[0], sizes[1:])
    return Tensor(sizes[-1], sizes[:-1])


class Scale(NamedTuple):
    """How lengths of tensors become px: `largest` gets `top` px, others a power of their share."""

    largest: int
    top: float
    power: float

    def px(self, size: int | None) -> float:
        """Give the drawn length of a size; an unknown one gets a middle length."""
        if size is None or not self.largest:
            return 0.6 * self.top
        return float(self.top * (max(size, 1) / self.largest) ** self.power)


def scale(sizes: Iterable[int | None], least: float, per_size: float, most: float) -> Scale:
    """Fit sizes into `least` to `most` px: in proportion if the smallest does not get too small.

    Args:
        sizes: all that will be drawn; None is unknown.
        least: px of the smallest, unless the largest has no more.
        per_size: px for each unit of the largest size.
        most: px that the largest may get.
    """
    known = [max(size, 1) for size in sizes if size is not None]
    if not known:
        return Scale(0, most, 1.0)
    largest, smallest = max(known), min(known)
    top = max(min(largest * per_size, most), min(least, most))
    spread = math.log(largest / smallest)
    power = min(math.log(top / min(least, top)) / spread, 1.0) if spread else 1.0
    return Scale(largest, top, power)


def maps_drawn(channels: int | None, largest: int, most: int) -> int:
    """Say how many maps stand for channels: all if the model has few, else fewer in proportion.

    Up to three (colours of an image) are always drawn as they are; more grow with the square
    root, so that 64 and 512 can be told apart.
    """
    if channels is None:
        return min(3, most)
    if largest <= most:
        return max(channels, 1)
    share = round(most * math.sqrt(channels / largest))
    return max(1, min(channels, most, max(share, 3)))
