"""Summary of an architecture's layers, and the list of all runs."""

from reproduce import original
from reproduce.experiment.record import SPLITS

from .markdown import NOT_LEGIBLE, Table


def layers(architecture, num_classes):
    """Name, type, output width and parameters of each layer, input to output."""
    widths = [*original.HIDDEN_UNITS[architecture], num_classes]
    names = [f"hidden_layer_{i}" for i in range(1, len(widths))] + ["output_layer"]
    before = [original.INPUTS, *widths]
    yield "input_layer", "Flatten", original.INPUTS, 0
    for name, inputs, units in zip(names, before, widths, strict=False):
        yield name, "Dense", units, inputs * units + units


def _lines(architecture, num_classes):
    """The layers as rows, and their sum."""
    total = 0
    for name, kind, units, parameters in layers(architecture, num_classes):
        yield _line(name, kind, f"(None, {units})", parameters)
        total += parameters
    yield _line("total", "", "", total)


def _line(name, kind, shape, parameters):
    return {
        "layer": name,
        "type": kind,
        "output_shape": shape,
        "parameters": parameters,
    }


def summary_table(architecture, records, protocol):
    """The model summary, counted from the widths in section 1.4."""
    ours = list(_lines(architecture, protocol.num_classes))
    total = ours[-1]["parameters"]
    printed = [
        line
        for line in original.SUMMARIES[architecture]
        if line.type not in ("Rescaling", "Activation")  # no parameters in them
    ]
    data = [
        {**row, "reported_parameters": line.parameters, "note": line.note}
        for row, line in zip(ours, printed, strict=True)
    ]
    return Table(
        name=f"architecture-{architecture}-summary",
        title=f"Architecture {architecture}: layers "
        f"(report, {original.SECTIONS['tables'][str(architecture)]})",
        data=data,
        header=["Layer", "Type", "Output shape", "Parameters", "Parameters, report"],
        rows=[_summary_cells(row) for row in data],
        notes=_summary_notes(data, total, records),
    )


def _summary_cells(row):
    printed = row["reported_parameters"]
    return [
        row["layer"],
        row["type"],
        row["output_shape"],
        f"{row['parameters']:,}",
        NOT_LEGIBLE if printed is None else f"{printed:,}",
    ]


def _summary_notes(data, total, records):
    notes = [f"{row['layer']}: {row['note']}." for row in data[:-1] if row["note"]]
    notes.append(
        "Before `input_layer` the pixels are scaled to [0, 1], without parameters."
    )
    for parameters in sorted({record.parameters for record in records} - {total}):
        notes.append(
            f"**The sum of the layers ({total:,}) is not what the runs' models have: "
            f"{parameters:,}.**"
        )
    return notes


def runs_table(records):
    """One row a run, for machines."""
    data = [_run(record) for record in records]
    return Table(
        name="runs",
        title="Runs",
        data=data,
        header=[],
        rows=[],
    )


def _run(record):
    cell, values = record.cell, {}
    for split in SPLITS:
        for quantity in ("loss", "accuracy"):
            values[f"{split}_{quantity}"] = record.splits.get(split, {}).get(quantity)
    return {
        "architecture": cell.architecture,
        "method": cell.method,
        "seed": cell.seed,
        "ending": record.ending,
        "epochs": record.epochs,
        **values,
        "parameters": record.parameters,
        "setup_seconds": record.seconds.get("setup"),
        "training_seconds": record.seconds.get("training"),
        "core_seconds": record.core_seconds,
        "initial_sha256": record.initial_sha256[:12],
    }
