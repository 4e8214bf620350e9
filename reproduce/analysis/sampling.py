"""Which of many runs are drawn, and which one stands for them all."""

RUNS_DRAWN = 51  # of a cell, at most; an odd number, so that one is the median


def median_run(records):
    """The run whose epochs are the median (the lower one of two); None of none.

    A run that the criterion did not end comes last.
    """
    ordered = sorted(records, key=_length)
    return ordered[(len(ordered) - 1) // 2] if ordered else None


def drawn_runs(records):
    """The runs that are drawn, see `spread_out`; the median one is among them."""
    return spread_out(records, _length)


def spread_out(values, key=None):
    """All of them, or where they are many `RUNS_DRAWN`, from the least to the most.

    These are evenly spaced in their order, the first, median and last among them.
    """
    if len(values) <= RUNS_DRAWN:
        return values
    ordered, last = sorted(values, key=key), RUNS_DRAWN - 1
    return [ordered[i * (len(ordered) - 1) // last] for i in range(RUNS_DRAWN)]


def most_drawn(samples):
    """How many stand for a sample, where one has more values than that; else None."""
    return RUNS_DRAWN if max(map(len, samples), default=0) > RUNS_DRAWN else None


def _length(run):
    return not run.stopped, run.epochs, run.cell.seed
