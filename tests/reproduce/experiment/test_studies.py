"""Every named set of runs is what the plan of the reproduction says."""

import pytest

from reproduce.errors import MethodError
from reproduce.experiment import studies
from reproduce.experiment.methods import METHODS, without_rate
from reproduce.experiment.protocol import ARCHITECTURES, Protocol
from reproduce.experiment.studies import RATES, SINGLE, STUDIES, sweep

FAST = ("sgd", "momentum", "nag", "rmsprop", "adam")


def seeds(study):
    """(architecture, method) to the number of its seeds."""
    groups = {}
    for cell in STUDIES[study].cells():
        groups.setdefault((cell.architecture, cell.method), []).append(cell.seed)
    assert all(numbers == list(range(len(numbers))) for numbers in groups.values())
    return {key: len(numbers) for key, numbers in groups.items()}


def test_the_report_is_all_35_cells_by_the_stated_rule():
    counts = seeds("report")
    assert STUDIES["report"].protocol == Protocol()
    assert set(counts) == {(a, m) for a in ARCHITECTURES for m in METHODS}
    more = {(a, m): 20 for a in (2, 5) for m in ("rmsprop", "adam")}
    more |= {(3, "adam"): 20, **{(5, m): 30 for m in ("momentum", "nag")}}
    fewest = {(a, m): 10 if m in FAST else 5 for a in ARCHITECTURES for m in METHODS}
    assert counts == fewest | more


def test_patience_2_has_five_seeds_on_architectures_4_and_5():
    counts = seeds("patience-2")
    assert {counts[a, m] for a in (4, 5) for m in SINGLE} == {5}
    assert STUDIES["patience-2"].protocol.patience == 2
    assert STUDIES["patience-2"].protocol.threshold == Protocol().threshold


def test_the_sweep_gives_six_methods_nine_rates_on_every_architecture():
    counts = seeds("sweep")
    single = {key for key in counts if without_rate(key[1])[0] in SINGLE}
    assert len(single) == 5 * 6 * 9
    assert {(key[0], counts[key]) for key in single} == {
        *((1, 5), (2, 3)),
        *((3, 1), (4, 1), (5, 1)),
    }
    assert {without_rate(method) for _, method in single} == {
        (method, rate) for method in SINGLE for rate in RATES
    }
    full_batch = {(a, *without_rate(method)) for a, method in set(counts) - single}
    assert full_batch == {(a, "batch_gd", rate) for a in (1, 4) for rate in RATES}


def test_batch_gd_has_ten_times_the_epochs_in_the_sweep():
    limits = {
        (without_rate(cell.method)[0] == "batch_gd", protocol.max_epochs)
        for cell, protocol in STUDIES["sweep"].protocols().items()
    }
    assert limits == {(True, 300), (False, 30)}


def test_adagrad_goes_on_to_five_times_its_epochs():
    study = STUDIES["past-stopping"]
    assert seeds("past-stopping") == {(1, "adagrad"): 3}
    assert study.protocol.max_epochs == 3400
    assert study.protocol.threshold == 0 and study.protocol.mode == "absolute"


def test_each_study_has_a_folder_and_a_protocol_of_its_own():
    folders = [study.folder for study in STUDIES.values()]
    assert folders[0] == "" and len(set(folders)) == len(folders)
    assert len(STUDIES) == len(studies._ALL)  # two of one name would be one
    for name, study in STUDIES.items():
        assert name == study.name == study.protocol.name
        assert {p.name for p in study.protocols().values()} == {name}


def test_other_seeds_can_be_asked_for():
    cells = STUDIES["glorot"].cells([4, 9])
    assert {cell.seed for cell in cells} == {4, 9} and len(cells) == 5 * 5 * 2


def test_a_sweep_refuses_a_method_with_a_rate_of_its_own():
    with pytest.raises(MethodError, match="leave learning_rate out"):
        sweep([1], ['keras:Lion {"learning_rate": 0.1}'], RATES, 1)
