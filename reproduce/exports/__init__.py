"""Models and records in the formats of other tools.

A format is one row of `FORMATS`; what it needs is imported when it is asked for.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from reproduce.experiment.store import BEST_MODEL

__all__ = ["FORMATS", "export"]


@dataclass(frozen=True)
class Format:
    """What can be written.

    Attributes:
        name: of what is written, unless another place is named: a suffix of the
            model's file, or a file or folder in the output folder.
        module: in this package; its `write(source, target)` returns lines to print.
        of_model: whether its source is a `.keras` file, not an output folder.
    """

    name: str
    module: str
    of_model: bool


FORMATS = {
    "onnx": Format(".onnx", "onnx_file", True),
    "litert": Format(".tflite", "litert_file", True),
    "csv": Format("history.csv", "csv_file", False),
    "tensorboard": Format("tensorboard", "event_files", False),
}


def export(name, folder, model=None, to=None):
    """Write a model or an output folder's records in another format.

    Args:
        name: key of `FORMATS`.
        folder: an output folder.
        model: a `.keras` file; None: the folder's best model.
        to: where to; None: beside the model, or in the folder.

    Returns:
        Lines that say what was written.

    Raises:
        ExportError: a package is missing, the model cannot be expressed in that
            format, or the result does not say what the model says.
        ModelFileError: the model cannot be loaded.
        UserError: there are no records.
    """
    form = FORMATS[name]
    write = import_module(f".{form.module}", __package__).write
    if not form.of_model:
        return write(Path(folder), Path(to or Path(folder) / form.name))
    source = Path(model or Path(folder) / BEST_MODEL)
    return write(source, Path(to or source.with_suffix(form.name)))
