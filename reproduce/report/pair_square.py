"""The pairs of methods of one architecture as a square, for the page."""

from reproduce.experiment.methods import METHODS

from .markdown import grid
from .pair_tables import NONE, reach_sentence, write
from .pairwise import DIFFER, SHOWN


def square(pairs, number):
    """Methods against methods: epochs above the diagonal, accuracy below.

    Each cell is the row's number less the column's; bold: shown to differ.
    """
    own = {
        (one.first, one.second, one.quantity): one
        for one in pairs
        if one.architecture == number and one.quantity in SHOWN
    }
    if not own:
        return f"No comparison: {NONE} here."
    there = [m for m in METHODS if any(m in key[:2] for key in own)]
    rows = [[METHODS[row].label, *(_at(own, row, c) for c in there)] for row in there]
    note = (
        "Row less column, median over the shared seeds: above the diagonal epochs, "
        "below it validation accuracy in percentage points; bold where shown to differ."
    )
    table = grid(["", *(METHODS[m].label for m in there)], rows)
    return f"{table}\n\n{note} {reach_sentence(pairs, number)}"


def _at(own, row, column):
    order = list(METHODS)
    if row == column:
        return ""
    above = order.index(row) < order.index(column)
    key = (row, column, "epochs") if above else (column, row, "validation_accuracy")
    one = own.get(key)
    if one is None:
        return "–"
    text = write(one) if above else _turned(write(one))
    return f"**{text}**" if one.word == DIFFER else text


def _turned(text):
    """The difference the other way round."""
    return text.translate(str.maketrans("+−", "−+"))
