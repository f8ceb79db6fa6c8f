"""A `call` that asks for values or has effects: what is drawn is true, and the rest is said."""

import pytest

from keras_diagram_core.inputs import InputSpec
from keras_diagram_core.request import ModelRequest, parse_request

pytestmark = pytest.mark.keras


def request(target, *shape, depth=None, expand=()):
    inputs = (InputSpec(shape=shape),) if shape else ()
    return ModelRequest(
        target=f"models.effects:{target}", inputs=inputs, depth=depth, expand=expand
    )


def parsed(target, **options):
    request = parse_request(f"models.{target}", options)
    return request.model


NESTED = {"x": [3], "ctx": {"a": [3], "pair": [[3], [3]]}}
PATHS = {"x": [3], "ctx.a": [3], "ctx.pair.0": [3], "ctx.pair.1": [3]}

REQUESTS = {
    "nested": parsed("effects:Nested", **{"input-shape": NESTED}),
    "nested_paths": parsed("effects:Nested", **{"input-shape": PATHS}),
    "nested_inputs": parsed(
        "effects:Nested",
        inputs={
            "x": {"shape": [3]},
            "ctx": {"a": {"shape": [3], "dtype": "int32"}, "pair": [{"shape": [3]}] * 2},
        },
    ),
    "argument": parsed("effects:NestedArgument", **{"input-shape": {"x": [3], "ctx": {"a": [3]}}}),
    "masked": parsed(
        "effects:NestedArgument", **{"input-shape": {"x": [3], "ctx.a": [3], "mask": [3]}}
    ),
    "anything": parsed("effects:Anything", **{"input-shape": {"left": [3], "right": [3]}}),
    "nested_functional": parsed(
        "effects:build_nested_functional", **{"input-shape": {"x": [3], "ctx": {"a": [3]}}}
    ),
    "misspelt": parsed(
        "subclassed:TwoTowers", **{"input-shape": {"querry": [3], "document": [5]}}
    ),
    "missing": parsed("subclassed:TwoTowers", **{"input-shape": {"query": [3]}}),
    "other": parsed("subclassed:Optional", **{"input-shape": {"x": [3], "contxt": [5]}}),
    "few": parsed("subclassed:TwoTowers", **{"input-shape": [3]}),
    "many": parsed("subclassed:TwoTowers", **{"input-shape": [[3], [3], [3]]}),
    "misspelt_functional": parsed(
        "effects:build_nested_functional", **{"input-shape": {"x": [3], "ctx": {"b": [3]}}}
    ),
    **{
        name: request(name, 3)
        for name in (
            *("Compares", "LooksUp", "Swallows", "Converts", "MasksZeros"),
            *("Autoencoder", "Chooses", "Repeats", "Scale", "Weighs", "Same", "Raw"),
            *("Counts", "Indexes", "Sized", "Abstract", "Constant", "Constants", "Assigns"),
            *("Drops", "Reshapes", "Clips", "Fields"),
        )
    },
    "reluctant": request("build_reluctant"),
    "reluctant_all": request("build_reluctant", depth="all"),
    "reluctant_some": request("build_reluctant", expand=("Scale", "each", "Dense", "Dence")),
    "unnamed": request("Unnamed"),
    "passes": request("Passes", 3),
    "passes_closed": request("Passes", 3, depth=0),
    "causal": request("Causal", 3, depth="all"),
    "failing": request("build_failing"),
    "windows": request("Windows", 4, 3),
    "constant_outer": request("build_constant"),
    "tied": request("Tied", 5, depth="all"),
    "nested_raw": parsed("subclassed:build_with_raw"),
    **{
        f"ragged {depth}": ModelRequest(target="models.totals:build_ragged", depth=depth)
        for depth in (0, None, "all")
    },
    "holding": request("build_holding"),
    "holding_all": request("build_holding", depth="all"),
    **{
        f"{name} {depth}": ModelRequest(
            target=f"models.totals:build_{name}", kwargs=kwargs, depth=depth
        )
        for name, kwargs in (("quantized", {"mode": "int8"}), ("mixed", {}))
        for depth in (0, None, "all")
    },
    "decoder": ModelRequest(target="models.eager:build_decoder", depth="all"),
    "lambda": ModelRequest(target="models.eager:build_lambdas", kwargs={"kind": "closure"}),
}


@pytest.fixture(scope="module")
def batch(run_on):
    """On TensorFlow: without a backend, other things cannot be followed."""
    return run_on("tensorflow", REQUESTS)


