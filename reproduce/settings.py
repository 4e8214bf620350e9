"""The protocol's settings as flags, and the protocol that flags ask for."""

from reproduce.arguments import choice, count, fraction, non_negative, positive
from reproduce.experiment.candidates import NAMED
from reproduce.experiment.protocol import CHOICES, PROTOCOLS

REPORT = PROTOCOLS["report"]
FLAGS = {
    "learning_rate": (positive, "η of every method"),
    "batch_size": (count, "examples an update"),
    "momentum": (fraction, "α of momentum and NAG"),
    "rho": (fraction, "β of RMSProp"),
    "beta_1": (fraction, "of Adam"),
    "beta_2": (fraction, "of Adam"),
    "epsilon": (positive, "of AdaGrad, RMSProp and Adam, inside the root"),
    "initial_accumulator_value": (non_negative, "AdaGrad's v at the start"),
    "kernel_initializer": (None, "initial weights"),
    "output_initializer": (None, "those of the output layer"),
    "num_classes": (None, "output units"),
    "threshold": (non_negative, "of the convergence criterion"),
    "mode": (None, "the criterion's difference, with its sign or without"),
    "monitor": (None, "the error that it watches"),
}  # setting to the converter of its flag (None: one of `CHOICES`) and its help
DEFAULTS = {"batch_size": "one; batch GD: all", "output_initializer": "as the others"}
LIMITS = ("max_epochs", "subset")


def add_settings(verb):
    """The named protocols, and a flag for each setting."""
    group = verb.add_argument_group(
        "settings", "Other than the report's, they need an output folder of their own."
    )
    group.add_argument(
        "--protocol",
        type=choice("protocol", NAMED),
        default=REPORT,
        metavar="NAME",
        help=f"where to start from: {', '.join(NAMED)} (default: report)",
    )
    for setting, (convert, words) in FLAGS.items():
        options = {str(value): value for value in CHOICES.get(setting, ())}
        of = f": {', '.join(options)}" if options else ""
        default = DEFAULTS.get(setting, getattr(REPORT, setting))
        group.add_argument(
            _flag(setting),
            dest=setting,
            type=convert or choice(_flag(setting)[2:], options),
            metavar="NUMBER" if convert else "NAME",
            help=f"{words}{of} (default: {default})",
        )
    group.add_argument(
        "--evaluate-epochs",
        action="store_true",
        default=None,
        help="record error and validation accuracy after each epoch as well",
    )


def limited(protocol, arguments):
    """The protocol with the limits to the length of runs that were given."""
    return protocol.changed(**_given(arguments, LIMITS))


def asked(arguments, **data):
    """The protocol that the flags ask for.

    Args:
        arguments: of a verb that has `add_settings`.
        data: the settings that tell other data, if there is any.
    """
    settings = _given(arguments, (*FLAGS, "evaluate_epochs", *LIMITS))
    if settings.get("monitor") == "evaluated_loss":
        settings["evaluate_epochs"] = True
    return arguments.protocol.changed(**settings, **data)


def _flag(setting):
    name = "initializer" if setting == "kernel_initializer" else setting
    return f"--{name.replace('_', '-')}"


def _given(arguments, names):
    values = {name: vars(arguments).get(name) for name in names}
    return {name: value for name, value in values.items() if value is not None}
