"""`predict`: the digits in images."""

import sys
from pathlib import Path

from reproduce.verbs.status import BAD_INPUT, OK

WHAT = "tell the digits in images"
EXAMPLE = "predict drawing.png scan.jpg"


def add_flags(parser):
    """Which images, with which model."""
    parser.add_argument(
        "images",
        nargs="+",
        type=Path,
        metavar="IMAGE",
        help="photo, scan or drawing of a digit; folder of them; - for standard input",
    )
    parser.add_argument(
        "--model", type=Path, help=".keras file (default: the published best model)"
    )
    parser.add_argument(
        "--json", action="store_true", help="print a JSON list with all probabilities"
    )


def main(arguments):
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
