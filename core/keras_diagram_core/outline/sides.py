"""Side values: tensors that many places of one chain take beside what flows through it."""

from __future__ import annotations

from collections.abc import Mapping

from keras_diagram_core.outline.flow import Flow, Link

_FEWEST_USES = 3
_FEWEST_STAGES = 3
_CANDIDATES = 16


def side_values(flow: Flow) -> Mapping[int, list[Link]]:
    """Return the units that give side values, each with the links by which they enter."""
    users = {
        unit: list({link.target: link for link in links}.values())
        for unit, links in enumerate(flow.out_of)
    }
    fans = sorted(
        (unit for unit in users if len(users[unit]) >= _FEWEST_USES),
        key=lambda unit: (-len(users[unit]), unit),
    )
    found: dict[int, list[Link]] = {}
    for unit in fans[:_CANDIDATES]:
        if _is_aside(flow, unit):
            found[unit] = list(flow.out_of[unit])
    return found


def _is_aside(flow: Flow, unit: int) -> bool:
    """Whether what a unit gives joins other tensors, in places one after the other."""
    private, stage, joins = {unit}, {unit: 0}, 0
    for place in range(unit + 1, len(flow.units)):
        sources = {link.source for link in flow.into[place]}
        before = [stage[source] for source in sources if source in stage]
        if not before:
            continue
        if sources <= private:
            private.add(place)
        is_join = place not in private and not sources.isdisjoint(private)
        joins += is_join
        stage[place] = max(before) + is_join
    return joins >= _FEWEST_USES and max(stage.values()) >= _FEWEST_STAGES
