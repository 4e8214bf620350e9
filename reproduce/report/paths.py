"""What `python -m reproduce paths` left in a folder, in words and for the figure."""

import json

from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Protocol

from .markdown import listed

FILE, ANIMATION = "paths/paths.json", "paths/paths.gif"
FIGURE = "figures/paths.png"
TITLE = "Where the methods go"


def read_paths(folder, protocol):
    """The content of `paths.json`; None if there is none of that protocol.

    A file that cannot be read counts as none.
    """
    try:
        found = json.loads((folder / FILE).read_bytes())
        same = Protocol.from_dict(found["protocol"]) == protocol
        return found if same and len(found["paths"]) > 1 else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def section(found):
    """The report's words; empty without paths."""
    if found is None:
        return ""
    shares = [f"{METHODS[m].label} {one:.0%}" for m, one in found["shares"].items()]
    where = f"architecture {found['architecture']}, seed {found['seed']}"
    return "\n\n".join(
        [
            f"## {TITLE}",
            f"All methods begin with the same weights ({where}). The plane goes "
            "through them along the two principal components of the paths, each path "
            "weighted by about its length. It explains "
            f"{found['share']:.0%} of the weighted squared distances from there; of "
            f"each method's own, {listed(shares)}. Shade and contours are the loss in "
            f"the plane, on the first {found['examples']:,} training images. The paths "
            "themselves leave the plane, so their own errors, listed beside it, are "
            "not those of the ground below them.",
            f"![Paths of the methods on a plane of the loss surface]({FIGURE})",
            f"[The same, epoch after epoch]({ANIMATION}) (animated); "
            f"[coordinates and losses]({FILE}).",
        ]
    )
