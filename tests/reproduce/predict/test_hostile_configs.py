"""What a model's description may not say."""

import json

import pytest

from .samples import refuse, rezip


def edit_config(content, change):
    """The archive with its configuration changed by a function."""

    def edit(parts):
        config = json.loads(parts["config.json"])
        change(config)
        parts["config.json"] = json.dumps(config).encode()

    return rezip(content, edit)


def layer(config, index=1):
    return config["config"]["layers"][index]


def add_layer(**description):
    """A change of the configuration: one layer more."""
    return lambda config: config["config"]["layers"].append(description)


def keras_layer(name, **config):
    return add_layer(
        module="keras.layers", class_name=name, config=config, registered_name=None
    )


CALL = {"class_name": "function", "module": "os", "config": "system"}
CONFIGS = {
    "a Lambda layer": keras_layer("Lambda", function={"class_name": "__lambda__"}),
    "a SavedModel": keras_layer("TFSMLayer", filepath="/tmp/model"),
    "a file reader": keras_layer("StringLookup", vocabulary="/etc/passwd"),
    "a class of another module": add_layer(
        module="os", class_name="Dense", config={}, registered_name=None
    ),
    "a module that only begins like keras": add_layer(
        module="keras_evil", class_name="Dense", config={}, registered_name=None
    ),
    "a registered class": add_layer(
        module=None, class_name="Dense", config={}, registered_name="evil>Dense"
    ),
    "a class without a name": add_layer(module="keras.layers", config={}),
    "a list for a name": add_layer(module="keras", class_name=["Dense"], config={}),
    "a function for an activation": lambda c: layer(c, 3)["config"].update(
        activation=CALL
    ),
    "something deep inside": lambda c: layer(c)["config"].update(
        scale=[[{"a": [CALL]}]]
    ),
    "another model class": lambda c: c.update(
        module="models.online", class_name="OnlineSequential"
    ),
}
SIZES = {
    "units": lambda c: layer(c, 3)["config"].update(units=10**9),
    "units that are no number": lambda c: layer(c, 3)["config"].update(units="9" * 9),
    "input": lambda c: layer(c, 0)["config"].update(batch_shape=[None, 10**5, 10**5]),
    "nested input": lambda c: layer(c, 3).update(
        build_config={"shapes_dict": {"shapes": [[None, 10**9]]}}
    ),
    "a number of input pixels": lambda c: layer(c, 0)["config"].update(
        batch_shape=[None, 28.0, 1e9]
    ),
    "build": lambda c: layer(c, 3).update(build_config={"input_shape": [None, 10**9]}),
}


@pytest.mark.parametrize("kind", CONFIGS)
def test_what_could_run_code_is_refused_before_keras_sees_it(
    kind, model_bytes, tmp_path, monkeypatch
):
    monkeypatch.setattr("reproduce.predict.model_files._load", None)
    refuse(tmp_path, edit_config(model_bytes, CONFIGS[kind]), "not among the parts")


@pytest.mark.parametrize("kind", SIZES)
def test_sizes_that_would_fill_the_memory_are_refused(kind, model_bytes, tmp_path):
    refuse(tmp_path, edit_config(model_bytes, SIZES[kind]), "larger than 4096 units")


def test_endless_layers_are_refused(model_bytes, tmp_path):
    def repeat(config):
        config["config"]["layers"][3:3] = [layer(config, 2)] * 100

    refuse(tmp_path, edit_config(model_bytes, repeat), "more than 20 layers")
