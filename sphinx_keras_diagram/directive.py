"""The directive: it records a request, and leaves a placeholder in the page."""

from __future__ import annotations

from typing import Any, cast

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from docutils.utils import escape2null
from sphinx.util.docutils import SphinxDirective

from keras_diagram_core import DiagramRequest, RequestError, parse_request
from sphinx_keras_diagram.config import read_config
from sphinx_keras_diagram.nodes import failure, keras_diagram
from sphinx_keras_diagram.options import AnyName, known_names, read_page_options, sort_options
from sphinx_keras_diagram.uses import Use, record
from sphinx_keras_diagram.warn import warn

FIGURE_OPTIONS = frozenset({"caption", "figclass", "figwidth"})
PICTURE_OPTIONS = ("alt", "width", "height", "scale", "loading")


class KerasDiagram(SphinxDirective):
    """`.. keras-diagram:: package.module:builder`."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = AnyName(dict.fromkeys(sorted(known_names()), directives.unchanged))

    def run(self) -> list[nodes.Node]:
        """Give the figure or picture, or say what is wrong with the markup."""
        target, options = " ".join(self.arguments), dict(self.options)
        try:
            target, options = self._read_body(target, options)
            defaults = read_config(self.config)[0].default_options
            markup = sort_options(options, defaults)
            page = read_page_options(markup.page)
            picture = self._placeholder(parse_request(target, markup.core), page)
        except RequestError as error:
            # References to a failed figure must not become warnings of their own.
            page = {key: str(options[key]) for key in ("caption", "name") if options.get(key)}
            picture = self._refuse(target, error)
        return self._frame(picture, page)

    def _read_body(self, target: str, options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Read the Markdown hosts' way of writing, where all of it stands in the body."""
        body = "\n".join(self.content)
        if not body.strip():
            return target, options
        try:
            settings = None if target else yaml.safe_load(body)
        except yaml.YAMLError:
            settings = None
        if isinstance(settings, str) and ":" in settings:
            return settings, options
        if isinstance(settings, dict) and "target" in settings:
            settings = {str(name): value for name, value in settings.items()}
            return str(settings.pop("target")), options | settings
        raise RequestError(
            "The directive takes no body.",
            hint="Write the target behind '::', options as lines like ':view: layered', "
            "and nothing below them.",
        )

    def _placeholder(self, request: DiagramRequest, page: dict[str, Any]) -> nodes.Element:
        node = keras_diagram(
            "",
            request=request.digest,
            target=request.model.target,
            classes=page.get("class", []),
            fit_figure=page.get("figwidth") == "image",
        )
        node.attributes.update({key: page[key] for key in PICTURE_OPTIONS if key in page})
        self.set_source_info(node)
        record(self.env, Use(request, self.get_location()))
        return node

    def _refuse(self, target: str, error: RequestError) -> nodes.Element:
        self.env.note_reread()  # a second build must not pass in silence
        warn(error, self.get_location())
        return failure(target, error)

    def _frame(self, picture: nodes.Element, page: dict[str, Any]) -> list[nodes.Node]:
        """Put the picture into its link and its figure, and name it."""
        linked, messages = self._link(picture, page.get("target"))
        figure = self._figure(linked, page) if FIGURE_OPTIONS & page.keys() else None
        holder = figure if figure is not None else linked
        if "align" in page:
            (picture if figure is None else figure)["align"] = page["align"]
        if "name" not in page:
            return [holder, *messages]
        self.options["name"] = page["name"]
        if figure is not None:
            self.add_name(figure)
            return [figure, *messages]
        # Every builder knows how to point to a target, whatever becomes of the picture.
        anchor = nodes.target("", "")
        self.add_name(anchor)
        return [anchor, holder, *messages]

    def _link(
        self, picture: nodes.Element, target: str | None
    ) -> tuple[nodes.Element, list[nodes.Node]]:
        """Make the picture a link, with docutils' own reading of `target`."""
        if target is None:
            return picture, []
        lines = escape2null(target).splitlines()
        state = cast("Any", self.state)  # the state of a body has methods that its base lacks
        kind, data = state.parse_target(lines, self.block_text, self.lineno)
        if kind == "refuri":
            return nodes.reference("", "", picture, refuri=data), []
        if kind != "refname":
            return picture, [data]  # a system message
        link = nodes.reference("", "", picture)
        link["refname"] = nodes.fully_normalize_name(data)
        link["name"] = nodes.whitespace_normalize_name(data)
        cast("Any", link).indirect_reference_name = data
        self.state.document.note_refname(link)
        return link, []

    def _figure(self, picture: nodes.Element, page: dict[str, Any]) -> nodes.figure:
        figure = nodes.figure("", picture, classes=page.get("figclass", []))
        self.set_source_info(figure)
        if page.get("figwidth", "image") != "image":
            figure["width"] = page["figwidth"]
        if caption := page.get("caption"):
            content, messages = self.parse_inline(caption, lineno=self.lineno)
            node = nodes.caption(caption, "", *content)
            self.set_source_info(node)  # without it, captions cannot be translated
            figure += [node, *messages]
        return figure
