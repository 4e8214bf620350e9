"""`unseen`: the best model on images that no split has."""

from pathlib import Path

from reproduce.flags import add_out
from reproduce.verbs.status import OK

WHAT = "score the best model on the MNIST images that are in no split"
EXAMPLE = "unseen --mnist ~/.keras/datasets/mnist.npz"


def add_flags(parser):
    """Where the images are, and the model."""
    parser.add_argument(
        "--mnist",
        type=Path,
        required=True,
        help="folder of MNIST's four IDX files, or Keras's mnist.npz",
    )
    add_out(parser)


def main(arguments):
    """Score the best model on images no split has; the report then says so."""
    from reproduce.report.unseen import unseen_sentence
    from reproduce.unseen import score_unseen

    print(unseen_sentence(score_unseen(arguments.out, arguments.mnist)))
    return OK
