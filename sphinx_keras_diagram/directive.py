"""The directive: it records a request, and leaves a placeholder in the page."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.utils import escape2null
from sphinx.util.docutils import SphinxDirective

from keras_diagram_core import DiagramRequest, RequestError, parse_request
from sphinx_keras_diagram.body import Subject, read_subject
from sphinx_keras_diagram.config import read_config
from sphinx_keras_diagram.nodes import failure, keras_diagram
from sphinx_keras_diagram.options import AnyName, known_names, read_page_options, sort_options
from sphinx_keras_diagram.uses import Use, page_path, record
from sphinx_keras_diagram.warn import warn

FIGURE_OPTIONS = frozenset({"caption", "figclass", "figwidth"})
PICTURE_OPTIONS = ("alt", "width", "height", "scale", "loading")


class KerasDiagram(SphinxDirective):
    """`.. keras-diagram:: package.module:builder`, or Python that leaves `model` in the body."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = AnyName(dict.fromkeys(sorted(known_names()), directives.unchanged))

    def run(self) -> list[nodes.Node]:
        """Give the figure or picture, or say what is wrong with the markup."""
        subject = Subject(" ".join(self.arguments), options=dict(self.options))
        page: dict[str, Any] = {}
        try:
            subject = read_subject(subject.target, "\n".join(self.content), subject.options)
            config, _ = read_config(self.config)
            markup = sort_options(subject.options, config.defaults)
            page = read_page_options(markup.page)
            _check_source(subject, page)
            request = parse_request(subject.target, markup.core | subject.as_option)
            request = request.located(partial(page_path, self.env), subject.options)
            request = request.depending(config.depends)
            picture = self._placeholder(request, page)
        except RequestError as error:
            # References to a failed figure must not become warnings of their own.
            known = ("caption", "name")
            options = subject.options
            page = {key: str(options[key]) for key in known if options.get(key)}
            picture = self._refuse(subject.target, error)
        return [*self._listing(subject, page), *self._frame(picture, page)]

    def _listing(self, subject: Subject, page: dict[str, Any]) -> list[nodes.Node]:
        """Print the code, if that is wanted."""
        if not (subject.code and page.get("show-source")):
            return []
        block = nodes.literal_block(subject.code, subject.code, language="python")
        self.set_source_info(block)
        return [block]

    def _placeholder(self, request: DiagramRequest, page: dict[str, Any]) -> nodes.Element:
        node = keras_diagram(
            "",
            request=request.digest,
            target=request.model.title,
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


def _check_source(subject: Subject, page: dict[str, Any]) -> None:
    """Refuse to show the source of a target; what conf.py says for all diagrams is passed over."""
    if page.get("show-source") and "show-source" in subject.options and not subject.code:
        raise RequestError(
            "There is no source to show: the diagram has a target.",
            hint="Remove show-source; it is for code that stands in the page itself.",
        )
