"""The pairs of methods as a table, and as a square for the page."""

from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import ARCHITECTURES

from .ledger import write_p
from .ledger_table import DEPENDENCE
from .markdown import Table, listed, signed
from .paired import ALPHA, pairs_needed, smallest_p
from .pairwise import DIFFER, NOT_SHOWN, SHOWN, TOO_SMALL
from .verdicts import FEWEST_SEEDS

WORDS = dict(zip(SHOWN, ("epochs", "validation accuracy", "loss"), strict=True))
HEADER = ["Architecture", "Methods", "Seeds", "Epochs", "p", "Accuracy (pp)", "p"]
HEADER += ["Loss", "p", "Smallest p", "after Holm", "Differ in"]
NOTE = (
    "Differences: the first method's less the second's, median over the seeds both "
    "were run with; validation accuracy in percentage points (pp), validation loss. A "
    "run that the criterion never ended counts as infinitely many epochs (∞), not as "
    "its limit. p: exact sign flips, two-sided, adjusted by Holm over the pairs of the "
    "architecture. Smallest p: what so many seeds can reach at best. The CSV has each "
    "pair by updates, gradients of single examples and seconds too."
)


def pairs_table(pairs, limits=""):
    """Every pair of methods of each architecture.

    Args:
        pairs: `pairwise.pairs`.
        limits: why the runs are no rerun of the report, or empty.
    """
    by = {}
    for one in pairs:
        by.setdefault((one.architecture, one.first, one.second), {})[one.quantity] = one
    scope = f"**These runs were {limits}.**" if limits else ""
    reach = [reach_sentence(pairs, number) for number in ARCHITECTURES]
    return Table(
        name="method-pairs",
        title="Every two methods of an architecture, seed by seed",
        data=[_data(one) for one in pairs] or [{"architecture": None, "note": NONE}],
        header=HEADER,
        rows=[_cells(key, own) for key, own in by.items()],
        notes=[note for note in (scope, NOTE, *reach, DEPENDENCE) if note],
    )


NONE = f"no two methods share {FEWEST_SEEDS} seeds"


def _data(one):
    return {
        **vars(one),
        "smallest_p": smallest_p(one.seeds),
        "smallest_p_holm": one.least,
        "word": one.word,
    }


def _cells(key, own):
    number, first, second = key
    numbers = []
    for quantity in SHOWN:
        one = own.get(quantity)
        numbers += [write(one), write_p(one.adjusted)] if one else ["–", "–"]
    epochs = own["epochs"]
    return [
        str(number),
        f"{METHODS[first].label} – {METHODS[second].label}",
        str(epochs.seeds),
        *numbers,
        write_p(smallest_p(epochs.seeds)),
        write_p(epochs.least),
        _differ(own),
    ]


def _differ(own):
    shown = [own[quantity] for quantity in SHOWN if quantity in own]
    found = [WORDS[one.quantity] for one in shown if one.word == DIFFER]
    if found:
        return f"**{listed(found)}**"
    words = {one.word for one in shown}
    return TOO_SMALL if words == {TOO_SMALL} else NOT_SHOWN


def write(one):
    """A pair's difference with its sign."""
    scale, digits = {
        "epochs": (1, 1 if one.difference % 1 == 0.5 else 0),
        "validation_accuracy": (100, 2),
        "validation_loss": (1, 4),
    }[one.quantity]
    return signed(one.difference * scale, digits)


def reach_sentence(pairs, number):
    """Whether so many seeds can show anything, in plain words."""
    own = [o for o in pairs if (o.architecture, o.quantity) == (number, "epochs")]
    if not own:
        return ""
    seeds = sorted({one.seeds for one in own})
    least, tests = min(one.least for one in own), len(own)
    n = "–".join(str(s) for s in sorted({seeds[0], seeds[-1]}))
    if least <= ALPHA:
        return (
            f"Architecture {number}: {tests} pairs, {n} seeds each, enough to reach "
            f"p = {least:.2g} after Holm."
        )
    return (
        f"Architecture {number}: {tests} pairs, {n} seeds each can reach no smaller p "
        f"than {least:.2g} after Holm, so **no difference can be significant** at "
        f"{ALPHA:g}; that takes {pairs_needed(tests)} seeds."
    )
