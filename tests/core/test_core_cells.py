"""Networks of cells: found in any mesh, folded where they and their wiring repeat."""

import msgspec
import pytest
from core_graphs import cell_network, graphs
from hypothesis import given
from legibility import measure

from keras_diagram_core.graph import Edge, ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Scene, Text
from keras_diagram_core.transforms.fold import Cells, Likeness, fold
from keras_diagram_core.transforms.fuse import UnitGraph, fuse
from keras_diagram_core.transforms.structure import Mesh, structure

DETAILS = ["auto", "all", "units", "blocks", "stages"]


def draw(graph: ModelGraph, **options: object) -> Scene:
    return lay_out(graph, parse_options({"view": "blocks", **options}))


def fused(graph: ModelGraph) -> UnitGraph:
    return fuse(graph, linear_order(graph))


def runs(graph: ModelGraph, likeness: Likeness = "equal") -> list[tuple[int, int | None]]:
    """Give how often each run of cells is there, and which other one it is like."""
    units = fused(graph)
    items = fold(graph, units, structure(units), likeness)
    [cells] = [item for item in items if isinstance(item, Cells)]
    return [(len(run.repeats), run.like) for run in cells.runs]


def words(scene: Scene) -> list[str]:
    items = (*scene.labels, *scene.marks)
    return [shape.text for item in items for shape in item.shapes if isinstance(shape, Text)]


def test_each_cell_is_found_with_all_that_leads_only_to_its_exit():
    graph = cell_network(8, 8, 8)
    units = fused(graph)
    [mesh] = [part for part in structure(units).parts if isinstance(part, Mesh)]
    found = [{units.units[unit].main for unit in cell.units} for cell in mesh.cells]
    parts = ("left", "right", "one", "deep", "two", "three", "concat")
    assert found == [{f"cell{number}_{part}" for part in parts} for number in range(3)]
    assert [units.units[cell.exit].main for cell in mesh.cells] == [
        "cell0_concat",
        "cell1_concat",
        "cell2_concat",
    ]


@given(graph=graphs())
def test_cells_hold_every_unit_once_and_only_exits_lead_out(graph):
    units = fused(graph)
    for part in structure(units).parts:
        if not isinstance(part, Mesh):
            continue
        home = {unit: number for number, cell in enumerate(part.cells) for unit in cell.units}
        assert len(home) == sum(len(cell.units) for cell in part.cells)
        for source, target, _ in units.edges:
            if source in home and target in home and home[source] != home[target]:
                assert home[source] < home[target]
                assert source == part.cells[home[source]].exit


def test_cells_that_repeat_are_folded():
    assert runs(cell_network(8, 8, 8, 8, 8)) == [(1, None), (4, None)]


def test_cells_are_not_folded_where_their_wiring_differs():
    assert runs(cell_network(*[8] * 8, skips=(5,))) == [(1, None), (4, None), (1, 1), (2, 1)]


def test_cells_may_share_an_input():
    """As the layers of a transformer share a mask."""
    graph = cell_network(*[8] * 6)
    shared = [Edge(source="stem", target=f"cell{n}_one", target_index=2) for n in range(6)]
    graph = msgspec.structs.replace(graph, edges=(*graph.edges, *shared))
    assert runs(graph) == [(1, None), (1, None), (4, None)]
    found = measure(draw(graph), graph)
    assert found[3:10] == (0,) * 7, found


def test_nothing_is_folded_if_units_are_asked_for():
    assert runs(cell_network(8, 8, 8), "none") == [(1, None)] * 3


def test_cells_of_other_widths_refer_to_those_that_are_drawn():
    graph = cell_network(8, 8, 8, 16, 16, 16)
    assert runs(graph) == [(1, None), (2, None), (3, 1)]
    said = words(draw(graph, detail="blocks"))
    assert "as drawn earlier, each takes the two before it" in said
    assert {"× 2", "× 3", "8 filters", "16 filters", "Cell A", "Cell B"} <= set(said)


def test_a_fold_says_what_each_repetition_takes_and_which_ones_go_on():
    graph = cell_network(8, 8, 8, 8, 8, 16, 16)
    said = words(draw(graph, detail="blocks"))
    assert "each takes the two before it" in said
    assert {"3rd", "4th"} <= set(said)


@pytest.mark.parametrize(("direction", "sign"), [("down", 1), ("up", -1)])
def test_ordinals_stand_where_the_repetitions_leave(direction, sign):
    graph = cell_network(8, 8, 8, 8, 8, 16, 16)
    scene = draw(graph, detail="blocks", direction=direction)
    shapes = [shape for label in scene.labels for shape in label.shapes]
    found = {shape.text: shape.y for shape in shapes if isinstance(shape, Text)}
    assert sign * (found["3rd"] - found["each takes the two before it"]) > 50
    assert measure(scene, graph)[3:10] == (0,) * 7


@pytest.mark.parametrize("width", [400, 720])
@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("filters", [(8, 8), (8,) * 9, (8,) * 5 + (16,) * 5])
def test_networks_of_cells_are_drawn_true_and_legible(filters, detail, width):
    graph = cell_network(*filters, skips=(7,))
    found = measure(draw(graph, detail=detail, width=width), graph)
    assert found.width <= width
    assert found.smallest_text >= 9
    assert found[3:10] == (0,) * 7, found


def test_long_names_of_cells_are_cut():
    graph = cell_network(8, 8, 8, 8)
    scope = ("a_scope_with_a_name_that_is_much_too_long_for_any_page_" * 3,)
    members = tuple(msgspec.structs.replace(node, scope=scope) for node in graph.nodes)
    scene = draw(msgspec.structs.replace(graph, nodes=members), width=400, detail="blocks")
    assert scene.width <= 400


def test_a_folded_network_has_few_crossings_and_is_low():
    graph = cell_network(*[8] * 30)
    found = measure(lay_out(graph, parse_options({})), graph)
    assert found.height <= 800
    assert found.crossings <= 20


@pytest.mark.slow
@given(graph=graphs(most=60))
def test_large_random_meshes_are_drawn_true_and_legible(graph):
    found = measure(draw(graph, legend=False), graph)
    assert found[3:10] == (0,) * 7, found
