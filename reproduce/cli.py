"""The command line: what can be said, and what is answered to a mistake."""

import argparse
import os
import sys

from reproduce.errors import UserError, in_one_line
from reproduce.verbs import VERBS

PROGRAM = "python -m reproduce"
UNREAD, BAD_USAGE, INTERRUPTED = 1, 2, 130
DESCRIPTION = "Rerun a comparison of seven training methods on five MNIST digits."


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that answers a mistake in one line."""

    def error(self, message):
        self.exit(BAD_USAGE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(argv=None):
    """Run one command; return its exit status.

    What is not a bug (`errors.in_one_line`) is said in one line.
    """
    arguments = parser().parse_args(argv)
    try:
        return arguments.main(arguments)
    except KeyboardInterrupt:
        print("interrupted: the same command goes on from here", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # as with `| head`: nobody reads what would be printed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    except (UserError, OSError) as error:
        if (line := in_one_line(error)) is None:
            raise
        print(f"{PROGRAM}: {line}", file=sys.stderr)
    return BAD_USAGE


def parser():
    """All verbs and their flags."""
    top = Parser(prog=PROGRAM, description=DESCRIPTION)
    verbs = top.add_subparsers(required=True, metavar="VERB", parser_class=Parser)
    for name, verb in VERBS.items():
        own = verbs.add_parser(
            name,
            help=verb.WHAT,
            description=f"{verb.WHAT[0].upper()}{verb.WHAT[1:]}.",
            epilog=f"example: {PROGRAM} {verb.EXAMPLE}",
        )
        verb.add_flags(own)
        own.set_defaults(main=verb.main)
    return top
