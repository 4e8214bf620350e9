"""`make bench`: measure side by side, and write what was found."""

from contextlib import ExitStack
from importlib.util import find_spec

from reproduce.errors import UserError
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Cell
from reproduce.files import write_atomically
from reproduce.publish import speed
from reproduce.training.pool import cores
from reproduce.training.provenance import PACKAGES, cpu, versions

from . import PARTS
from .c_side import COMPILERS, compiler
from .seeds import measure_seeds
from .side import Side
from .table import LARGER, as_csv, summarize, summarize_larger

FILES = dict(zip(PARTS, ("bench.csv", "larger.csv", "seeds.csv"), strict=True))
GROWING = ("sgd", "adagrad", "adam")  # measured on larger networks, too
PEERS = {"jax": "jax_side", "torch": "torch_side"}  # package to module


def bench(folder, architectures, methods, repeats, parts=PARTS, say=print):
    """Measure; write a CSV file for each part, `bench.md` and the figures to `folder`.

    Args:
        folder: where to write.
        architectures, methods: what to measure an update of.
        repeats: measurements of each, after one that does not count.
        parts: of `PARTS`; of the others, what the folder has stays.
        say: told of each measurement as it is done.

    Returns:
        part to its rows.

    Raises:
        UserError: a measuring process failed, with its last words; or there are
            no updates, measured now or before, to write a page of.
    """
    rows = {part: speed.read(folder / name) for part, name in FILES.items()}
    if "updates" not in parts and not rows["updates"]:
        raise UserError(f"{folder}: has no bench.csv yet; measure updates as well")
    if "updates" in parts:
        rows["updates"] = _updates(architectures, methods, repeats, say)
    if "growth" in parts:
        growing = [method for method in GROWING if method in methods]
        rows["growth"] = _growth(growing, repeats, say)
    if "seeds" in parts:
        rows["seeds"] = measure_seeds(say)
    write(folder, rows)
    return rows


def write(folder, rows):
    """Write the files.

    Args:
        folder: where.
        rows: part to its rows; those of updates are never empty.
    """
    from .figure import growth_figure, updates_figure  # matplotlib, which is slow

    packages = ", ".join(" ".join(pair) for pair in versions(PACKAGES))
    for part, name in FILES.items():
        if rows[part]:
            write_atomically(folder / name, as_csv(rows[part]))
    page = speed.page(*rows.values(), f"{cpu()}; {packages}")
    write_atomically(folder / "bench.md", page.encode())
    for name, figure in {
        "bench.png": updates_figure(rows["updates"]),
        "growth.png": growth_figure(*rows.values()),
    }.items():
        if figure:
            write_atomically(folder / name, figure)


def _updates(architectures, methods, repeats, say):
    sides = ["engine_side", "fit_side"]
    if compiler():
        sides.append("c_side")
    else:
        say(f"left out: C, for which no compiler is there ({', '.join(COMPILERS)})")
    for package, module in PEERS.items():
        if find_spec(package):
            sides.append(module)
        else:
            say(f"left out: {package}, which `make peers` installs")
    return [
        summarize(cell, rounds)
        for architecture in architectures
        for cell, rounds in _measured(architecture, methods, sides, repeats, say)
    ]


def _growth(methods, repeats, say):
    return [
        summarize_larger(cell, rounds)
        for number in LARGER
        for cell, rounds in _measured(number, methods, ["engine_side"], repeats, say)
    ]


def _measured(architecture, methods, modules, repeats, say):
    """Each cell, and what the sides measured of it: a dict for each round.

    A round asks one side after the other, all on the same core; the first round does
    not count.
    """
    with ExitStack() as stack:
        sides = [stack.enter_context(Side(m, max(cores()))) for m in modules]
        for method in methods:
            cell, rounds = Cell(architecture, method, 0), []
            full_batch = METHODS[method].full_batch
            asked = sides[:2] if full_batch else sides  # the engine and stock `fit`
            for _ in range(1 + repeats):
                answers = [side.measure(cell) for side in asked]
                rounds.append({k: v for answer in answers for k, v in answer.items()})
            say(_line(cell, rounds[-1]))
            yield cell, rounds[1:]


def _line(cell, measured):
    names = [name for name in ("engine", *speed.RIVALS) if name in measured]
    times = (f"{name} {1e6 * measured[name]:,.1f}" for name in names)
    return f"arch{cell.architecture} {cell.method:9} µs: {', '.join(times)}"
