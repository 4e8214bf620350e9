"""What each verb does; TensorFlow is imported only where a model is needed."""

import sys
from collections import Counter
from dataclasses import replace

from reproduce.experiment.cells import grid
from reproduce.experiment.protocol import METHODS
from reproduce.request import request
from reproduce.settings import limited

OK, SOME_FAILED, BAD_INPUT = 0, 1, 2


def run(arguments):
    """Train what is missing; 1 if a cell failed."""
    from reproduce.experiment.executors import open_pool
    from reproduce.experiment.records import Store
    from reproduce.missing import train_missing

    asked = request(arguments)
    cells = _cells(arguments, asked.methods)
    asked.prepare(cells, arguments.out)
    with open_pool(arguments.cluster, arguments.jobs) as pool:
        failed = train_missing(cells, asked.protocol, arguments.out, pool)
    if arguments.tensorboard:
        from reproduce.exports.event_files import write_events

        store = Store(arguments.out)
        done = [store.read(cell) for cell in cells if cell not in failed]
        print(*write_events(done, arguments.tensorboard), sep="\n")
    return SOME_FAILED if failed else OK


def sweep(arguments):
    """Train the missing rates, then draw the curves; 1 if a cell failed."""
    from reproduce.experiment.executors import open_pool
    from reproduce.experiment.sweep import Sweep
    from reproduce.missing import train_missing
    from reproduce.report.sweep import build_sweep

    asked = request(arguments)
    own = Sweep(arguments.architecture, asked.methods, arguments.rates, asked.protocol)
    cells, folder = own.cells(arguments.seeds), arguments.out / own.folder
    if arguments.dry_run:
        for line in own.plan(cells, folder, arguments.jobs):
            print(line)
        return OK
    asked.prepare(cells, folder)
    with open_pool(arguments.cluster, arguments.jobs) as pool:
        failed = train_missing(cells, asked.protocol, folder, pool)
    for path in build_sweep(folder):
        print(path)
    return SOME_FAILED if failed else OK


def protocol(arguments):
    """Train the missing candidates, then rank them all; 1 if a cell failed."""
    from reproduce.experiment.candidates import RUN_SETS
    from reproduce.experiment.estimates import expected_minutes
    from reproduce.experiment.executors import open_pool
    from reproduce.missing import train_missing
    from reproduce.report import build

    chosen = {
        name: replace(own, protocol=limited(own.protocol, arguments))
        for name in arguments.sets
        if (own := RUN_SETS[name])
    }
    if arguments.dry_run:
        for line in expected_minutes(chosen, arguments.seeds, arguments.out):
            print(line)
        return OK
    status = OK
    with open_pool(arguments.cluster, arguments.jobs) as pool:
        for own in chosen.values():
            cells, folder = own.cells(arguments.seeds), arguments.out / own.folder
            if train_missing(cells, own.protocol, folder, pool):
                status = SOME_FAILED
    build(arguments.out)
    print((arguments.out / "tables" / "protocol.md").read_text(encoding="utf-8"))
    return status


def verify(arguments):
    """Judge the records anew, train a sample again; 1 where either disagrees."""
    from reproduce.experiment.executors import open_pool
    from reproduce.experiment.records import Store
    from reproduce.report.verify import verify
    from reproduce.retrain import retrain

    gone, strays = [], []
    if arguments.retrain and not Store(arguments.out).load():
        print(f"{arguments.out}: no records of yours whose verdicts to compare")
    else:
        lines, gone = verify(arguments.out, arguments.against)
        print(*lines, sep="\n")
    if arguments.retrain:
        with open_pool(arguments.cluster, arguments.jobs) as pool:
            lines, strays = retrain(arguments.against, arguments.retrain, pool)
        print(*lines, sep="\n")
    return SOME_FAILED if gone or strays else OK


def list(arguments):
    """One line a cell: what became of it."""
    from reproduce.experiment.records import InvalidRecord, Store

    store, counts = Store(arguments.out), Counter()
    for cell in [*_cells(arguments, arguments.methods), *_others(store, arguments)]:
        try:
            record = store.read(cell)
            state = record.status if record else "to do"
        except InvalidRecord:
            record, state = None, "invalid"
        counts[state] += 1
        epochs = f"{record.epochs:6} epochs" if record else ""
        print(f"{str(cell):28} {state:12} {epochs}".rstrip())
    print(", ".join(f"{number} {state}" for state, number in counts.items()))
    return OK


def report(arguments):
    """Tables, figures and REPORT.md; no training."""
    from reproduce.report import build
    from reproduce.report.readme import renewed, update_readme

    if arguments.readme:
        renewed(arguments.readme, arguments.out)  # fails before anything is written
    files = build(arguments.out)
    if arguments.readme:
        update_readme(arguments.readme, arguments.out)
    print(f"{len(files)} files; open {arguments.out / 'report.html'} in a browser")
    return OK


def bench(arguments):
    """Measure the engine; write a table and a figure."""
    from reproduce.bench import bench

    def say(line):
        print(line, flush=True)

    methods, architectures = arguments.methods, arguments.architectures
    bench(arguments.out, architectures, methods, arguments.repeats, say)
    print(f"start with {arguments.out / 'bench.md'}")
    return OK


def unseen(arguments):
    """Score the best model on images no split has; the report then says so."""
    from reproduce.report.unseen import unseen_sentence
    from reproduce.unseen import score_unseen

    print(unseen_sentence(score_unseen(arguments.out, arguments.mnist)))
    return OK


def stress(arguments):
    """Disturb runs in every way there is; 1 if anything was lost."""
    from reproduce.stress import stress

    def say(line):
        print(line, flush=True)

    losses = stress(arguments.out, arguments.tries, arguments.seed, say)
    print(*losses, f"start with {arguments.out / 'stress.md'}", sep="\n")
    return SOME_FAILED if losses else OK


def export(arguments):
    """The best model, or the records, in a format of other tools."""
    from reproduce.exports import export

    lines = export(arguments.format, arguments.out, arguments.model, arguments.to)
    print(*lines, sep="\n")
    return OK


def paths(arguments):
    """Train again, and draw where the weights went."""
    from reproduce.experiment.protocol import Protocol
    from reproduce.paths import draw_paths

    def say(line):
        print(line, flush=True)

    cells = grid([arguments.architecture], arguments.methods, [arguments.seed])
    draw_paths(arguments.out, cells, limited(Protocol(), arguments), say)
    return OK


def predict(arguments):
    """The digit in each image, with its probability; 2 if an image was unreadable."""
    from reproduce.predict import PUBLISHED, predict_files
    from reproduce.predict.printed import as_json, as_table

    errors = []
    predictions = predict_files(
        arguments.images, arguments.model or PUBLISHED, on_error=errors.append
    )
    show = as_json if arguments.json else as_table
    for line in show(predictions):
        print(line)
    for error in errors:
        print(f"python -m reproduce: {error}", file=sys.stderr)
    return BAD_INPUT if errors else OK


def _cells(arguments, methods):
    return grid(
        dict.fromkeys(arguments.architectures), dict.fromkeys(methods), arguments.seeds
    )


def _others(store, arguments):
    """Cells with other optimizers than the report's that have records there."""
    cells = [record.cell for record in store.load()]
    return [
        cell
        for cell in cells
        if cell.method not in METHODS
        and cell.architecture in arguments.architectures
        and cell.seed in arguments.seeds
    ]