def flow(graph):
    return {f"{edge.source} > {edge.target}" for edge in graph.edges}


def messages(graph):
    return [note.message for note in graph.notes]


@pytest.mark.parametrize(
    ("name", "last"),
    [("Compares", "equal"), ("LooksUp", "equal"), ("Swallows", "greater"), ("Converts", "sum")],
)
def test_a_value_that_is_asked_for_ends_the_recovery(batch, name, last):
    """Whatever the code does with the answer: with real tensors it could go another way."""
    graph = batch.graph(name)
    assert graph.nodes[-1].id == last
    assert not graph.outputs  # nobody knows which they would be
    (note,) = graph.notes
    assert note.node == last
    assert "cannot be followed further than here" in note.message
    assert "(effects.py line " in note.message


def test_tensors_are_compared_element_by_element(batch):
    graph = batch.graph("MasksZeros")
    assert {"x > equal", "equal > cast", "x > not_equal"} <= flow(graph)
    assert graph.by_id["equal"].output_shapes == ((None, 3),)


def test_losses_and_assignments_end_nothing(batch):
    graph = batch.graph("Autoencoder")
    assert flow(graph) == {"x > encoder", "encoder > decoder"}
    assert graph.outputs[0].node == "decoder"
    assert (graph.params, graph.trainable_params) == (16 + 20 + 5, 36)
    assert messages(graph)[:2] == [
        "The losses that `call` of 'autoencoder' adds are not shown.",
        (
            "That `call` of 'autoencoder' gives its weights new values is not shown:"
            " calls, mean, total."
        ),
    ]


def test_tensors_from_around_a_function_have_edges(batch):
    assert {"greater > cond", "first > cond", "second > cond"} <= flow(batch.graph("Chooses"))
    assert flow(batch.graph("Repeats")) >= {"x > while_loop", "first > while_loop"}
    assert "What the functions do" in messages(batch.graph("Chooses"))[-1]


def test_layers_made_of_operations_can_be_opened(batch):
    scale = batch.graph("Scale")
    assert flow(scale) == {"x > multiply"}
    assert scale.params == 3
    weighs = batch.graph("Weighs")
    assert flow(weighs) == {"x > multiply"}
    assert messages(weighs) == ["'weighs' has 3 parameters of its own that no node shows."]
    assert weighs.params == 3
    opened = batch.graph("reluctant_all")
    assert opened.by_id["scale/multiply"].scope == ("scale",)
    assert opened.params == batch.graph("reluctant").params


def test_layers_that_cannot_be_opened_are_nodes(batch):
    assert [node.id for node in batch.graph("Same").nodes] == ["x", "same"]
    raw = batch.graph("Raw")
    assert [node.id for node in raw.nodes] == ["x", "raw"]
    assert messages(raw)[0].startswith("The inside of 'raw' (Raw) cannot be shown: ValueError")
    [message] = messages(batch.graph("reluctant"))
    assert message.startswith("The inside of 'each' (TimeDistributed) cannot be shown: it runs")


def test_a_model_that_cannot_be_opened_stays_closed(batch):
    graph = batch.graph("nested_raw")
    (note,) = graph.notes
    assert note.node == "raw"
    assert note.message.startswith("The inside of 'raw' (Raw) cannot be shown")
    assert graph.by_id["raw"].params == 16


@pytest.mark.parametrize("depth", [0, None, "all"])
def test_rows_of_any_length_are_told(batch, depth):
    graph = batch.graph(f"ragged {depth}")
    assert graph.nodes[0].config["ragged"] is True
    assert [node.output_shapes[0][1:] for node in graph.nodes] == [(None,), (None, 4), (4,), (2,)]
    assert (graph.params, graph.macs) == (50, 8)
    assert [node.id for node in graph.nodes if node.macs is None] == []
    assert not graph.notes


def test_what_stays_closed_is_said(batch):
    graph = batch.graph("reluctant_all")
    assert [node.id for node in graph.nodes] == [
        *("x", "scale/multiply", "same", "raw", "each", "out")
    ]
    raw, each = graph.notes
    assert (raw.node, each.node) == ("raw", "each")
    assert each.message == (
        "The inside of 'each' (TimeDistributed) cannot be shown:"
        " it runs 'steps' (Sequential) in a way of its own."
    )
    assert messages(batch.graph("reluctant_some")) == [
        each.message,
        "There is no layer or class 'Dence' to open. Did you mean 'Dense'?",
        "`expand` names 'Dense', but there is nothing inside.",
    ]


