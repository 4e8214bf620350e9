"""One cell for whoever calls from Python: checked, trained and read back."""

import tempfile
from argparse import ArgumentTypeError, Namespace

from .cli import LIMITS, SETTINGS, asked_protocol, whole
from .errors import UserError, meant, visible
from .experiment.methods import METHODS, method_key
from .experiment.protocol import ARCHITECTURES, CHOICES, Cell
from .experiment.record import MOST_SEED
from .experiment.store import Store
from .experiment.studies import REPORT
from .training.pool import SERVING, Child

CONVERTERS = {name: convert for name, (convert, _) in SETTINGS.items()}
CONVERTERS |= dict.fromkeys(LIMITS, whole)  # setting to what its flag makes of a text
SWITCHES = ("evaluate_epochs",)


def train_single(architecture, optimizer, seed, out, settings):
    """See `reproduce.run`."""
    if SERVING.is_set():
        raise UserError(
            "reproduce.run is called where the optimizer is defined, which the process "
            'that trains imports: put the call under `if __name__ == "__main__":`'
        )
    protocol = _protocol(settings)
    cell = _cell(architecture, _method(optimizer, protocol), seed)
    with tempfile.TemporaryDirectory() as scratch:
        store = Store(scratch if out is None else out)
        with store.held(protocol.to_dict()):
            store.check(protocol)
            event = _train(cell, protocol, store.folder)
        if "traceback" in event:
            raise RuntimeError(event["traceback"])
        if event["event"] == "failed":
            raise UserError(event["message"])
        return store.read(cell)


def _protocol(settings):
    changed = {name: value for name, value in settings.items() if value is not None}
    checked = {name: _setting(name, value) for name, value in changed.items()}
    return asked_protocol(Namespace(protocol=REPORT, **checked))


def _setting(name, value):
    """A setting's value, checked as that of its flag."""
    if name not in (*CONVERTERS, *SWITCHES):
        names = [*CONVERTERS, *SWITCHES]
        hint = meant(name, names, otherwise=f"; one of {', '.join(names)}")
        raise UserError(f"{name}: no setting of a run{hint}")
    convert = CONVERTERS.get(name)
    if convert is None:
        choices = CHOICES.get(name, (True, False))
        if value not in choices:
            words = ", ".join(map(repr, choices))
            raise UserError(f"{name}: {value!r}; expected one of {words}")
        return choices[choices.index(value)]
    try:
        return convert(str(value))
    except ArgumentTypeError as error:
        raise UserError(f"{name}: {error}") from None


def _method(optimizer, protocol):
    if isinstance(optimizer, str):
        return method_key(optimizer, {})
    from keras.optimizers import Optimizer

    from .training.optimizer import key_of_optimizer

    if not isinstance(optimizer, Optimizer):
        raise UserError(
            f"optimizer: {visible(repr(optimizer))}; expected a method's key, as "
            '"adam", or an optimizer, as keras.optimizers.Lion()'
        )
    return key_of_optimizer(optimizer, protocol)


def _cell(architecture, method, seed):
    if type(architecture) is not int or architecture not in ARCHITECTURES:
        words = ", ".join(map(str, ARCHITECTURES))
        raise UserError(f"architecture: {architecture!r}; expected one of {words}")
    if type(seed) is not int or not 0 <= seed <= MOST_SEED:
        raise UserError(
            f"seed: {seed!r}; expected a whole number from 0 to {MOST_SEED}"
        )
    return Cell(architecture, method, seed)


def _train(cell, protocol, folder):
    """How it ended: the last event of the child."""
    child = Child(trial=cell.method not in METHODS)
    try:
        return child.run(cell, protocol, folder, lambda event: None)
    finally:
        child.stop()
