"""`export`: results for other tools."""

from pathlib import Path

from reproduce.arguments import choice
from reproduce.exports import FORMATS
from reproduce.flags import add_out
from reproduce.verbs.status import OK

WHAT = "write the best model, or all records, in a format of other tools"
EXAMPLE = "export --format litert --out results/latest"


def add_flags(parser):
    """Which format, of what, where to."""
    parser.add_argument(
        "--format",
        required=True,
        type=choice("format", {name: name for name in FORMATS}),
        metavar="NAME",
        help="of onnx and litert (the model), csv and tensorboard (the records)",
    )
    parser.add_argument(
        "--model", type=Path, help=".keras file (default: the output folder's best)"
    )
    parser.add_argument(
        "--to",
        type=Path,
        metavar="PATH",
        help="what to write (default: a file beside the model, or in the folder)",
    )
    add_out(parser)


def main(arguments):
    """The best model, or the records, in a format of other tools."""
    from reproduce.exports import export

    lines = export(arguments.format, arguments.out, arguments.model, arguments.to)
    print(*lines, sep="\n")
    return OK
