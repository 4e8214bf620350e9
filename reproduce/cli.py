"""The command line: every command and flag, and what is answered to a mistake.

A command is a function that adds its flags and one that does it and returns the exit
status; `COMMANDS` lists them. TensorFlow, pandas and matplotlib are imported only
inside those that need them, so that help and mistakes are answered at once.
"""

import argparse
import json
import math
import os
import re
import shlex
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from reproduce.bench import PARTS
from reproduce.errors import (
    InvalidRecord,
    UserError,
    in_one_line,
    meant,
    take_any_text,
)
from reproduce.experiment import studies
from reproduce.experiment.methods import (
    METHODS,
    add_current_folder_to_path,
    method_key,
    variant_of,
    without_rate,
)
from reproduce.experiment.protocol import (
    ARCHITECTURES,
    CHOICES,
    Protocol,
    grid,
)
from reproduce.experiment.store import Store
from reproduce.experiment.studies import NAMED, RATES, STUDIES
from reproduce.exports import FORMATS
from reproduce.published import PUBLISHED
from reproduce.training.pool import cores, environment, open_pool

PROGRAM = "python -m reproduce"
DESCRIPTION = "Rerun a comparison of seven training methods on five MNIST digits."
OK, SOME_FAILED, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130
LATEST = Path("results/latest")
MOST_SEEDS = 1000  # that are taken without a question