def test_an_input_without_a_name_is_named_as_in_a_functional_model(batch):
    assert batch.graph("unnamed").nodes[0].id == "input_layer"


def test_a_loop_may_start_with_numbers_and_layers_in_it_are_not_said_to_be_idle(batch):
    graph = batch.graph("Counts")
    assert flow(graph) == {"x > first", "first > while_loop"}
    assert messages(graph) == [
        (
            "1 layer of 'counts' (12 parameters) is not called,"
            " unless in functions that are not shown: second."
        ),
        "What the functions do that 'while_loop' is given is not shown.",
    ]


def test_tensors_are_indexed_and_compared_with_none_as_in_all_backends(batch):
    graph = batch.graph("Indexes")
    assert flow(graph) == {
        *("x > first", "first > get_item", "get_item > get_item_1", "get_item_1 > get_item_2"),
        *("x > second", "second > get_item_3", "get_item_2 > add", "get_item_3 > add"),
    }
    assert graph.by_id["get_item"].output_shapes == ((1, None, 3),)
    assert not graph.notes


def test_stand_ins_for_unknown_sizes_are_not_shown(batch):
    graph = batch.graph("Sized")
    assert graph.by_id["get_item"].config == {"key": "?"}
    assert graph.by_id["add"].config == {"x2": "?×3"}


def test_macs_are_those_of_one_sample_whatever_is_in_the_batch(batch):
    """Four windows of a sample are four rows; four positions are there once, without a batch."""
    graph = batch.graph("windows")
    assert {name: graph.by_id[name].macs for name in ("first", "second")} == {
        "first": 4 * 9,
        "second": 4 * 9,
    }


def test_weights_that_several_layers_show_count_once(batch):
    closed, opened = batch.graph("holding"), batch.graph("holding_all")
    assert [closed.by_id[name].params for name in ("inner", "holds")] == [20, 20]
    assert (closed.params, closed.trainable_params, closed.repeated_params) == (20, 20, 20)
    assert (opened.params, opened.trainable_params, opened.repeated_params) == (20, 20, 0)


def test_a_framework_that_takes_no_symbolic_tensors_is_named(batch):
    assert (
        "TensorFlow's functions take no symbolic tensors; those of keras.ops do"
        in (messages(batch.graph("Raw"))[0])
    )


def test_a_model_without_a_call_is_refused_with_advice(batch):
    assert "Let the target be one of the models" in str(batch.error("Abstract"))


def test_the_reason_is_told_and_not_what_keras_says_about_it(batch):
    error = str(batch.error("failing"))
    assert "failed: ValueError: Computed output size would be zero or negative." in error


def test_an_input_that_is_returned_stays_an_input(batch):
    opened, closed = batch.graph("passes"), batch.graph("passes_closed")
    assert flow(opened) == {"x > inner/made"}
    assert [(end.node, end.index) for end in opened.outputs] == [("inner/made", 0), ("x", 0)]
    assert [(end.node, end.index) for end in closed.outputs] == [("inner", 0), ("inner", 1)]
    assert [end.node for end in (*opened.inputs, *closed.inputs)] == ["x", "x"]


def test_a_layer_that_is_given_constants_can_be_opened(batch):
    assert flow(batch.graph("causal")) == {"x > masked/where"}


def test_outputs_made_of_constants_are_said_not_to_be_shown(batch):
    named, numbered, outer = (batch.graph(n) for n in ("Constant", "Constants", "constant_outer"))
    assert [end.name for end in named.outputs] == ["y"]
    assert messages(named)[-1] == (
        "Output 'const' of 'constant' is made of constants alone, and not shown."
    )
    assert [end.node for end in numbered.outputs] == ["first", "second"]
    assert messages(numbered) == [
        "Outputs number 2, number 4 of 'constants' are made of constants alone, and not shown."
    ]
    assert [end.node for end in outer.outputs] == ["inner/first"]
    assert "of 'outer' is made of constants alone" in messages(outer)[-1]


def test_assignments_of_the_model_are_said_and_not_those_of_keras(batch):
    assert messages(batch.graph("Assigns")) == [
        "That `call` of 'assigns' gives its weights new values is not shown: count, flag.",
        "'assigns' has 3 parameters of its own that no node shows.",
    ]


