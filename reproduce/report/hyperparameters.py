"""The report's table of hyperparameters (1.5.1), with what it leaves unsaid."""

from reproduce import original

from .markdown import NOT_PRINTED, NOT_STATED, Table

IN_MODELS = {
    "hidden_activation": "logistic",
    "output_activation": "softmax",
    "loss": "cross entropy",
}  # the same in every run: settings of the models, not of the protocol
UNSTATED = {
    "initial_accumulator_value": ("Initial accumulator", "Adagrad"),
    "kernel_initializer": ("Kernel initializer", "All"),
    "output_initializer": ("Output layer's initializer", "All"),
    "scaling": ("Scaling of the pixels", "All"),
    "patience": ("Epochs in a row that must meet the criterion", "All"),
    "max_epochs": ("Limit of epochs", "All"),
    "subset": ("Examples of each split used", "All"),
    "monitor": ("Error the criterion watches", "All"),
    "batch_size": ("Examples an update", "All"),
    "evaluate_epochs": ("Evaluated after each epoch", "All"),
    "trace_updates": ("Updates traced, of epochs 1, 10 and the last", "All"),
    "data_sha256": ("Data, by SHA-256", "All"),
    "num_examples": ("Training examples", "All"),
}
NONE = {
    "output_initializer": "as the others",
    "subset": "all",
    "batch_size": "one, or all in batch GD",
    "data_sha256": "the embedded digits",
    "num_examples": f"{original.EXAMPLES['train']:,}",
}
WORDS = {
    "random_normal_1": "N(0, 1)",
    "random_normal_0.05": "N(0, 0.05²)",
    "glorot_uniform": "Glorot uniform",
    "he_normal": "He normal",
    "decrease": "previous − current ≤ threshold",
    "loss": "mean while the weights move",
    "evaluated_loss": "evaluated after the epoch",
    "global": "0 to 255 for all",
    "per_pixel": "each pixel's own extremes",
    "absolute": "absolute difference ≤ threshold",
}


def hyperparameters_table(architecture, protocol):
    """The report's table of hyperparameters beside the settings of the runs."""
    section = original.SECTIONS["tables"][str(architecture)]
    data = [_stated(row, section, protocol) for row in original.HYPERPARAMETERS]
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
    in_text = original.SECTIONS["hidden_units"] in row.sections
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
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, str):
        text = WORDS.get(value, value)
    else:
        text = f"{value:,}" if isinstance(value, int) else f"{value:g}"
    return [row["label"], row["methods"], text, row["reported"]]
