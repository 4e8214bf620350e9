"""Whether a claim about several architectures holds on each, and why not."""

from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import ARCHITECTURES

from .markdown import listed
from .paired import ALPHA, holm, middle, sign_flip, smallest_p
from .verdicts import FEWEST_SEEDS


def together(gains, margin):
    """Whether the two are within the margin on every architecture, and the reason."""
    by = {a: own.to_numpy() for a, own in gains.groupby(level="architecture")}
    if abs(middle(gains)) > margin:
        return False, "The median difference is beyond the limit of effect."
    beyond = [a for a, own in by.items() if abs(middle(own)) > margin]
    if beyond:
        return None, (
            "The median difference is within the limit of effect, but not on "
            f"architecture {names(beyond)}."
        )
    short = [a for a in ARCHITECTURES if len(by.get(a, ())) < FEWEST_SEEDS]
    if short:
        return None, (
            "The median difference is within the limit of effect, but it needs "
            f"{FEWEST_SEEDS} seeds on architecture {names(short)}."
        )
    return True, "The median difference is within the limit on every architecture."


def direction(gains, least, architectures):
    """Whether the claim holds on every architecture, and the reason."""
    by = {a: own.to_numpy() for a, own in gains.groupby(level="architecture")}
    against = [a for a, own in by.items() if middle(own) <= 0]
    if len(against) == len(by):
        return False, f"It holds on no architecture (run: {names(against)})."
    if against:
        return _against(by, against)
    short = [a for a in architectures if len(by.get(a, ())) < FEWEST_SEEDS]
    if short:
        return None, f"Needs {FEWEST_SEEDS} seeds on architecture {names(short)}."
    if middle(gains) < least:
        return None, "The effect is below the limit of effect."
    return True, f"It holds on architecture {names(by)}."


def _against(by, against):
    """What to say where it holds on some architectures and not on others."""
    adjusted = holm([sign_flip(own).p for own in by.values()])
    sure = [a for a, p in zip(by, adjusted, strict=True) if a in against and p <= ALPHA]
    if sure:
        return False, f"Not so on architecture {names(sure)}."
    least = min(1.0, smallest_p(len(by[against[0]])) * len(by))
    where = (
        f"It holds on {len(by) - len(against)} of {len(by)} architectures; on "
        f"{names(against)} the median is against it, but "
    )
    return None, where + (
        f"its seeds can reach no smaller p than {least:.2g} after Holm over the "
        "architectures."
        if least > ALPHA
        else "not significantly."
    )


def unseen(frame, rivals, architectures):
    """Rivals without enough runs, in a sentence; else nothing."""
    seeds = frame.groupby(["method", "architecture"])["seed"].nunique()
    few = {
        METHODS[method].label: [
            a for a in architectures if seeds.get((method, a), 0) < FEWEST_SEEDS
        ]
        for method in rivals
    }
    places = [f"{label} ({names(those)})" for label, those in few.items() if those]
    if not places:
        return ""
    return f" Compared with fewer than {FEWEST_SEEDS} seeds of {listed(places)}."


def names(architectures):
    """`1, 2 and 3`."""
    return listed([str(a) for a in architectures])
