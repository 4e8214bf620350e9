"""Flags become one protocol, which its name and its records tell whole."""

from types import SimpleNamespace

import pytest

from models import INITIALIZERS
from reproduce import cli
from reproduce.cli import SETTINGS, Request, asked_protocol, main, parser
from reproduce.errors import OtherProtocol
from reproduce.experiment.protocol import CHOICES, Cell, Protocol
from reproduce.experiment.stopping import MODES
from reproduce.experiment.studies import NAMED, REPORT


def run(*flags):
    return parser().parse_args(["run", *flags])


def test_without_flags_it_is_the_reports_protocol():
    assert asked_protocol(run()) == REPORT


@pytest.mark.parametrize("name", NAMED)
def test_every_candidate_is_a_protocol_by_its_name(name):
    protocol = asked_protocol(run("--protocol", name))
    assert protocol == NAMED[name] and protocol.name == name


def test_every_setting_has_a_flag_and_is_carried():
    flags = {
        "learning_rate": ("--learning-rate", "0.01", 0.01),
        "batch_size": ("--batch-size", "32", 32),
        "momentum": ("--momentum", "0.5", 0.5),
        "rho": ("--rho", "0.5", 0.5),
        "beta_1": ("--beta-1", "0.5", 0.5),
        "beta_2": ("--beta-2", "0.5", 0.5),
        "epsilon": ("--epsilon", "1e-7", 1e-7),
        "initial_accumulator_value": ("--initial-accumulator-value", "0.1", 0.1),
        "kernel_initializer": ("--initializer", "he_normal", "he_normal"),
        "output_initializer": ("--output-initializer", "he_normal", "he_normal"),
        "num_classes": ("--num-classes", "5", 5),
        "scaling": ("--scaling", "per_pixel", "per_pixel"),
        "patience": ("--patience", "2", 2),
        "trace_updates": ("--trace-updates", "200", 200),
        "threshold": ("--threshold", "0", 0.0),
        "mode": ("--mode", "absolute", "absolute"),
        "monitor": ("--monitor", "evaluated_loss", "evaluated_loss"),
    }
    assert set(flags) == set(SETTINGS)
    protocol = asked_protocol(
        run(*[word for flag in flags.values() for word in flag[:2]])
    )
    for setting, (_, _, value) in flags.items():
        assert getattr(protocol, setting) == value
        assert f"{setting}={value}" in protocol.name


def test_the_choices_are_those_of_the_models_and_the_criterion():
    assert CHOICES["kernel_initializer"] == tuple(INITIALIZERS)
    assert CHOICES["output_initializer"] == tuple(INITIALIZERS)
    assert CHOICES["mode"] == MODES


def test_an_error_watched_after_the_epoch_is_recorded_too():
    assert asked_protocol(run("--monitor", "evaluated_loss")).evaluate_epochs


def test_limits_to_the_length_of_a_run_leave_the_name():
    protocol = asked_protocol(run("--max-epochs", "3", "--subset", "300"))
    assert (protocol.name, protocol.max_epochs, protocol.subset) == ("report", 3, 300)


def test_with_an_optimizer_nothing_else_is_trained_unless_asked_for():
    lion = ("--optimizer", "keras:Lion", "--optimizer-args", '{"beta_1": 0.8}')
    assert Request.of(run(*lion)).methods == ('keras:Lion {"beta_1": 0.8}',)
    both = Request.of(run("--methods", "nag", *lion, "--optimizer", "keras:Nadam"))
    assert both.methods == ("nag", 'keras:Lion {"beta_1": 0.8}', "keras:Nadam")
    assert len(Request.of(run()).methods) == 7


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An output folder with a record under the report's protocol, of `sgd`."""

    record = SimpleNamespace(protocol=REPORT, cell=Cell(1, "sgd", 0))
    monkeypatch.setattr(cli.Store, "load", lambda store: [record])
    return tmp_path


def test_other_settings_are_refused_even_for_cells_that_are_not_there(folder):
    request = Request(("adam",), Protocol(learning_rate=0.5))
    with pytest.raises(OtherProtocol, match=r"learning_rate 0\.001, not 0\.5"):
        request.prepare([Cell(1, "adam", 0)], folder)
    Request(("adam",), REPORT).prepare([Cell(1, "adam", 0)], folder)


def test_the_same_folder_and_settings_take_another_optimizer(folder):
    cell = Cell(1, "keras:Lion", 0)
    path = folder / cell.path
    path.parent.mkdir(parents=True)
    path.touch()  # as if it were trained: nothing is tried out
    Request((cell.method,), REPORT).prepare([cell], folder)


BAD = {
    "no number": (["--learning-rate", "fast"], "above 0"),
    "a negative rate": (["--learning-rate", "-1"], "above 0"),
    "no rate at all": (["--learning-rate", "0"], "above 0"),
    "not a number": (["--threshold", "nan"], "at least 0"),
    "an endless one": (["--epsilon", "inf"], "above 0"),
    "too much momentum": (["--momentum", "1"], "below 1"),
    "half a batch": (["--batch-size", "0.5"], "at least 1"),
    "an initializer": (["--initializer", "glorot"], "did you mean glorot_uniform?"),
    "a mode": (["--mode", "relative"], "decrease, absolute"),
    "outputs": (["--num-classes", "7"], "10, 5"),
    "no JSON": (["--optimizer", "adam", "--optimizer-args", "beta=1"], "JSON object"),
    "a list": (["--optimizer", "adam", "--optimizer-args", "[1]"], "JSON object"),
    "not finite": (
        ["--optimizer", "adam", "--optimizer-args", '{"epsilon": NaN}'],
        "JSON object",
    ),
    "too large": (
        ["--optimizer", "adam", "--optimizer-args", '{"epsilon": 1e400}'],
        "finite numbers",
    ),
    "a negative rate of an optimizer": (
        ["--optimizer", "keras:Lion", "--optimizer-args", '{"learning_rate": -1}'],
        "above 0",
    ),
    "arguments of nothing": (["--optimizer-args", "{}"], "after the --optimizer"),
    "an optimizer": (["--optimizer", "sdg"], "module:Class"),
    "a module": (["--optimizer", "nowhere_to_be:Found"], "nowhere_to_be.py"),
    "no data": (["--data", "{empty}/none"], "no such folder or file"),
    "empty data": (["--data", "{empty}"], "no folder train"),
    "odd data": (["--data", "{file}"], "neither a folder"),
}


@pytest.mark.parametrize(("flags", "message"), BAD.values(), ids=BAD)
def test_a_mistake_is_answered_in_one_line_with_status_2(
    flags, message, tmp_path, capsys
):
    places = {"{empty}": tmp_path / "empty", "{file}": tmp_path / "file"}
    places["{empty}"].mkdir()
    places["{file}"].write_text("x")
    for name, path in places.items():
        flags = [flag.replace(name, str(path)) for flag in flags]
    try:
        status = main(["run", *flags, "--out", str(tmp_path / "out")])
    except SystemExit as exit_:
        status = exit_.code
    error = capsys.readouterr().err
    assert status == 2
    assert message in error
    assert len(error.strip().splitlines()) == 1
