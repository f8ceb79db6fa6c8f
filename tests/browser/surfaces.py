"""What a browser shows: the colours of words and lines, and of what they stand on."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page

from keras_diagram_core.backends import paint
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import parse_options
from keras_diagram_core.theme import contrast

GRAPHS = Path(__file__).parents[1] / "graphs"
DARK_PAGE = "html {background: #131416}"
LEAST = {"text": 4.5, "mark": 3.0, "edge": 3.0}
"""The least contrast of what is drawn with what it stands on (WCAG 2.2, level AA)."""

# Returns words, outlines and edges with their colour and that of what is behind them. Colours are
# read back from a canvas, whatever colour space they are written in.
_MEASURE = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const hex = colours => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
    return '#' + [r, g, b].map(channel => channel.toString(16).padStart(2, '0')).join('');
  };
  const body = getComputedStyle(document.body);
  const system = matchMedia('(prefers-color-scheme: dark)').matches && body.colorScheme;
  const canvasIsDark = /dark/.test(body.colorScheme) &&
    (system || !/light/.test(body.colorScheme));
  const pageColours = element => {
    const found = [];
    for (let at = element; at; at = at.parentElement) {
      found.unshift(getComputedStyle(at).backgroundColor);
    }
    return [canvasIsDark ? '#121212' : '#ffffff', ...found];
  };
  const below = (element, x, y) => {
    const stack = document.elementsFromPoint(x, y);
    const under = stack.slice(stack.indexOf(element) + 1);
    const shapes = under.filter(other => /^(rect|path|circle)$/.test(other.tagName));
    const fills = shapes.map(other => getComputedStyle(other).fill).reverse();
    const seen = fills.filter(fill => fill !== 'none');
    return hex([...pageColours(element.closest('svg')), ...seen]);
  };
  const seen = [];
  for (const svg of document.querySelectorAll('svg.kd')) {
    for (const text of svg.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      const surface = below(text, box.x + box.width / 2, box.y + box.height / 2);
      seen.push(['text', text.textContent, hex([getComputedStyle(text).fill]), surface]);
    }
    for (const mark of svg.querySelectorAll('.kd-node')) {
      const shape = mark.querySelector('rect, path, circle');
      const box = mark.getBoundingClientRect();
      const surface = below(shape, box.x - 2, box.y - 2);
      seen.push(['mark', mark.dataset.kdNode, hex([getComputedStyle(shape).stroke]), surface]);
    }
    for (const edge of svg.querySelectorAll('.kd-edge')) {
      const middle = edge.getPointAtLength(edge.getTotalLength() / 2);
      const at = middle.matrixTransform(edge.getScreenCTM());
      const name = edge.dataset.kdSource + ' ' + edge.dataset.kdTarget;
      seen.push(['edge', name, hex([getComputedStyle(edge).stroke]), below(edge, at.x, at.y)]);
    }
  }
  const [first] = document.querySelectorAll('svg.kd');
  return {seen, page: hex(pageColours(first.parentElement))};
}"""


class Seen(NamedTuple):
    """Something that is drawn, `text`, `mark` or `edge`, in a colour on another one."""

    kind: str
    name: str
    colour: str
    surface: str

    @property
    def contrast(self) -> float:
        return contrast(self.colour, self.surface)


@functools.cache
def draw(name: str = "transformer", **options: Any) -> str:
    """Draw a committed graph."""
    graph = ModelGraph.from_dict(json.loads((GRAPHS / f"{name}.json").read_text("utf-8")))
    raw = {name.replace("_", "-"): value for name, value in options.items()}
    return paint(lay_out(graph, parse_options({"view": "blocks", **raw})), "svg").decode()


def show(page: Page, content: str, html: str = "", body: str = "", style: str = "") -> None:
    """Show a page with content, and with attributes of its `html` and `body`."""
    page.set_viewport_size({"width": 900, "height": 1400})
    page.set_content(
        f"<!doctype html><html {html}><style>{style}</style><body {body}>{content}</body></html>"
    )


def seen(page: Page) -> list[Seen]:
    """Measure all words, marks and edges of all pictures in the page."""
    return [Seen(*found) for found in page.evaluate(_MEASURE)["seen"]]


def page_colour(page: Page) -> str:
    """Return the colour of the page where its first picture stands."""
    return page.evaluate(_MEASURE)["page"]


def is_dark(colour: str) -> bool:
    """Whether white stands out from a colour better than black."""
    return contrast("#ffffff", colour) > contrast("#000000", colour)


def illegible(page: Page) -> list[Seen]:
    """List what has too little contrast with what it stands on."""
    found = seen(page)
    assert {one.kind for one in found} == set(LEAST)
    return [one for one in found if one.contrast < LEAST[one.kind]]


def front(page: Page, family: str = "dense") -> list[str]:
    """Return the colour of the first front of a family, in each picture."""
    return page.evaluate(
        "name => [...document.querySelectorAll('svg.kd')].map("
        "svg => getComputedStyle(svg.querySelector(`.kd-f-${name}-fill`)).fill)",
        family,
    )