def test_a_layer_that_is_drawn_elsewhere_is_not_said_to_be_idle(batch):
    graph = batch.graph("tied")
    assert flow(graph) == {"x > tokens", "tokens > head/matmul"}
    assert messages(graph) == ["1 layer of 'head' is never called: spare."]


@pytest.mark.parametrize("name", ["nested", "nested_paths", "nested_inputs"])
def test_inputs_may_be_nested(batch, name):
    graph = batch.graph(name)
    assert [end.name for end in graph.inputs] == ["ctx.a", "ctx.pair.0", "ctx.pair.1", "x"]
    assert {"x > first", "ctx.a > second", "ctx.pair.0 > multiply"} <= flow(graph)
    assert graph.by_id["ctx.a"].dtype == ("int32" if name == "nested_inputs" else "float32")


def test_inputs_may_be_nested_in_an_argument_or_have_any_name(batch):
    assert {"x > first", "ctx.a > second"} <= flow(batch.graph("argument"))
    assert "mask > multiply" in flow(batch.graph("masked"))
    assert flow(batch.graph("anything")) >= {"left > first", "right > second"}
    graph = batch.graph("nested_functional")
    assert graph.by_id["one"].output_shapes == ((None, 3),)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "misspelt",
            (
                "`call` of 'TwoTowers' takes 2 inputs: query, document, but no 'querry'."
                " Did you mean 'query'?"
            ),
        ),
        (
            "other",
            (
                "`call` of 'Optional' takes 2 inputs: x, context, but no 'contxt'."
                " Did you mean 'context'?"
            ),
        ),
        *[
            (name, "`call` of 'TwoTowers' takes 2 inputs: query, document.")
            for name in ("missing", "few", "many")
        ],
        (
            "misspelt_functional",
            "'n' takes 2 inputs: ctx.a, x, but no 'ctx.b'. Did you mean 'ctx.a'?",
        ),
    ],
)
def test_names_that_a_call_does_not_take_are_told_with_those_it_takes(batch, name, message):
    assert str(batch.error(name)) == message


def test_the_reason_is_not_a_size_that_a_call_has(batch):
    graph = batch.graph("Drops")
    (note,) = graph.notes
    assert note.node == "first"
    assert "keras.random takes no symbolic tensors; layers such as Dropout do" in note.message


def test_stand_ins_for_unknown_sizes_are_no_facts(batch):
    graph = batch.graph("Reshapes")
    assert graph.by_id["reshape"].config["newshape"] == ("?", 3, -1)
    assert graph.by_id["repeat"].config == {"axis": 1, "repeats": "?"}


def test_facts_that_say_nothing_are_left_out(batch):
    graph = batch.graph("Clips")
    configs = [graph.by_id[name].config for name in ("plain", "clip", "leaky")]
    assert configs == [{}, {"x_max": 6.0}, {"negative_slope": 0.25}]


def test_fields_of_named_tuples_name_outputs(batch):
    ends = [(end.name, end.node) for end in batch.graph("Fields").outputs]
    assert ends == [("logits", "second"), ("states.last", "first")]


@pytest.mark.parametrize("depth", [0, None, "all"])
def test_fewer_bits_are_told(batch, depth):
    graph = batch.graph(f"quantized {depth}")
    assert {node.config.get("quantization") for node in graph.nodes if node.params} == {"int8"}
    assert {node.dtype for node in graph.nodes} == {"float32"}
    assert graph.by_id["head"].macs == 6 * 5 * 3
    assert graph.macs == batch.graph("quantized 0").macs
    assert graph.params == batch.graph("quantized 0").params
    assert not graph.notes


@pytest.mark.parametrize("depth", [0, None, "all"])
def test_half_precision_is_told(batch, depth):
    graph = batch.graph(f"mixed {depth}")
    dtypes = {node.id: node.dtype for node in graph.nodes}
    assert (dtypes.pop("x"), dtypes.pop("head")) == ("float32", "float32")
    assert set(dtypes.values()) == {"float16"}
    assert not graph.notes


def test_a_decoder_is_opened_to_its_end(batch):
    graph = batch.graph("decoder")
    assert {"first/add", "second/attention/query"} <= graph.by_id.keys()
    assert not graph.notes


def test_a_layer_that_a_lambda_hides_is_told(batch):
    (message,) = messages(batch.graph("lambda"))
    assert message.startswith("'run' runs a layer (20 parameters) that is not shown: inner.")
