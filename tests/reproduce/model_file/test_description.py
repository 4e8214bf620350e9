"""What a model's description may not say, and how much of what it may."""

import json

import pytest

from reproduce.errors import ModelFileError
from reproduce.model_file import description
from reproduce.model_file.archive import members
from reproduce.model_file.description import describe

from .samples import edit_config, put, refuse, rezip


@pytest.fixture
def config(published):
    """The published model's description."""
    return json.loads(members(published)["config.json"])


@pytest.fixture(autouse=True)
def no_weights(monkeypatch):
    """Whatever is refused here is refused before its weights are looked at."""
    monkeypatch.setattr("reproduce.model_file.read_weights", None)


def layer(config, index=1):
    return config["config"]["layers"][index]


def add_layer(**parts):
    """A change of the description: one layer more."""
    return lambda config: config["config"]["layers"].append(parts)


def keras_layer(kind, **config):
    return add_layer(
        module="keras.layers", class_name=kind, config=config, registered_name=None
    )


def settings(index, **values):
    """A change of the description: settings of one layer."""
    return lambda config: layer(config, index)["config"].update(values)


CALL = {"class_name": "function", "module": "os", "config": "system"}
CODE = {
    "a Lambda layer": keras_layer("Lambda", function={"class_name": "__lambda__"}),
    "a SavedModel": keras_layer("TFSMLayer", filepath="/tmp/model"),
    "a file reader": keras_layer("StringLookup", vocabulary="/etc/passwd"),
    "a class of another module": add_layer(
        module="os", class_name="Dense", config={}, registered_name=None
    ),
    "a class of no module": add_layer(
        module=None, class_name="Dense", config={}, registered_name=None
    ),
    "a module that only begins like keras": add_layer(
        module="keras_evil", class_name="Dense", config={}, registered_name=None
    ),
    "a registered class": add_layer(
        module="keras", class_name="Dense", config={}, registered_name="evil>Dense"
    ),
    "a class without a name": add_layer(module="keras.layers", config={}),
    "a list for a name": add_layer(module="keras", class_name=["Dense"], config={}),
    "a function for an activation": settings(3, activation=CALL),
    "an activation that is none": settings(3, activation="__class__"),
    "a foreign policy": settings(3, dtype=CALL),
    "another model class": lambda c: c.update(
        module="models.online", class_name="OnlineSequential"
    ),
    "a model in a model": keras_layer("Sequential", layers=[]),
}
SIZES = {
    "units": (settings(3, units=10**9), "size '1000000000'"),
    "no units": (settings(3, units=0), "size '0'"),
    "units that are no number": (settings(3, units="9" * 9), "size '999999999'"),
    "units that are a truth": (settings(3, units=True), "size 'True'"),
    "input": (settings(0, batch_shape=[None, 10**5, 10**5]), "size '100000'"),
    "input of fractions": (settings(0, batch_shape=[None, 28.0, 28.0]), "size '28.0'"),
    "input of many axes": (settings(0, batch_shape=[None] + [1] * 99), "no shape"),
    "no input shape": (settings(0, batch_shape=None), "no shape"),
    "an image too large": (settings(0, batch_shape=[None, 99, 99]), "size '9801'"),
    "another image": (
        settings(0, batch_shape=[None, 32, 32]),
        r"\(None, 32, 32\) to \(None, 10\); give one from \(None, 28, 28\)",
    ),
    "other outputs": (settings(6, units=7), r"to \(None, 7\); give one"),
    "a low rank added to weights": (settings(3, lora_rank=2 * 10**9), "lora_rank"),
    "quantized weights": (settings(3, quantization_config=CALL), "quantization_conf"),
    "a setting that nobody knows": (settings(2, memory=1), "'memory'"),
    "strings to compute with": (settings(0, dtype="string"), "computes in 'string'"),
    "other numbers": (settings(3, dtype="float64"), "computes in 'float64'"),
    "a model of strings": (lambda c: c["config"].update(dtype="string"), "computes in"),
    "no flattening": (lambda c: c["config"]["layers"].pop(2), "image is flattened"),
    "flattening otherwise": (
        settings(2, data_format="channels_first"),
        "flattens otherwise",
    ),
    "a scale that is a list": (settings(1, scale=[[{"a": [CALL]}]]), "no number"),
    "a scale without an end": (settings(1, scale=1e308 * 10), "Infinity is no number"),
    "no scale": (settings(1, scale=None), "no number"),
    "a bias that is neither": (settings(3, use_bias=1), "neither true nor false"),
    "a name that is none": (settings(3, name="a\x1b/../b"), "the name 'a"),
    "a name twice": (settings(3, name="hidden_layer_2"), "the same name"),
    "no input": (lambda c: c["config"]["layers"].pop(0), "begin with an InputLayer"),
    "two inputs": (
        lambda c: c["config"]["layers"].insert(1, {**layer(c, 0), "config": NAMED}),
        "more than one input",
    ),
    "no layers": (lambda c: c["config"].update(layers={}), "no list of layers"),
    "an empty list": (lambda c: c["config"].update(layers=[]), "has 0 layers"),
    "nothing but an input": (
        lambda c: c["config"].update(layers=[layer(c, 0)]),
        r"to \(None, 28, 28\); give one",
    ),
    "a layer that is none": (lambda c: c["config"]["layers"].append(1), "is none"),
    "a layer without settings": (keras_layer("Flatten"), "the name 'None'"),
    "a list of settings": (lambda c: layer(c).update(config=[]), "has no settings"),
    "no settings": (lambda c: c.update(config=[[[]]]), "has no settings"),
}
NAMED = {"name": "second", "batch_shape": [None, 28, 28]}


