"""Records and checkpoints that somebody made up, with checksums that agree."""

import hashlib
import io
import json
import math
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np

from reproduce.errors import InvalidRecord, NewerRecord, UserError, visible
from reproduce.experiment.protocol import Cell
from reproduce.experiment.record import SCHEMA, file_sha256, payload_sha256
from reproduce.experiment.store import Store, parse
from reproduce.publish.build import build
from reproduce.training.checkpoints import Checkpoint
from reproduce.training.pool import Child

from .corruption import CHECKPOINT_SECONDS, LONG, check_long, train_long
from .scene import finished
from .trial import Trial

NUMBERS = (0, 1, 7, 0.5, 5e-324, 1e300, True, False)  # that may well be in a file
NO_NUMBERS = (-1, -0.5, 1e308, 10**400, math.nan, math.inf, -math.inf)
NO_TEXT = "\ud800"  # half a letter, which no encoding has
TEXTS = ("", "x", "1", "0/../..", "../../x", "/x", "a\nb", "\x1b[2J", "a\u202eb")
TEXTS += (NO_TEXT, "<b>&amp;|`$", "![a](b)", "{{ 7 }}")
TEXTS += ("keras:Adam", "adam {}", 'adam {"x": "/../.."}')
TEXTS += tuple(f"{module}:x sha256:{'0' * 64}" for module in ("..", "a.b", "os"))
TABLES = ([], {}, [[]], [None], {"x": None}, {"": {"": []}})
ODD = (None, *NUMBERS, -0.0, 2**63, *NO_NUMBERS, *TEXTS, *TABLES)
DIVERGED = {"ending": "diverged", "splits": {}, "model_sha256": None}
REPORTS = 4  # of forged records, a try
LONG_METHODS = ("momentum", "batch_gd", "sgd")  # which are compiled soon
HEADERS = 12  # of checkpoints that are forged, a try


def forge_records(scene, rng, tries):
    """Each value and each name in a record is changed: refused, or a record indeed."""
    trial = Trial("records with odd values, and checksums made to agree")
    for number in range(tries):
        cell = scene.cells[number % len(scene.cells)]
        out, believed = scene.fresh("forged"), {}
        shutil.copytree(scene.expected, out, dirs_exist_ok=True)
        store, copies = Store(out), Store(scene.fresh("copies"))
        values = _values(store.path(cell))
        if number % 2:
            values |= DIVERGED
        for place, content in _forged(values, _sealed):
            trial.tries += 1
            trial.corruptions += 1
            if _is_believed(trial, place, content, store, cell, copies):
                believed.setdefault(place[0], []).append((place, content))
        for part in rng.choices(sorted(believed), k=REPORTS):
            _report(trial, scene, store, cell, *rng.choice(believed[part]))
    return trial


def _report(trial, scene, store, cell, place, content):
    """Build the report with a forged record, and its settings for all the others."""
    protocol = json.loads(content)["protocol"]
    for reported in scene.cells:
        values = _values(Store(scene.expected).path(reported)) | {"protocol": protocol}
        store.path(reported).write_bytes(_sealed(values))
    store.path(cell).write_bytes(content)
    try:
        build(store.folder, None)
    except UserError:
        return
    except Exception as error:
        trial.expect(False, f"{_shown(place)}: the report: {error!r}")


def _values(path):
    """What is in a record but for its checksums."""
    values = json.loads(path.read_bytes())
    del values["sha256"], values["file_sha256"]
    return values


def _forged(values, sealed):
    """Make each change to a table that there is to make, one at a time.

    Yields:
        Where, as a list of names, and what `sealed` makes of the whole.
    """
    for place, table, name in _places(values):
        value = table[name]
        for odd in ODD:
            table[name] = odd
            yield [*place, odd], sealed(values)
        table[name] = value
        if isinstance(table, dict):
            for odd in TEXTS:  # none of which is a name in it
                table[odd] = table.pop(name)
                yield [*place, "as", odd], sealed(values)
                table[name] = table.pop(odd)


def _places(table, above=()):
    """Where everything in a table is: the names to it, and its own table and name."""
    names = table if isinstance(table, dict) else range(len(table))
    for name in [*names]:
        place = (*above, name)
        yield place, table, name
        if isinstance(table[name], dict | list):
            yield from _places(table[name], place)


def _sealed(values):
    """The bytes of a record with these values and checksums of them."""
    if isinstance(values.get("protocol"), dict):
        values = {**values, "sha256": payload_sha256(values)}
    return json.dumps({**values, "file_sha256": file_sha256(values)}).encode()


