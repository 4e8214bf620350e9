"""A worker that does not see the output folder."""

from dataclasses import replace

from reproduce.experiment.protocol import Protocol
from reproduce.training.pool import Task, train_one


class Children:
    def __init__(self):
        self.asked = []

    def run(self, cell, protocol, out, on_event):
        self.asked.append(out)
        return {"event": "failed", "message": "pretended"}


def trained(protocol, tmp_path, cell):
    children = Children()
    task = Task(cell, protocol, str(tmp_path / "elsewhere"), mark="the driver's")
    return train_one(task, children, lambda task, event: None), children.asked


def test_it_trains_in_a_folder_of_its_own(tmp_path, cell):
    outcome, (folder,) = trained(Protocol(), tmp_path, cell)
    assert outcome.event["message"] == "pretended"
    assert folder != str(tmp_path / "elsewhere")


def test_it_says_that_other_data_are_out_of_its_reach(tmp_path, cell):
    other = replace(Protocol(), data_sha256="ab" * 32, num_examples=10)
    outcome, asked = trained(other, tmp_path, cell)
    assert asked == []
    assert outcome.event["event"] == "failed"
    assert (
        "--data needs an output folder that all machines see"
        in (outcome.event["message"])
    )