@pytest.mark.parametrize("kind", CODE)
def test_what_could_run_code_is_refused(kind, published):
    refuse(edit_config(published, CODE[kind]), "could run code")


@pytest.mark.parametrize("kind", SIZES)
def test_what_could_fill_the_memory_or_fail_later_is_refused(kind, published):
    change, message = SIZES[kind]
    refuse(edit_config(published, change), message)


TEXTS = {
    "no JSON": (b"{", "cannot be read"),
    "no object": (b"[1]", "describes no model"),
    "no model": (b"{}", "describes no model"),
    "deep brackets": (b"[" * 90_000, "cannot be read"),
    "deep brackets, closed": (
        b'{"class_name": "Sequential", "module": "keras", "config": {"layers": '
        + b"[" * 900
        + b"]" * 900
        + b"}}",
        "layers is none",
    ),
    "millions of brackets": (b"[" + b"[]," * 10**7 + b"[]]", "30,000,004 bytes"),
    "thousands of digits": (b'{"a": ' + b"9" * 4000 + b"}", "number of 4,000 digits"),
    "no text": (b"\xff\xfe\xfd", "cannot be read"),
    "no number": (b'{"class_name": NaN}', "NaN is no number"),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_odd_texts_are_refused(kind, published):
    content, message = TEXTS[kind]
    refuse(rezip(published, put("config.json", content)), message)


@pytest.mark.parametrize(
    "number, message", [(100, "100 layers"), (3000, "bytes; a pl")]
)
def test_endless_layers_are_refused_whether_they_are_built_or_not(
    number, message, published
):
    def repeat(config):
        flat = layer(config, 2)
        del flat["build_config"]
        config["config"]["layers"][3:3] = [flat] * (number - 7)

    refuse(edit_config(published, repeat), message)


def test_many_wide_layers_are_refused(published):
    def widen(config):
        wide = [json.loads(json.dumps(layer(config, 3))) for _ in range(5)]
        for index, entry in enumerate(wide):
            entry["config"] |= {"units": description.MAX_UNITS, "name": f"wide_{index}"}
        config["config"]["layers"][3:3] = wide

    refuse(edit_config(published, widen), "weights; at most 10,000,000 are allowed")


def test_of_a_description_only_names_numbers_and_words_are_left(config):
    config["compile_config"] = {"optimizer": CALL}
    layer(config, 3)["config"]["kernel_initializer"] = CALL
    layer(config, 3)["build_config"] = {"input_shape": [None, 10**9]}
    model = describe(json.dumps(config).encode())
    assert (model.name, model.input_name) == ("architecture_2", "image")
    assert [entry.kind for entry in model.layers] == [
        *("Rescaling", "Flatten", "Dense", "Dense", "Dense", "Dense")
    ]
    first, last = model.layers[0], model.layers[-1]
    assert first.settings == {"scale": 1 / 255, "offset": 0.0}
    assert last.settings == {"units": 10, "activation": "softmax", "use_bias": True}
    assert last.shapes == ((256, 10), (10,))


def test_a_dense_layer_may_have_no_bias_and_no_activation(config):
    layer(config, 6)["config"].update(use_bias=False, activation=None)
    last = describe(json.dumps(config).encode()).layers[-1]
    assert last.settings == {"units": 10, "activation": "linear", "use_bias": False}
    assert last.shapes == ((256, 10),)


def functional(config):
    """The same layers as a functional model has them."""
    parts, before = config["config"]["layers"], None
    for part in parts:
        part["name"] = part["config"]["name"]
        tensor = {"config": {"shape": [None], "keras_history": [before, 0, 0]}}
        node = {"args": [tensor], "kwargs": {"training": False}}
        part["inbound_nodes"] = [node] if before else []
        before = part["name"]
    config.update(module="keras.src.models.functional", class_name="Functional")
    del config["config"]["build_input_shape"]
    config["config"] |= {"input_layers": ["image", 0, 0]}
    config["config"] |= {"output_layers": [[before, 0, 0]]}
    return config


def history(config, index):
    (node,) = layer(config, index)["inbound_nodes"]
    return node["args"][0]["config"]["keras_history"]


NO_CHAINS = {
    "a layer left out": lambda c: history(c, 4).__setitem__(0, "input_layer"),
    "a layer used twice": lambda c: layer(c, 5)["inbound_nodes"].extend(
        layer(c, 5)["inbound_nodes"]
    ),
    "two inputs of a layer": lambda c: layer(c, 5)["inbound_nodes"][0]["args"].extend(
        layer(c, 5)["inbound_nodes"][0]["args"]
    ),
    "another output": lambda c: c["config"].update(output_layers=["image", 0, 0]),
    "another input": lambda c: c["config"].update(input_layers=["x", 0, 0]),
    "no nodes": lambda c: layer(c, 5).update(inbound_nodes=7),
    "a call as in training": lambda c: layer(c, 5)["inbound_nodes"][0].update(
        kwargs={"training": True}
    ),
    "arguments that are none": lambda c: layer(c, 5)["inbound_nodes"][0].update(
        kwargs=[1]
    ),
}


def test_a_functional_model_that_is_a_chain_is_as_good(config):
    plain = describe(json.dumps(config).encode())
    assert describe(json.dumps(functional(config)).encode()) == plain


@pytest.mark.parametrize("kind", NO_CHAINS)
def test_a_functional_model_that_branches_is_refused(kind, config):
    NO_CHAINS[kind](functional(config))
    with pytest.raises(ModelFileError, match="not one after the other"):
        describe(json.dumps(config).encode())
