"""Images: files as Scenes hold them, and pictures as pixels (Pillow)."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable

from PIL import Image as Pillow
from PIL import ImageChops, ImageDraw, ImageOps

from keras_diagram_core.errors import RequestError
from keras_diagram_core.scene import Image, Picture

LARGEST = 600
"""The longest side that an image keeps, in pixels: faces are smaller than half of that."""

# A file as small as this, in bytes, is taken as it is.
_SMALL = 200_000
_KEPT = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_SVG = "image/svg+xml"
_ORIENTATION = 0x0112
# How many times finer than the picture an image is turned, for smooth edges; one of more pixels
# than this is fine enough.
_FINER = 3
_FINE = 4_000_000

_SVG_ROOT = re.compile(rb"<svg\b[^>]*>", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([\d.]+)(px)?\s*")


def read_image(data: bytes, name: str) -> Image:
    """Read an image's file; what is larger than a picture can use is made smaller.

    Args:
        data: the file's bytes: PNG, JPEG, GIF, WebP, SVG, or what Pillow reads besides.
        name: what messages call it.

    Raises:
        RequestError: it is no image.
    """
    if root := _SVG_ROOT.search(data[:4096]):
        width, height = _svg_size(root[0].decode("utf-8", "replace"), name)
        return Image(_SVG, width, height, data)
    try:
        with Pillow.open(io.BytesIO(data)) as opened:
            turned = opened.getexif().get(_ORIENTATION, 1) != 1
            still = getattr(opened, "n_frames", 1) == 1
            fits = max(opened.size) <= LARGEST and len(data) <= _SMALL
            kind, size = opened.format or "", opened.size
            if kind in _KEPT and opened.mode != "CMYK" and fits and still and not turned:
                opened.load()
                return Image(_KEPT[kind], *size, data)
            return _smaller(opened)
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise RequestError(
            f"The image '{name}' cannot be read: {error}.",
            hint="It takes PNG, JPEG, GIF and WebP files, and SVG where the diagram is SVG.",
        ) from None


def _smaller(opened: Pillow.Image) -> Image:
    """Write an image anew: upright, still, and no larger than is of use."""
    kind = opened.format
    upright = ImageOps.exif_transpose(opened)
    image = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    image.thumbnail((LARGEST, LARGEST), Pillow.Resampling.LANCZOS)
    buffer = io.BytesIO()
    if kind == "JPEG" and image.mode == "RGB":
        image.save(buffer, "JPEG", quality=88, optimize=True)
        return Image("image/jpeg", *image.size, buffer.getvalue())
    image.save(buffer, "PNG", optimize=True)
    return Image("image/png", *image.size, buffer.getvalue())


def _svg_size(root: str, name: str) -> tuple[float, float]:
    """Read the size of an SVG: its width and height in px, or else its view box."""
    lengths = [_attribute(root, side) for side in ("width", "height")]
    found = [_LENGTH.fullmatch(length) for length in lengths]
    sizes = [float(match[1]) for match in found if match]
    if len(sizes) < 2:
        box = re.split(r"[\s,]+", _attribute(root, "viewBox").strip())
        sizes = [float(part) for part in box[2:] if _LENGTH.fullmatch(part)]
    if len(sizes) != 2 or min(sizes) <= 0:
        hint = "Give it a viewBox, or width and height in px."
        raise RequestError(f"The image '{name}' does not say how large it is.", hint=hint)
    return sizes[0], sizes[1]


def _attribute(root: str, name: str) -> str:
    found = re.search(rf"\s{name}\s*=\s*(\"[^\"]*\"|'[^']*')", root)
    return found[1][1:-1] if found else ""


def opened(image: Image) -> Pillow.Image:
    """Give an image as pixels, in mode RGBA.

    Raises:
        RequestError: it is an SVG, of which Pillow knows nothing.
    """
    if image.media_type == _SVG:
        raise RequestError("An image in SVG has no pixels.", hint="Paint the Scene as SVG.")
    return Pillow.open(io.BytesIO(image.data)).convert("RGBA")


def pixels(
    picture: Picture, source: Pillow.Image, scale: float
) -> tuple[Pillow.Image, tuple[int, int]]:
    """Turn an image as a picture says: its pixels, and where their left upper corner lies.

    Args:
        picture: where the image is seen.
        source: the image, in mode RGBA.
        scale: how many pixels a px has.
    """
    edge = picture.bounds
    left, top = int(edge.left * scale), int(edge.top * scale)
    size = (int(edge.right * scale) + 2 - left, int(edge.bottom * scale) + 2 - top)
    finer = _FINER if size[0] * size[1] <= _FINE else 1
    fine = (size[0] * finer, size[1] * finer)

    def at(x: float, y: float) -> tuple[float, float]:
        return (x * scale - left) * finer, (y * scale - top) * finer

    corner, right, low = (at(*point) for point in picture.corners)
    across = right[0] - corner[0], right[1] - corner[1]
    down = low[0] - corner[0], low[1] - corner[1]
    fitting = _near(source, across, down)
    # Premultiplied, so that what is transparent leaves no rim.
    turned = fitting.convert("RGBa").transform(
        fine,
        Pillow.Transform.AFFINE,
        _inverse(corner, across, down, fitting.size),
        Pillow.Resampling.BICUBIC,
    )
    result = turned.reduce(finer).convert("RGBA")
    mask = _mask(picture, fine, at).reduce(finer)
    alpha = ImageChops.multiply(result.getchannel("A"), mask)
    result.putalpha(alpha.point([round(value * picture.opacity) for value in range(256)]))
    return result, (left, top)


def _near(
    source: Pillow.Image, across: tuple[float, float], down: tuple[float, float]
) -> Pillow.Image:
    """Bring an image near to the size at which it is seen: turning alone would skip pixels."""
    seen = (math.ceil(math.hypot(*side)) for side in (across, down))
    width, height = (min(max(new, 1), old) for new, old in zip(seen, source.size, strict=True))
    if (width, height) == source.size:
        return source
    small = source.convert("RGBa").resize((width, height), Pillow.Resampling.BOX)
    return small.convert("RGBA")


def _inverse(
    corner: tuple[float, float],
    across: tuple[float, float],
    down: tuple[float, float],
    size: tuple[int, int],
) -> tuple[float, ...]:
    """Say which pixel of an image a point shows, as factors of x, y and 1."""
    (ax, ay), (dx, dy), (x, y) = across, down, corner
    area = ax * dy - ay * dx or 1.0
    rows = (
        (dy / area * size[0], -dx / area * size[0]),
        (-ay / area * size[1], ax / area * size[1]),
    )
    return tuple(factor for row in rows for factor in (*row, -(row[0] * x + row[1] * y)))


def _mask(
    picture: Picture, size: tuple[int, int], at: Callable[[float, float], tuple[float, float]]
) -> Pillow.Image:
    """Show what is in the clip alone."""
    (x0, y0), (x1, y1), (x2, y2) = picture.corners
    whole = ((x0, y0), (x1, y1), (x1 + x2 - x0, y1 + y2 - y0), (x2, y2))
    mask = Pillow.new("L", size, 0)
    ImageDraw.Draw(mask).polygon([at(*point) for point in picture.clip or whole], fill=255)
    return mask
