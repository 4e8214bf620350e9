"""Summary and hyperparameters of an architecture, and the list of all runs."""

from reproduce import reported
from reproduce.experiment.protocol import METHODS
from reproduce.experiment.records import SPLITS

from .markdown import EM_DASH, NOT_LEGIBLE, NOT_PRINTED, NOT_STATED, Table, fraction

IN_MODELS = {
    "hidden_activation": "logistic",
    "output_activation": "softmax",
    "loss": "cross entropy",
}  # the same in every run: settings of the models, not of the protocol
UNSTATED = {
    "initial_accumulator_value": ("Initial accumulator", "Adagrad"),
    "kernel_initializer": ("Kernel initializer", "All"),
    "output_initializer": ("Output layer's initializer", "All"),
    "max_epochs": ("Limit of epochs", "All"),
    "subset": ("Examples of each split used", "All"),
}
NONE = {"output_initializer": "as the others", "subset": "all"}
WORDS = {
    "random_normal_1": "N(0, 1)",
    "random_normal_0.05": "N(0, 0.05²)",
    "glorot_uniform": "Glorot uniform",
    "he_normal": "He normal",
    "decrease": "previous − current ≤ threshold",
    "absolute": "absolute difference ≤ threshold",
}


def layers(architecture, num_classes):
    """Name, type, output width and parameters of each layer, input to output."""
    widths = [*reported.HIDDEN_UNITS[architecture], num_classes]
    names = [f"hidden_layer_{i}" for i in range(1, len(widths))] + ["output_layer"]
    before = [reported.INPUTS, *widths]
    yield "input_layer", "Flatten", reported.INPUTS, 0
    for name, inputs, units in zip(names, before, widths, strict=False):
        yield name, "Dense", units, inputs * units + units


def summary_table(architecture, records, protocol):
    """The model summary, counted from the widths in section 1.4."""
    ours = [
        {"layer": name, "type": kind, "output_shape": f"(None, {units})", "parameters": n}
        for name, kind, units, n in layers(architecture, protocol.num_classes)
    ]
    total = sum(row["parameters"] for row in ours)
    ours.append(
        {"layer": "total", "type": "", "output_shape": "", "parameters": total}
    )
    printed = [
        line
        for line in reported.SUMMARIES[architecture]
        if line.type not in ("Rescaling", "Activation")  # no parameters in them
    ]
    data = [
        {**row, "reported_parameters": line.parameters, "note": line.note}
        for row, line in zip(ours, printed, strict=True)
    ]
    return Table(
        name=f"architecture-{architecture}-summary",
        title=f"Architecture {architecture}: layers "
        f"(report, {reported.SECTIONS['tables'][str(architecture)]})",
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


def hyperparameters_table(architecture, protocol):
    """The report's table of hyperparameters beside the settings of the runs."""
    section = reported.SECTIONS["tables"][str(architecture)]
    data = [_stated(row, section, protocol) for row in reported.HYPERPARAMETERS]
    data += [_unstated(setting, protocol) for setting in UNSTATED]
    return Table(
        name=f"architecture-{architecture}-hyperparameters",
        title=f"Architecture {architecture}: hyperparameters (report, {section})",
        data=data,
        header=["Hyperparameter", "Method", "Value", "Report"],
        rows=[_setting_cells(row) for row in data],
        notes=[f"Protocol `{protocol.name}`; the same for all methods and seeds."],
    )


def _stated(row, section, protocol):
    in_text = reported.SECTIONS["hidden_units"] in row.sections
    return {
        "setting": row.setting,
        "label": row.label,
        "methods": row.methods,
        "value": _value(row.setting, protocol),
        "reported": row.printed if in_text or section in row.sections else NOT_PRINTED,
        "reported_in": " ".join(row.sections),
    }


def _unstated(setting, protocol):
    label, methods = UNSTATED[setting]
    return {
        "setting": setting,
        "label": label,
        "methods": methods,
        "value": _value(setting, protocol),
        "reported": NOT_STATED,
        "reported_in": "",
    }


def _value(setting, protocol):
    return IN_MODELS.get(setting) or getattr(protocol, setting)


def _setting_cells(row):
    value = row["value"]
    if value is None:
        text = NONE[row["setting"]]
    elif isinstance(value, str):
        text = WORDS.get(value, value)
    else:
        text = f"{value:,}" if isinstance(value, int) else f"{value:g}"
    return [row["label"], row["methods"], text, row["reported"]]


def runs_table(records):
    """One row a run, for machines."""
    data = [_run(record) for record in records]
    return Table(
        name="runs",
        title="Runs",
        data=data,
        header=["Run", "Status", "Epochs", "Validation accuracy"],
        rows=[_run_cells(record) for record in records],
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
        "status": record.status,
        "epochs": record.epochs,
        **values,
        "parameters": record.parameters,
        "setup_seconds": record.seconds.get("setup"),
        "training_seconds": record.seconds.get("training"),
        "initial_sha256": record.initial_sha256[:12],
    }


def _run_cells(record):
    accuracy = record.splits.get("validation", {}).get("accuracy")
    return [
        f"architecture {record.cell.architecture}, {METHODS[record.cell.method].label}, "
        f"seed {record.cell.seed}",
        record.status,
        f"{record.epochs:,}",
        EM_DASH if accuracy is None else fraction(accuracy),
    ]
