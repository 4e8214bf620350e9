"""Each method's colour as CSS, from the one table of methods."""

from reproduce.experiment.methods import METHODS


def method_colours():
    """A class a method; the style sheet darkens or lightens it to the ground."""
    return "".join(
        f".m-{key} {{ --own: {method.colour}; }}\n" for key, method in METHODS.items()
    )