def main(argv=None):
    """Run one command; return its exit status.

    What is not a bug (`errors.in_one_line`) is said in one line.
    """
    take_any_text()
    try:
        try:
            arguments = parser().parse_args(argv)
            check_seeds(arguments)
            return arguments.main(arguments)
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        print("interrupted: the same command goes on from here", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # as with `| head`: nobody reads what would be printed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_FAILED
    except Exception as error:
        if (line := in_one_line(error)) is None:
            raise
        print(f"{PROGRAM}: {line}", file=sys.stderr)
    return BAD_USAGE


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that answers a mistake in one line."""

    def error(self, message):
        self.exit(BAD_USAGE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def parser():
    """All commands and their flags."""
    top = Parser(prog=PROGRAM, description=DESCRIPTION)
    top.set_defaults(main=lambda _: top.print_help())
    commands = top.add_subparsers(metavar="COMMAND", parser_class=Parser)
    for name, command in COMMANDS.items():
        command_parser = commands.add_parser(
            name,
            help=command.summary,
            description=f"{command.summary[0].upper()}{command.summary[1:]}.",
            epilog=f"example: {PROGRAM} {command.example}",
        )
        command.add_flags(command_parser)
        command_parser.set_defaults(main=command.main)
    return top


def say(line):
    """Print at once, also into a file or a pipe."""
    print(line, flush=True)


# Values -----------------------------------------------------------------------------


def choice(kind, options):
    """A converter from a name to its value, with a hint for a mistyped one.

    Args:
        kind: what is chosen, for the message.
        options: name to value.
    """

    def convert(text):
        if text in options:
            return options[text]
        hint = meant(text.lower(), options)
        choose = " Choose" if hint else ": choose"
        raise argparse.ArgumentTypeError(
            f"unknown {kind} {text!r}{hint}{choose} from {', '.join(options)}"
        )

    return convert


def whole(text, least=1):
    """A whole number of at least `least`."""
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a whole number of at least {least}"
        )
    return int(text)


def whole_or_none(text):
    """A whole number; 0 for none."""
    return whole(text, 0)


def positive(text):
    """A number above 0."""
    return _number(text, lambda x: x > 0, "a number above 0")


def non_negative(text):
    """A number of at least 0."""
    return _number(text, lambda x: x >= 0, "a number of at least 0")


def fraction(text):
    """A decay rate: 0 included, 1 not."""
    return _number(text, lambda x: 0 <= x < 1, "a number of at least 0 and below 1")


def _number(text, allowed, words):
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and allowed(number)):
        raise argparse.ArgumentTypeError(f"{text!r} is not {words}")
    return number


def seeds(parts):
    """Seeds: `3` for the first three, `0 4` for these two, `3-5` for a range."""
    text, numbers = ",".join(parts), []
    for part in parts:
        bounds = re.fullmatch(r"([0-9]{1,6})(?:-([0-9]{1,6}))?", part)
        if not bounds:
            raise argparse.ArgumentTypeError(
                f"{text!r} is neither a number of seeds (3) nor a list (0,4) or a "
                "range (3-5) of them, of up to six digits each"
            )
        first, last = bounds.group(1), bounds.group(2)
        numbers += range(int(first), int(last or first) + 1)
    if re.fullmatch("[0-9]+", text):
        numbers = list(range(int(text)))
    if not numbers:
        raise argparse.ArgumentTypeError(
            f"{text!r} names no seed: give their number (3), a list (0,4) or a range "
            "(3-5; 0-0 for seed 0 alone)"
        )
    if len(set(numbers)) < len(numbers):
        raise argparse.ArgumentTypeError(f"{text!r} names a seed twice")
    return numbers


def path(text):
    """A path; not the current folder for want of a name, as after `--out "$GONE"`."""
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty; for the current folder give .")
    return Path(text)


def scheduler(text):
    """Where a Dask scheduler is: `tcp://HOST:PORT`, or `file:PATH` of its file."""
    if not re.fullmatch(r"(tcp|tls)://[^\s/]+:\d{1,5}|file:.+", text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither tcp://HOST:PORT nor file:SCHEDULER.json"
        )
    return text


def table(text):
    """A JSON object: argument names to values."""

    def finite(constant):
        if not math.isfinite(float(constant)):
            raise ValueError(constant)
        return float(constant)

    try:
        value = json.loads(text, parse_float=finite, parse_constant=finite)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a JSON object with finite numbers, such as "
            "'{\"learning_rate\": 0.01}'"
        )
    return value


class Optimizers(argparse.Action):
    """Collects `--optimizer SPEC` and the `--optimizer-args JSON` that follow each."""

    def __call__(self, parser, namespace, value, option_string=None):
        asked = list(getattr(namespace, self.dest) or [])
        if self.type is None:
            asked.append((value, {}))
        elif not asked:
            raise argparse.ArgumentError(self, "comes after the --optimizer it is for")
        else:
            asked[-1] = (asked[-1][0], value)
        setattr(namespace, self.dest, asked)


# Flags ------------------------------------------------------------------------------


class Several(argparse.Action):
    """Takes values apart by spaces, commas or both: `1 2`, `1,2` and `1, 2`.

    Args:
        convert: makes the value of the flag from the list of what is given.
    """

    def __init__(self, *args, convert, **options):
        super().__init__(*args, nargs="+", **options)
        self._convert = convert

    def __call__(self, parser, namespace, words, option_string=None):
        parts = re.split(r"\s*,\s*|\s+", " ".join(words).strip())
        try:
            setattr(namespace, self.dest, self._convert(parts))
        except argparse.ArgumentTypeError as error:
            raise argparse.ArgumentError(self, str(error)) from None


def each(convert):
    """A converter of a list, from that of an element."""
    return lambda parts: [convert(part) for part in parts]


def add_some(parser, flag, kind, options, words=None, **more):
    """Some of a few things, by name.

    Args:
        parser: of the command.
        flag: with its dashes.
        kind: what is chosen, for the message to a wrong name.
        options: what there is.
        words: help; None: the names.
        more: for `add_argument`; without a `default`, it is all options.
    """
    parser.add_argument(
        flag,
        action=Several,
        convert=each(choice(kind, {str(option): option for option in options})),
        help=words or f"of {', '.join(map(str, options))} (default: all)",
        **{"default": list(options), **more},
    )


def add_cells(parser):
    """Which architectures and methods."""
    words = "of 1 to 5 (default: all)"
    add_some(parser, "--architectures", "architecture", ARCHITECTURES, words=words)
    add_some(parser, "--methods", "method", METHODS)


def add_seeds(parser, number):
    """Which seeds of the cells."""
    parser.add_argument(
        "--seeds",
        action=Several,
        convert=seeds,
        default=range(number),
        help=f"how many (3: seeds 0, 1, 2), or which (0 4 or 3-5) (default: {number})",
    )
    parser.add_argument(
        "--many-seeds",
        action="store_true",
        help=f"to confirm that more than {MOST_SEEDS:,} seeds are meant",
    )


def check_seeds(arguments):
    """A number with a digit too many would be planned for minutes.

    Raises:
        UserError: there are very many seeds, and this is not confirmed.
    """
    number = len(getattr(arguments, "seeds", None) or ())
    if number > MOST_SEEDS and not arguments.many_seeds:
        raise UserError(
            f"--seeds asks for {number:,} seeds; add --many-seeds if that is meant, or "
            "give a list (0,4) or a range (3-5)"
        )


def add_architecture(parser):
    """Which one."""
    parser.add_argument(
        "--architecture",
        type=choice("architecture", {str(a): a for a in ARCHITECTURES}),
        default=1,
        metavar="NUMBER",
        help="1 to 5 (default: 1)",
    )


def add_out(parser, folder=LATEST):
    """In which folder."""
    parser.add_argument(
        "--out",
        type=path,
        default=Path(folder),
        help=f"output folder (default: {folder})",
    )


def add_limits(parser):
    """How much of each run."""
    parser.add_argument(
        "--max-epochs", type=whole, help="end a run there, if not before"
    )
    parser.add_argument(
        "--subset", type=whole, help="use only so many examples of each split"
    )


def add_jobs(parser):
    """Where cells are trained, and how many at a time."""
    number = len(cores())
    parser.add_argument(
        "--jobs",
        type=lambda text: min(whole(text), number),
        default=number,
        help=f"cells trained at a time, one core each (default and most: {number})",
    )
    parser.add_argument(
        "--cluster",
        type=scheduler,
        metavar="SCHEDULER",
        help="train on the workers of a Dask scheduler instead, as many cells at a "
        "time as they have threads: tcp://HOST:PORT or file:SCHEDULER.json",
    )


def add_dry_run(parser):
    """Whether to train at all."""
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be trained, and stop"
    )


def add_optimizers(parser):
    """Other optimizers than the original's; then `methods` is None if not given."""
    parser.set_defaults(methods=None)
    parser.add_argument(
        "--optimizer",
        dest="optimizers",
        action=Optimizers,
        default=(),
        metavar="SPEC",
        help="your own (module:Class, found from the current folder), Keras's "
        "(keras:Lion) or a variant of the original's (adam, with arguments); may be "
        "given again. Without --methods, nothing else is trained",
    )
    parser.add_argument(
        "--optimizer-args",
        dest="optimizers",
        action=Optimizers,
        type=table,
        default=(),
        metavar="JSON",
        help="arguments of the --optimizer before it: '{\"learning_rate\": 0.01}'",
    )


def add_data(parser):
    """Other data than the embedded digits."""
    parser.add_argument(
        "--data",
        type=path,
        help="folder of train|val|test/<digit>/*.png|jpg, or MNIST's mnist.npz "
        "(default: the embedded digits)",
    )


SETTINGS = {
    "learning_rate": (positive, "η of every method"),
    "batch_size": (whole, "examples an update"),
    "momentum": (fraction, "α of momentum and NAG"),
    "rho": (fraction, "β of RMSProp"),
    "beta_1": (fraction, "of Adam"),
    "beta_2": (fraction, "of Adam"),
    "epsilon": (positive, "of AdaGrad, RMSProp and Adam, inside the root"),
    "initial_accumulator_value": (non_negative, "AdaGrad's v at the start"),
    "kernel_initializer": (None, "initial weights"),
    "output_initializer": (None, "those of the output layer"),
    "scaling": (None, "min-max scaling of the pixels"),
    "num_classes": (None, "output units"),
    "threshold": (non_negative, "of the convergence criterion"),
    "mode": (None, "the criterion's difference, with its sign or without"),
    "patience": (whole_or_none, "epochs in a row that must meet the criterion"),
    "monitor": (None, "the error that it watches"),
    "trace_updates": (whole_or_none, "record the error after so many single updates"),
}  # setting to the converter of its flag (None: one of `CHOICES`) and its help
UNSET = {"batch_size": "one; batch GD: all", "output_initializer": "as the others"}
LIMITS = ("max_epochs", "subset")


def add_settings(parser):
    """The named protocols, and a flag for each setting."""
    group = parser.add_argument_group(
        "settings",
        "Other than the original's, they need an output folder of their own.",
    )
    default = studies.REPORT
    group.add_argument(
        "--protocol",
        type=choice("protocol", NAMED),
        default=default,
        metavar="NAME",
        help=f"where to start from: {', '.join(NAMED)} (default: report)",
    )
    for setting, (convert, words) in SETTINGS.items():
        options = {str(value): value for value in CHOICES.get(setting, ())}
        of = f": {', '.join(options)}" if options else ""
        usual = UNSET.get(setting, getattr(default, setting))
        group.add_argument(
            _flag(setting),
            dest=setting,
            type=convert or choice(_flag(setting)[2:], options),
            metavar="NUMBER" if convert else "NAME",
            help=f"{words}{of} (default: {usual})",
        )
    group.add_argument(
        "--evaluate-epochs",
        action="store_true",
        default=None,
        help="record the training error of the weights at each epoch's end as well",
    )


def _flag(setting):
    name = "initializer" if setting == "kernel_initializer" else setting
    return f"--{name.replace('_', '-')}"


def asked_protocol(arguments, **data):
    """The protocol that the flags ask for.

    Args:
        arguments: of a command that has `add_settings`, or at least a protocol.
        data: the settings that tell other data, if there is any.
    """
    settings = _explicit(arguments, (*SETTINGS, "evaluate_epochs", *LIMITS))
    if settings.get("monitor") == "evaluated_loss":
        settings["evaluate_epochs"] = True
    return arguments.protocol.changed(**settings, **data)


def _explicit(arguments, names):
    values = {name: vars(arguments).get(name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


# Requests ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Request:
    """What the flags of `run` and `sweep` ask for, checked.

    Attributes:
        methods: keys of the methods to train.
        protocol: under which settings.
        data: `Digits` other than the embedded ones, or None.
    """

    methods: tuple
    protocol: Protocol
    data: object = None

    @classmethod
    def of(cls, arguments):
        """The request that flags make.

        Raises:
            UserError: an optimizer is not there, or the data cannot be used.
        """
        data, facts = None, {}
        if arguments.data is not None:
            data, facts = _read_data(arguments.data)
        protocol = asked_protocol(arguments, **facts)
        if data and protocol.num_classes != 10:
            raise UserError("--num-classes 5 is for the embedded digits; leave it out")
        return cls(_asked_methods(arguments), protocol, data)

    def prepare(self, cells, folder):
        """Find what is wrong before the training.

        Raises:
            OtherProtocol: the folder has records made under other settings.
            MethodError: an optimizer that is still to train with does not work.
        """
        store = Store(folder)
        store.check(self.protocol)
        todo = [cell.method for cell in cells if not store.path(cell).exists()]
        todo = {*todo, *(without_rate(method)[0] for method in todo)}
        custom = [m for m in self.methods if m not in METHODS and m in todo]
        _try_out(custom, self.protocol)


def _asked_methods(arguments):
    chosen = arguments.methods
    if chosen is None:
        chosen = () if arguments.optimizers else METHODS
    if not arguments.optimizers:
        return tuple(chosen)
    add_current_folder_to_path()
    custom = [method_key(*asked) for asked in arguments.optimizers]
    return tuple(dict.fromkeys((*chosen, *custom)))


def _try_out(methods, protocol):
    if methods:
        os.environ.update(environment(protocol))
        from reproduce.predict.quiet import quiet_keras

        quiet_keras()
        from reproduce.training.trial import try_out

        for method in methods:
            try_out(method, protocol)


def _read_data(path):
    from reproduce.data.source import read_data

    data = read_data(path)
    sizes = {"train": data.train, "validation": data.validation, "test": data.test}
    counts = ", ".join(f"{len(split.labels):,} {name}" for name, split in sizes.items())
    digits = ", ".join(map(str, data.classes))
    print(f"{path}: digits {digits}; {counts}", file=sys.stderr)
    facts = {"data_sha256": data.sha256, "num_examples": len(data.train.labels)}
    return data, facts


def _train(tasks, arguments, cheap_first=False, data=None):
    """Train what is missing; return the exit status."""
    from reproduce.training.schedule import plan_lines, train_missing

    if getattr(arguments, "dry_run", False):
        print(*plan_lines(tasks, arguments.jobs), sep="\n")
        return OK
    with open_pool(arguments.cluster, arguments.jobs) as pool:
        failed = train_missing(tasks, arguments.out, pool, cheap_first, data)
    return SOME_FAILED if failed else OK


# Commands ---------------------------------------------------------------------------


def run_flags(parser):
    """Which cells or studies, where, under which settings."""
    add_out(parser)
    add_cells(parser)
    add_seeds(parser, 1)
    add_some(
        parser,
        "--study",
        "study",
        ("all", *STUDIES),
        "whole studies instead, with the seeds they are published with: all, or of "
        f"{', '.join(STUDIES)}",
        default=None,
        metavar="NAME",
    )
    add_limits(parser)
    add_jobs(parser)
    add_dry_run(parser)
    add_optimizers(parser)
    add_data(parser)
    add_settings(parser)
    parser.set_defaults(seeds=None)
    parser.add_argument(
        "--tensorboard",
        type=path,
        metavar="DIR",
        help="also write the runs there as TensorBoard event files",
    )


def run(arguments):
    """Train what is missing; 1 if a cell failed."""
    if arguments.study:
        status = _train(_study_tasks(arguments), arguments, cheap_first=True)
    else:
        status = _run_cells(arguments)
    if not arguments.dry_run and Store(arguments.out).count():
        say(f"next: {PROGRAM} report --out {shlex.quote(str(arguments.out))}")
    return status


def _run_cells(arguments):
    from reproduce.training.schedule import tasks_for

    request = Request.of(arguments)
    seeds = range(1) if arguments.seeds is None else arguments.seeds
    cells = grid(arguments.architectures, request.methods, seeds)
    if not arguments.dry_run:
        request.prepare(cells, arguments.out)
    tasks = tasks_for(cells, request.protocol, arguments.out)
    status = _train(tasks, arguments, data=request.data)
    if arguments.tensorboard and not arguments.dry_run:
        _write_events(cells, arguments)
    return status


def _study_tasks(arguments):
    from reproduce.training.schedule import tasks_of

    names = STUDIES if "all" in arguments.study else dict.fromkeys(arguments.study)
    limits = _explicit(arguments, LIMITS)
    tasks = [
        task
        for name in names
        for task in tasks_of(STUDIES[name], arguments.out, arguments.seeds, **limits)
        if task.cell.architecture in arguments.architectures
        and variant_of(task.cell.method) in (arguments.methods or METHODS)
    ]
    if not tasks:
        raise UserError(
            f"--study {' '.join(names)}: no cell of it has these --architectures and "
            "--methods; leave one of them out"
        )
    return tasks


def _write_events(cells, arguments):
    from reproduce.exports.event_files import write_events

    records = [Store(arguments.out).read(cell) for cell in cells]
    records = [record for record in records if record is not None]
    print(*write_events(records, arguments.tensorboard), sep="\n")


def sweep_flags(parser):
    """Which methods at which learning rates, on one architecture."""
    add_out(parser)
    add_architecture(parser)
    add_some(parser, "--methods", "method", METHODS)
    parser.add_argument(
        "--rates",
        action=Several,
        convert=each(positive),
        default=list(RATES),
        metavar="RATE",
        help=f"learning rates (default: {' '.join(f'{rate:g}' for rate in RATES)})",
    )
    add_seeds(parser, 3)
    add_limits(parser)
    add_jobs(parser)
    add_optimizers(parser)
    add_data(parser)
    parser.set_defaults(protocol=studies.SWEEP)
    add_dry_run(parser)


def sweep(arguments):
    """Train the missing rates, then compare the best ones; 1 if a cell failed."""
    from reproduce.training.schedule import tasks_of

    request = Request.of(arguments)
    study = studies.sweep(
        [arguments.architecture], request.methods, arguments.rates, 1, request.protocol
    )
    tasks = tasks_of(study, arguments.out, arguments.seeds)
    if not arguments.dry_run:
        request.prepare([task.cell for task in tasks], arguments.out / study.folder)
    status = _train(tasks, arguments, data=request.data)
    if not arguments.dry_run:
        from reproduce.publish.build import build_sweep

        print(*build_sweep(arguments.out, arguments.architecture), sep="\n")
    return status


def list_flags(parser):
    """Which cells, in which folder."""
    add_out(parser)
    add_cells(parser)
    add_seeds(parser, 1)


def list_cells(arguments):
    """One line a cell, then how many of each kind."""
    store, counts = Store(arguments.out), Counter()
    cells = grid(arguments.architectures, arguments.methods, arguments.seeds)
    cells += [
        cell
        for cell in (record.cell for record in store.load())
        if cell.method not in METHODS
        and cell.architecture in arguments.architectures
        and cell.seed in arguments.seeds
    ]
    for cell in cells:
        state, epochs = _state(store, cell)
        counts[state] += 1
        print(f"{str(cell):28} {state:12} {epochs}".rstrip())
    print(", ".join(f"{number} {state}" for state, number in counts.items()))
    return OK


def _state(store, cell):
    try:
        record = store.read(cell)
    except InvalidRecord:
        return "invalid", ""
    if record is None:
        return "to do", ""
    return record.ending, f"{record.epochs:6} epochs"


def report_flags(parser):
    """Of which records."""
    add_out(parser)
    parser.add_argument(
        "--readme", type=path, help="also renew the numbers in this README.md"
    )


def report(arguments):
    """Tables, figures, REPORT.md and the page; no training."""
    from reproduce.publish.build import build, renew_readme

    if arguments.readme:
        renew_readme(arguments.readme, arguments.out)
    files = build(arguments.out)
    print(f"{len(files)} files; open {arguments.out / 'report.html'} in a browser")
    return OK


def verify_flags(parser):
    """What against what, and how many cells to train again."""
    add_out(parser)
    parser.add_argument(
        "--against",
        type=path,
        default=PUBLISHED,
        help="folder of other results (default: the published ones)",
    )
    parser.add_argument(
        "--retrain",
        type=whole_or_none,
        default=3,
        metavar="N",
        help="also train the N cheapest published cells again (default: 3; 0: none)",
    )
    add_jobs(parser)


def verify(arguments):
    """Judge the records anew, train a sample again; 1 where either disagrees."""
    from reproduce.publish.build import compared
    from reproduce.publish.rendering import phrase

    published = published_records(arguments.against)
    if arguments.retrain and not Store(arguments.out).load():
        lines, disagree = [phrase("terminal.j2", "no_runs", arguments.out)], False
    else:
        lines, disagree = compared(arguments.out, arguments.against)
    print(*lines, sep="\n", flush=True)
    if arguments.retrain:
        with open_pool(arguments.cluster, arguments.jobs) as pool:
            lines, strays = retrain(published, arguments.retrain, pool)
        print(*lines, sep="\n")
        disagree = disagree or strays
    return SOME_FAILED if disagree else OK


def published_records(folder):
    """The records that cells are compared with, of one protocol.

    Raises:
        UserError: nothing is published there.
    """
    records = Store(folder).load()
    if not records:
        raise UserError(
            f"{folder}: no records found to compare with; name a folder with "
            "published ones"
        )
    return [record for record in records if record.protocol == records[0].protocol]


def retrain(records, number, pool):
    """Train the cheapest published cells again and compare them.

    Args:
        records: the published ones.
        number: of cells, at most.
        pool: where, as `open_pool` gives it.

    Returns:
        Lines to print, and whether a cell came out otherwise than published.
    """
    from reproduce.analysis.verification import DISAGREE, compare, sample
    from reproduce.publish.rendering import phrase
    from reproduce.training.schedule import tasks_for, train_missing

    chosen, protocol = sample(records, number), records[0].protocol
    with tempfile.TemporaryDirectory() as folder:
        tasks = tasks_for([record.cell for record in chosen], protocol, folder)
        train_missing(tasks, folder, pool)
        retrained = {record.cell: record for record in Store(folder).load()}
    comparisons = [
        compare(record, retrained.get(record.cell), records, len(chosen))
        for record in chosen
    ]
    lines = [phrase("terminal.j2", "again", len(comparisons), len(records))]
    lines += [
        f"  {phrase('terminal.j2', 'outcome', compared)}" for compared in comparisons
    ]
    return lines, any(compared.outcome in DISAGREE for compared in comparisons)


def export_flags(parser):
    """Which format, of what, where to."""
    parser.add_argument(
        "--format",
        required=True,
        type=choice("format", {name: name for name in FORMATS}),
        metavar="NAME",
        help="of onnx and litert (the model), csv and tensorboard (the records)",
    )
    parser.add_argument(
        "--model", type=path, help=".keras file (default: the output folder's best)"
    )
    parser.add_argument(
        "--to",
        type=path,
        metavar="PATH",
        help="what to write (default: a file beside the model, or in the folder)",
    )
    add_out(parser)


def export(arguments):
    """The best model, or the records, in a format of other tools."""
    from reproduce.exports import export as write

    lines = write(arguments.format, arguments.out, arguments.model, arguments.to)
    print(*lines, sep="\n")
    return OK


def paths_flags(parser):
    """Which methods, on which architecture."""
    add_out(parser)
    add_architecture(parser)
    parser.add_argument(
        "--seed", type=whole_or_none, default=0, help="of the runs (default: 0)"
    )
    add_some(parser, "--methods", "method", METHODS)
    add_limits(parser)


def paths(arguments):
    """Train again, and draw where the weights went."""
    from reproduce.paths import draw_paths

    cells = grid([arguments.architecture], arguments.methods, [arguments.seed])
    protocol = Protocol().changed(**_explicit(arguments, LIMITS))
    draw_paths(arguments.out, cells, protocol, say)
    return OK


def predict_flags(parser):
    """Which images, with which model."""
    parser.add_argument(
        "images",
        nargs="+",
        type=path,
        metavar="IMAGE",
        help="photo, scan or drawing of a digit; folder of them; - for standard input",
    )
    parser.add_argument(
        "--model", type=path, help=".keras file (default: the published best model)"
    )
    parser.add_argument(
        "--json", action="store_true", help="print a JSON list with all probabilities"
    )


def predict(arguments):
    """The digit in each image, with its probability; 2 if an image was unreadable."""
    from reproduce.predict import BEST, predict_files
    from reproduce.predict.printed import as_json, as_table

    errors = []
    predictions = predict_files(
        arguments.images, arguments.model or BEST, on_error=errors.append
    )
    show = as_json if arguments.json else as_table
    for line in show(predictions):
        print(line)
    for error in errors:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
    return BAD_USAGE if errors else OK


def bench_flags(parser):
    """Which cells to time, how often."""
    add_out(parser, LATEST / "bench")
    parser.add_argument("--repeats", type=whole, default=5, help="measurements of each")
    words = f"of {', '.join(PARTS)} (default: all); the folder keeps the others"
    add_some(parser, "--parts", "part", PARTS, words=words)
    add_cells(parser)


def bench(arguments):
    """Measure the engine; write a table and a figure."""
    from reproduce.bench.run import bench as measure

    cells = arguments.architectures, arguments.methods
    measure(arguments.out, *cells, arguments.repeats, arguments.parts, say)
    print(f"start with {arguments.out / 'bench.md'}")
    return OK


def stress_flags(parser):
    """How often, where."""
    add_out(parser, LATEST / "stress")
    parser.add_argument(
        "--tries", type=whole, default=3, help="of each disturbance (default: 3)"
    )
    parser.add_argument(
        "--seed", type=whole_or_none, default=0, help="of the random times (default: 0)"
    )


def stress(arguments):
    """Disturb runs in every way there is; 1 if anything was lost."""
    from reproduce.stress import stress as disturb

    losses = disturb(arguments.out, arguments.tries, arguments.seed, say)
    print(*losses, f"start with {arguments.out / 'stress.md'}", sep="\n")
    return SOME_FAILED if losses else OK


@dataclass(frozen=True)
class Command:
    """One command: what it does in a line, an example, its flags and its function."""

    summary: str
    example: str
    add_flags: object
    main: object


COMMANDS = {
    "run": Command(
        "train the cells that have no record yet",
        "run --architectures 4 --methods nag adam --seeds 3",
        run_flags,
        run,
    ),
    "sweep": Command(
        "give every method the same learning rates to choose from, and compare",
        "sweep --architecture 1 --seeds 3 --dry-run",
        sweep_flags,
        sweep,
    ),
    "list": Command(
        "show the cells and which are done",
        "list",
        list_flags,
        list_cells,
    ),
    "report": Command(
        "write tables, figures and REPORT.md from the records",
        "report --out results/latest",
        report_flags,
        report,
    ),
    "verify": Command(
        "check records, and cells trained again, against published ones",
        "verify --out results/latest --against results/reference",
        verify_flags,
        verify,
    ),
    "export": Command(
        "write the best model, or all records, in a format of other tools",
        "export --format litert --out results/latest",
        export_flags,
        export,
    ),
    "paths": Command(
        "draw where the methods go on a plane through the loss surface",
        "paths --architecture 1 --seed 0",
        paths_flags,
        paths,
    ),
    "predict": Command(
        "tell the digits in images",
        "predict drawing.png scan.jpg",
        predict_flags,
        predict,
    ),
    "bench": Command(
        "measure the engine beside stock fit and its peers, on one core",
        "bench --architectures 1 --methods sgd",
        bench_flags,
        bench,
    ),
    "stress": Command(
        "kill, corrupt, starve and crowd short runs, and count what is lost",
        "stress --tries 1",
        stress_flags,
        stress,
    ),
}
