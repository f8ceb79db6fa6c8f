"""Which small picture shows what an option does: `option_pictures.yml`, read and checked.

Nothing here needs Sphinx, so that tests can ask for what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from keras_diagram_core import MODEL_OPTIONS, VIEWS, OptionSpec, option_specs

FILE = Path(__file__).with_name("option_pictures.yml")
MODEL = "model"
"""Where pictures of the options of the model stand, among those of the views."""


@dataclass(frozen=True)
class OptionPicture:
    """One option, set to a value, on a small model.

    `settings` are those that the picture has without the option, too; `said` are those among
    them that readers should know. An option is `alone` where there is no picture without it, and
    `unseen` where no picture shows it; where `png` is true, it shows in raster pictures only.
    """

    option: str
    value: Any
    model: str
    target: str
    settings: Mapping[str, Any]
    said: Mapping[str, Any] = field(default_factory=dict)
    alone: bool = False
    unseen: bool = False
    png: bool = False

    @property
    def without(self) -> dict[str, Any]:
        """Give the settings of the picture without the option."""
        return {name: value for name, value in self.settings.items() if name != self.option}

    @property
    def shown(self) -> dict[str, Any]:
        """Give the settings of the picture with the option."""
        return {**self.settings, self.option: self.value}

    def drawn_in(self, view: str) -> OptionPicture:
        """Give the same picture in another view."""
        return replace(self, settings={**self.settings, "view": view})


def pictures(section: str) -> dict[str, OptionPicture]:
    """Give the pictures of one view's options by name, or those of the model's."""
    return {name: _picture(section, name, line) for name, line in _sections()[section].items()}


def picture_of(spec: OptionSpec, section: str) -> OptionPicture:
    """Find the picture of an option of a view, or of the model.

    The line stands under the view, or under another that has the same option: then the picture is
    drawn in the view that is asked for. What all views have is shown where its line stands.

    Raises:
        LookupError: there is none; the message says where to write it.
    """
    for each in _homes(spec, section):
        if found := pictures(each).get(spec.name):
            return found if is_common(spec) or each == section else found.drawn_in(section)
    views = " or ".join(f"'{each}:'" for each in _homes(spec, section))
    raise LookupError(
        f"The option '{spec.name}' of '{section}' has no picture. Write a line under {views} in"
        f" docs/_ext/{FILE.name}, like '{spec.name}: {{of: chain, set: VALUE}}'."
    )


def problems() -> Iterator[str]:
    """Say which options have no picture, and which lines are for no option."""
    names = {section: {spec.name for spec in specs(section)} for section in sections()}
    for section in sections():
        for spec in specs(section):
            try:
                picture_of(spec, section)
            except LookupError as error:
                yield str(error)
        for name in _sections()[section]:
            if name not in names[section]:
                yield f"'{section}' has no option '{name}': correct docs/_ext/{FILE.name}."


def sections() -> tuple[str, ...]:
    """Name the views, and what stands for the model."""
    return (MODEL, *VIEWS)


def specs(section: str) -> tuple[OptionSpec, ...]:
    """List the options of a section."""
    return MODEL_OPTIONS if section == MODEL else option_specs(section)


def views_of(spec: OptionSpec) -> list[str]:
    """Name the views that have an option."""
    return [view for view in VIEWS if spec in option_specs(view)]


def is_common(spec: OptionSpec) -> bool:
    """Say whether every view has an option."""
    return views_of(spec) == list(VIEWS)


def _homes(spec: OptionSpec, section: str) -> list[str]:
    return list(dict.fromkeys([section, *views_of(spec)]))


def _picture(section: str, name: str, line: Mapping[str, Any]) -> OptionPicture:
    data, said = _data(), line.get("with", {})
    chosen = {"view": section} if section in VIEWS else {}
    settings = {**data["settings"], **chosen, **said}
    return OptionPicture(
        option=name,
        value=line["set"],
        model=line["of"],
        target=data["models"][line["of"]],
        settings=settings,
        said=said,
        alone=line.get("alone", False),
        unseen=line.get("unseen", False),
        png=line.get("format") == "png",
    )


def _sections() -> dict[str, dict[str, Any]]:
    return {section: _data().get(section) or {} for section in sections()}


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return data
