"""Under which settings, on which data, by which software: from the records."""

from reproduce import original
from reproduce.experiment.record import SPLITS

from .hyperparameters import NONE, WORDS
from .markdown import grid, listed, plural

PRIVATE = ("host", "user", "path", "folder", "executable", "directory")
SHORT_HASH = 12


def protocol_sentence(protocol):
    """The protocol in words."""
    output = protocol.output_initializer
    where = f", the output layer's from {WORDS.get(output, output)}" if output else ""
    kernels = WORDS.get(protocol.kernel_initializer, protocol.kernel_initializer)
    part = (
        f" Only the first {plural(protocol.subset, 'example')} of each split were used."
        if protocol.subset is not None
        else ""
    )
    criterion = WORDS.get(protocol.mode, protocol.mode).replace(
        "threshold", f"{protocol.threshold:g}"
    )
    if protocol.patience < 2:
        when = f"the first epoch with {criterion} (average training errors of "
        when += "successive epochs)"
    else:
        criterion = criterion.replace("previous", "lowest before")
        when = f"{protocol.patience} epochs in a row with {criterion} (average "
        when += "training errors)"
    return (
        f"Protocol `{protocol.name}`: kernels start from {kernels}{where}; training "
        f"ends after {when}, or after {plural(protocol.max_epochs, 'epoch')}.{part}"
    )


def data_and_protocol(records):
    """Examples in each split, and every setting of the protocol."""
    protocol = records[0].protocol
    settings = [
        [f"`{key}`", _setting(key, value)] for key, value in protocol.to_dict().items()
    ]
    return "\n\n".join(
        [
            "## Data and protocol",
            _images(protocol),
            grid(["Split", "Examples", "Report"], _examples(records)),
            "“Average training error” is the mean over an epoch's examples "
            "while the weights move; accuracies and losses in the tables are those of "
            "the final weights.",
            grid(["Setting", "Value"], settings),
        ]
    )


def _images(protocol):
    if protocol.data_sha256 is not None:
        return (
            "Images given by hand (`--data`), not the report's: 28 × 28 pixels, scaled "
            f"to [0, 1]; SHA-256 {protocol.data_sha256}."
        )
    return (
        f"Images of the digits {listed(list(map(str, original.DIGITS)))} from MNIST, "
        "28 × 28 pixels, scaled to [0, 1], the same number of each digit. The report's "
        "numbers of examples are the sums of its confusion matrices."
    )


def _setting(key, value):
    if value is None:
        return NONE.get(key, "none")
    return f"{WORDS[value]} (`{value}`)" if value in WORDS else str(value)


def _examples(records):
    rows = []
    for split in SPLITS:
        sizes = {
            sum(map(sum, r.splits[split]["confusion"])) for r in records if r.splits
        }
        ours = listed([f"{size:,}" for size in sorted(sizes)]) if sizes else "–"
        rows.append([split, ours, f"{original.EXAMPLES[split]:,}"])
    return rows


def provenance(records):
    """What the records say of the software and machine that made them."""
    found = {}
    for record in records:
        for key, value in flat(record.provenance):
            found.setdefault(key, set()).add(value)
    rows = [[key, ", ".join(sorted(values))] for key, values in sorted(found.items())]
    hours = sum(record.core_seconds for record in records) / 3600
    total = f"Processor time of all runs together: {hours:.2f} core hours."
    table = grid(["What", "Value"], rows) if rows else "The records name none."
    return f"## Provenance\n\n{table}\n\n{total}"


def flat(values, prefix=""):
    """Pairs of dotted key and text; nothing that tells whose machine it was."""
    for key, value in values.items():
        name = f"{prefix}{key}"
        if any(word in str(key).lower() for word in PRIVATE):
            continue
        if isinstance(value, dict):
            yield from flat(value, f"{name}.")
        elif not str(value).startswith("/"):
            yield name, _short("unknown" if value is None else str(value))


def _short(text):
    is_hash = len(text) >= 40 and all(c in "0123456789abcdef" for c in text)
    return text[:SHORT_HASH] if is_hash else text.replace("|", "\\|").replace("\n", " ")
