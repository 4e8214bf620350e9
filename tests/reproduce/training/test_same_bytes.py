"""The same seed gives the same bytes, however many cells are trained at a time."""

from dataclasses import replace

from reproduce.experiment.protocol import Protocol, grid
from reproduce.experiment.store import Store
from reproduce.training.pool import LocalPool
from reproduce.training.schedule import Runner, tasks_for

SHORT = replace(Protocol(), max_epochs=2, subset=40)
CELLS = grid(architectures=(1,), methods=("sgd", "batch_gd"))


def contents(folder, jobs):
    """What must be equal: all but seconds and provenance, and the models."""
    with LocalPool(jobs) as pool:
        tasks = tasks_for(CELLS, SHORT, folder)
        assert Runner(folder, pool, lambda *_: None).run(tasks) == []
    store = Store(folder)
    records = store.load()
    assert [record.cell for record in records] == CELLS
    return [(run.sha256, store.model_path(run.cell).read_bytes()) for run in records]


def test_one_job_and_two_leave_the_same_records_and_models(tmp_path):
    assert contents(tmp_path / "one", 1) == contents(tmp_path / "two", 2)
    records = Store(tmp_path / "two").load()
    assert len({record.initial_sha256 for record in records}) == 1
    assert len({record.provenance["data_sha256"] for record in records}) == 1