def _is_believed(trial, place, content, store, cell, copies):
    """Whether a forged record is one, in its place, which then is as good as any."""
    shown = _shown(place)
    try:
        record = parse(content)
    except InvalidRecord:
        return False
    except NewerRecord:
        trial.expect(place[0] == "schema", f"{shown}: taken for a later version's")
        return False
    except Exception as error:
        trial.expect(False, f"{shown}: {error!r}")
        return False
    store.path(cell).write_bytes(content)
    try:
        inside = copies.path(record.cell)
        trial.expect(Path(os.path.normpath(inside)) == inside, f"{shown}: led outside")
        copies.write(record)
        reread = copies.read(record.cell)
        same = json.dumps(reread.to_dict()) == json.dumps(record.to_dict())
        trial.expect(same, f"{shown}: not the same when written and read again")
        records = store.load()
        trial.expect(
            (record in records) == (record.cell == cell), f"{shown}: not loaded"
        )
        return store.read(cell) == record
    except UserError as error:
        trial.expect(record.cell != cell, f"{shown}: {error}")
    except Exception as error:
        trial.expect(False, f"{shown}: {error!r}")
    return False


def _shown(place):
    return visible(" ".join(map(repr, place)))[:200]


COPIES = (
    *("runs/arch{0}/{1}/seed-{2} (copy).json", "runs/arch{0}/{1}/seed-0{2}.json"),
    *("runs/arch{0}/{1}/seed-{2}.bak.json", "runs/arch{0}/{1}/seed-{2}.1.json"),
    *("runs/arch{0}/{1}/7/seed-{2}.json", "runs/arch{0}/{1} copy/seed-{2}.json"),
    *("runs/arch{0}.bak/{1}/seed-{2}.json", "runs/arch1{0}/{1}/seed-{2}.json"),
    *("runs/arch{0}/{1}/seed-1{2}.json", "runs/arch5/{1}/seed-{2}.json"),
    *("runs/{1}/seed-{2}.json", "old/runs/arch{0}/{1}/seed-{2}.json", "{1}.json"),
)  # with architecture, method and seed of a cell


def copy_records(scene, rng, tries):
    """Copies in other places count for nothing, and take no record's place."""
    trial = Trial("copies of records in other places")
    for _ in range(tries):
        out = scene.fresh("copied")
        shutil.copytree(scene.expected, out, dirs_exist_ok=True)
        store, copies = Store(out), {}
        for cell in scene.cells:
            for pattern in rng.sample(COPIES, len(COPIES) // 2):
                parts = cell.architecture, cell.method, cell.seed
                copies[out / pattern.format(*parts)] = store.path(cell).read_bytes()
        for path, content in copies.items():
            trial.tries += 1
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        store.path(rng.choice(scene.cells)).unlink()
        seen = finished(out)
        trial.expect(len(seen) == 2 * len(scene.cells) - 2, "a copy was counted")
        scene.finish(out)
        scene.check(trial, out, seen)
        for path, content in copies.items():
            trial.expect(path.read_bytes() == content, f"{path}: changed")
    return trial


def newer_records(scene, rng, tries):
    """A record that a later version wrote: the command stops, and leaves it alone."""
    trial = Trial("a record of a later version of the project", tries)
    for _ in range(tries):
        out = scene.fresh("newer")
        shutil.copytree(scene.expected, out, dirs_exist_ok=True)
        path = Store(out).path(rng.choice(scene.cells))
        values = json.loads(path.read_bytes())
        del values["file_sha256"], values[rng.choice(("sha256", "cell", "splits"))]
        values |= {"schema": SCHEMA + rng.randint(1, 100), "novelty": rng.choice(ODD)}
        path.write_text(json.dumps(values))
        before = _files(out)
        process = scene.start(out)
        errors = process.communicate()[1]
        trial.expect(process.returncode == 2, f"status {process.returncode}")
        trial.expect(
            f"{path}: written by a later" in errors, f"not said: {errors.strip()}"
        )
        trial.expect("Traceback" not in errors, "a traceback")
        trial.expect(_files(out) == before, f"{out}: not as it was")
    return trial


def _files(folder):
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in paths}


def forge_checkpoints(scene, rng, tries):
    """A killed run finds other checkpoints than it left: it ends in the same bytes.

    Left out is what nobody can tell: a checkpoint of this very run in which weights,
    optimizer's variables or errors are others that could be.
    """
    trial = Trial("checkpoints with odd values, and checksums made to agree")
    for number in range(tries):
        cell = Cell(1, LONG_METHODS[number % len(LONG_METHODS)], number)
        whole, broken = (Store(scene.fresh("whole")) for _ in range(2))
        train_long(whole, cell)
        if not train_long(broken, cell, rng):
            trial.note = "a run was too fast to be killed"
            continue
        trial.kills += 1
        existing = [path for path in broken.checkpoint_paths(cell) if path.exists()]
        forged = forged_checkpoints(rng.choice(existing).read_bytes(), rng)
        child = Child(checkpoint_seconds=CHECKPOINT_SECONDS)
        for pair in zip(forged[::2], forged[1::2], strict=False):
            trial.tries += 1
            trial.corruptions += len(pair)
            store = Store(scene.fresh("forged"))
            store.path(cell).parent.mkdir(parents=True)
            paths = store.checkpoint_paths(cell)
            for path, (_, content) in zip(paths, pair, strict=True):
                path.write_bytes(content)
            event = child.run(cell, LONG, store.folder, lambda event: None)
            forgeries = " and ".join(name for name, _ in pair)
            trial.expect(
                event["event"] == "done", f"{forgeries}: {event.get('message')}"
            )
            check_long(trial, store, whole, cell, forgeries)
        child.stop()
    return trial


