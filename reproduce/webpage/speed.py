"""The engine's speed, where it was measured: the page of `make bench`."""

from reproduce.report.markdown import NOT_RUN

from . import chapters
from .markup import element, markdown


def section(folder, files):
    """`bench/bench.md` of the output folder, or how to make it."""
    path = folder / "bench" / "bench.md"
    if not path.is_file():
        return element("p", f"{NOT_RUN.capitalize()}: `make bench` measures it.")
    figure = folder / "bench" / "bench.png"
    extra = {"bench/bench.png": figure.read_bytes()} if figure.is_file() else {}
    image = "![Time an update](bench/bench.png)\n\n" if extra else ""
    bench = chapters.read(path.read_text(encoding="utf-8"))
    return markdown(f"{image}{bench.body}", {**files, **extra})
