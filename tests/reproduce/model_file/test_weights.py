"""Weights are read from the file itself, by a process that can do little else."""

import io
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from reproduce.errors import ModelFileError
from reproduce.model_file import hdf5, parse_model, weights
from reproduce.model_file.archive import HDF5, members

from .samples import edit_weights, put, refuse, rezip

ROOT = Path(__file__).parents[3]
PLACE = "layers/dense_3/vars"
SHAPE = (256, 10)  # of the last kernel


@pytest.fixture
def secret(tmp_path):
    """A file of somebody's, as long as the last kernel is."""
    path = tmp_path / "secret"
    path.write_bytes(b"secret!!" * (256 * 10 // 2))
    return path


def replace_kernel(content, make):
    """The file with another last kernel: made by `make(group)` under the name 0."""

    def change(file):
        group = file[PLACE]
        del group["0"]
        make(group)

    return edit_weights(content, change)


def external(secret):
    return lambda group: group.create_dataset(
        "0", SHAPE, "<f4", external=[(str(secret), 0, h5py.h5f.UNLIMITED)]
    )


def virtual(secret):
    """A dataset that is a view of one in another file."""

    def make(group):
        layout = h5py.VirtualLayout(SHAPE, "<f4")
        layout[:] = h5py.VirtualSource(str(secret), "x", SHAPE)
        group.create_virtual_dataset("0", layout)

    return make


def linked(link):
    return lambda group: group.__setitem__("0", link)


def dataset(shape=SHAPE, dtype="<f4", **options):
    return lambda group: group.create_dataset("0", shape, dtype, **options)


def unwritten(group):
    """A dataset that takes no room in the file: all of it is one value."""
    storage = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    storage.set_alloc_time(h5py.h5d.ALLOC_TIME_LATE)
    space = h5py.h5s.create_simple(SHAPE)
    h5py.h5d.create(group.id, b"0", h5py.h5t.IEEE_F32LE, space, dcpl=storage)


def compact(group):
    """A dataset in the midst of what describes it."""
    storage = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    storage.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple(SHAPE)
    h5py.h5d.create(group.id, b"0", h5py.h5t.IEEE_F32LE, space, dcpl=storage)


ELSEWHERE = {
    "an external dataset": (external, "in this file, plain"),
    "a virtual dataset": (virtual, "in this file, plain"),
    "a soft link": (lambda s: linked(h5py.SoftLink("/layers/dense")), "link"),
    "an external link": (lambda s: linked(h5py.ExternalLink(str(s), "x")), "link"),
}
UNLIKE = {
    "compressed": (dataset(compression="gzip"), "in this file, plain"),
    "shuffled": (dataset(shuffle=True), "in this file, plain"),
    "in parts": (dataset(chunks=(16, 10)), "in this file, plain"),
    "compact": (compact, "in this file, plain"),
    "growing": (dataset(maxshape=(None, 10)), "in this file, plain"),
    "another shape": (
        dataset((10, 256)),
        r"float32 \(10, 256\); expected float32 \(256",
    ),
    "far too large": (dataset((10**9, 10**6), chunks=(1, 1)), "in this file, plain"),
    "nothing behind its shape": (unwritten, "do not hold all of"),
    "double precision": (dataset(dtype="<f8"), "as float64"),
    "the other byte order": (dataset(dtype=">f4"), "as >f4"),
    "strings": (dataset(dtype=h5py.string_dtype()), "as object"),
    "no dataset": (lambda group: group.create_group("0"), "no array for"),
    "a type": (linked(np.dtype("<f4")), "no array for"),
    "nothing": (lambda group: None, f"have no {PLACE}/0"),
}


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_weights_that_lie_elsewhere_are_refused_before_they_are_read(
    kind, published, secret
):
    make, message = ELSEWHERE[kind]
    refuse(replace_kernel(published, make(secret)), f"its weights .*{message}")


@pytest.mark.parametrize("kind", UNLIKE)
def test_arrays_unlike_those_that_keras_writes_are_refused(kind, published):
    make, message = UNLIKE[kind]
    refuse(replace_kernel(published, make), f"its weights .*{message}")


@pytest.mark.parametrize("place", ["layers", "layers/dense_3", PLACE])
def test_a_link_on_the_way_is_refused(place, published):
    def change(file):
        file.move(place, "elsewhere")
        file[place] = h5py.SoftLink("/elsewhere")

    refuse(edit_weights(published, change), "have a link to elsewhere")


def test_an_array_where_a_group_should_be_is_refused(published):
    def change(file):
        del file["layers"]
        file["layers"] = np.zeros(3)

    refuse(edit_weights(published, change), "have no layers/dense/vars/0")


@pytest.mark.parametrize("content", [b"x", HDF5, HDF5 + b"\0" * 999])
def test_what_is_no_hdf5_file_is_refused(content, published):
    refuse(rezip(published, put("model.weights.h5", content)), "its weights .*damaged")


def test_a_file_cut_short_is_refused(published):
    whole = members(published)["model.weights.h5"]
    for end in np.linspace(100, len(whole) - 1, 5).astype(int):
        refuse(rezip(published, put("model.weights.h5", whole[:end])), "its weights")


def test_the_arrays_are_those_of_the_file(published):
    dense = [
        entry for entry in parse_model(published, "x").layers if entry.kind == "Dense"
    ]
    with h5py.File(io.BytesIO(members(published)["model.weights.h5"])) as file:
        for index, layer in enumerate(dense):
            group = file[f"layers/dense{f'_{index}' if index else ''}/vars"]
            assert len(layer.weights) == 2
            for number, array in enumerate(layer.weights):
                assert array.dtype == np.float32
                np.testing.assert_array_equal(array, group[str(number)][()])


def test_what_is_said_of_the_library_is_true_of_the_one_that_is_installed():
    """Else it is time to write SECURITY.md anew."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert f"HDF5 {h5py.version.hdf5_version}," in text
    assert f"h5py {'.'.join(h5py.__version__.split('.')[:2])} " in text
    assert f"{hdf5.MEMORY // 10**9} GB of memory and {hdf5.CPU_SECONDS} s" in text
    assert f"ended after {weights.SECONDS} s" in text


# The child --------------------------------------------------------------------------


def run(code, *arguments):
    """Python code in a process that imports the reader as the child runs it."""
    code = f"import sys; from reproduce.model_file import hdf5\n{code}"
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.skipif(hdf5.resource is None, reason="this system limits no process")
@pytest.mark.parametrize(
    "attempt",
    [
        "open(sys.argv[1], 'rb')",
        "open(sys.argv[1] + '.new', 'wb')",
        "import socket; socket.socket()",
        "import subprocess; subprocess.Popen(['true'])",
        "bytearray(3 * 10**9)",
    ],
)
def test_the_child_can_open_and_start_nothing_nor_fill_the_memory(attempt, secret):
    done = run(f"import socket, subprocess; hdf5.give_up_rights(); {attempt}", secret)
    assert done.returncode == 1
    assert "OSError" in done.stderr or "MemoryError" in done.stderr, done.stderr
    assert [path.name for path in secret.parent.iterdir()] == ["secret"]


@pytest.mark.skipif(hdf5.resource is None, reason="this system limits no process")
def test_even_without_the_checks_the_child_reads_no_other_file(tmp_path, secret):
    path = tmp_path / "weights.h5"
    with h5py.File(path, "w") as file:
        external(secret)(file)
    code = """
import h5py, io
content = io.BytesIO(open(sys.argv[1], "rb").read())
{}
with h5py.File(content) as file:
    print(file["0"][()].tobytes()[:6])
"""
    assert run(code.format(""), path).stdout.strip() == "b'secret'"
    done = run(code.format("hdf5.give_up_rights()"), path)
    assert done.returncode == 1 and done.stdout == ""


def test_a_system_without_limits_reads_all_the_same(monkeypatch):
    monkeypatch.setattr(hdf5, "resource", None)
    hdf5.give_up_rights()
    Path(__file__).read_bytes()


PROGRAMS = {
    "one that crashes": ("import os; os.abort()", "could not be read"),
    "one that ends at once": ("", "could not be read"),
    "one that waits for ever": ("import threading as t; t.Event().wait()", "could not"),
    "one that says less": ("print('ok')", "could not be read"),
    "one that says what it likes": (
        "print('are\\x1b[31m ' + 999 * 'x')",
        r"are\\x1b\[31m x+; copy",
    ),
    "one that does not end": (
        "import itertools\nfor i in itertools.count(): print('ok')",
        "could not be read",
    ),
}


@pytest.mark.parametrize("kind", PROGRAMS)
def test_whatever_becomes_of_the_child_is_said_in_one_line(
    kind, published, tmp_path, monkeypatch
):
    program, message = PROGRAMS[kind]
    reader = tmp_path / "reader.py"
    reader.write_text(program)
    monkeypatch.setattr(weights, "READER", reader)
    if kind in ("one that waits for ever", "one that does not end"):
        monkeypatch.setattr(weights, "SECONDS", 0.5)
    with pytest.raises(ModelFileError, match=message) as raised:
        parse_model(published, "x")
    assert "\n" not in str(raised.value) and "\x1b" not in str(raised.value)
    assert len(str(raised.value)) < 600
