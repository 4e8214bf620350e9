"""Where the published results are: in the checkout, or installed with the package."""

from pathlib import Path

_PLACES = (
    Path(__file__).resolve().parents[1] / "results" / "reference",
    Path(__file__).resolve().with_name("reference"),
)
PUBLISHED = next((folder for folder in _PLACES if folder.is_dir()), _PLACES[0])
