"""`report`: everything that is made of records."""

from pathlib import Path

from reproduce.flags import add_out
from reproduce.verbs.status import OK

WHAT = "write tables, figures and REPORT.md from the records"
EXAMPLE = "report --out results/latest"


def add_flags(parser):
    """Of which records."""
    add_out(parser)
    parser.add_argument(
        "--readme", type=Path, help="also renew the numbers in this README.md"
    )


def main(arguments):
    """Tables, figures, REPORT.md and the page; no training."""
    from reproduce.report import build
    from reproduce.report.readme import renewed, update_readme

    if arguments.readme:
        renewed(arguments.readme, arguments.out)  # fails before anything is written
    files = build(arguments.out)
    if arguments.readme:
        update_readme(arguments.readme, arguments.out)
    print(f"{len(files)} files; open {arguments.out / 'report.html'} in a browser")
    return OK