def forged_checkpoints(content, rng):
    """Checkpoints that are made of a true one: a name and bytes each, in any order."""
    _, header, _ = content.split(b"\n", 2)
    arrays = Checkpoint.from_bytes(content).arrays
    archive = _archive(arrays)
    forged = [_odd_header(json.loads(header), rng) for _ in range(HEADERS)]
    forged = [(name, _signed(text, archive)) for name, text in forged]
    forged += [
        (f"a header {text[:9]!r}", _signed(text, archive)) for text in NO_HEADERS
    ]
    for name, change in ARRAYS.items():
        forged.append((name, _signed(header, change([*arrays]))))
    rng.shuffle(forged)
    return forged


def _odd_header(header, rng):
    """Where an odd value was put in place of one in the header, and the header."""
    field = rng.choice(sorted(header))
    places = [candidate for candidate in _places(header) if candidate[0][0] == field]
    place, table, name = rng.choice(places)
    deep = field == "history" and len(place) > 1
    table[name] = rng.choice([odd for odd in ODD if not (deep and odd in POSSIBLE)])
    return _shown((*place, table[name])), json.dumps(header).encode()


def _signed(header, archive):
    body = header + b"\n" + archive
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _archive(arrays, write=np.savez):
    content = io.BytesIO()
    write(content, *arrays)
    return content.getvalue()


def _first(change):
    """A forgery that changes the first array."""
    return lambda arrays: _archive([change(arrays[0]), *arrays[1:]])


def _last(value):
    """A forgery that has another number in the optimizer's last one."""

    def change(arrays):
        last = max(i for i, array in enumerate(arrays) if array.dtype.kind == "f")
        arrays[last] = np.full_like(arrays[last], value)
        return _archive(arrays)

    return change


def _one_number(value):
    """A change of one number in an array."""

    def change(array):
        array = array.copy()
        array.flat[array.size // 2] = value
        return array

    return change


def _overstated(arrays):
    """An archive of one array, which says that it has a million million numbers."""
    array, content = io.BytesIO(), io.BytesIO()
    header = {"descr": "<f4", "fortran_order": False, "shape": (10**12,)}
    np.lib.format.write_array_header_1_0(array, header)
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("arr_0.npy", array.getvalue())
    return content.getvalue()


ARRAYS = {
    "no arrays": lambda arrays: _archive([]),
    "an array less": lambda arrays: _archive(arrays[:-1]),
    "an array more": lambda arrays: _archive([*arrays, arrays[0]]),
    "arrays in another order": lambda arrays: _archive(arrays[::-1]),
    "arrays that are compressed": lambda a: _archive(a, np.savez_compressed),
    "half an archive": lambda arrays: _archive(arrays)[: 2**15],
    "no archive": lambda arrays: b"",
    "an array alone": lambda arrays: _archive(arrays[:1], np.save),
    "an array that is turned": _first(np.transpose),
    "an array of columns": _first(np.asfortranarray),
    "an array in a row": _first(np.ravel),
    "an array without rows": _first(lambda array: array[:0]),
    "an array of one number": _first(lambda array: array[0, 0]),
    "an array of text": _first(lambda array: np.array("x")),
    "an array of objects": _first(lambda array: array[:9].astype(object)),
    "an array in double precision": _first(lambda array: array.astype(np.float64)),
    "an array in half precision": _first(lambda array: array.astype(np.float16)),
    "an array of whole numbers": _first(lambda array: array.astype(np.int32)),
    "an array of bytes swapped": _first(lambda a: a.astype(a.dtype.newbyteorder())),
    "an array larger than its file": _overstated,
    "NaN for a weight": _first(_one_number(np.nan)),
    "infinity for a weight": _first(_one_number(-np.inf)),
    "NaN for the optimizer": _last(np.nan),
    "infinity for the optimizer": _last(np.inf),
}  # name of a forgery to what makes an archive of arrays
NO_HEADERS = (b"{}", b"[1, 2]", b"\xff", b"[" * 10**5)
# What may be an error or an accuracy, or those of one epoch.
POSSIBLE = (None, *NUMBERS, -0.0, 2**63, math.nan, math.inf, -math.inf, [None])
