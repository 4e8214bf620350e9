"""What the flags of `run` and `sweep` ask for: methods, protocol, data."""

import os
import sys
from dataclasses import dataclass

from reproduce.errors import OtherProtocol, UserError
from reproduce.experiment.environment import environment
from reproduce.experiment.fingerprint import differences
from reproduce.experiment.own import find_from_here, method_key
from reproduce.experiment.protocol import METHODS, Protocol
from reproduce.experiment.records import Store
from reproduce.experiment.sweep import without_rate
from reproduce.predict.quiet import quiet_keras
from reproduce.settings import asked


@dataclass(frozen=True)
class Request:
    """A checked request.

    Attributes:
        methods: keys of the methods to train.
        protocol: under which settings.
        data: `Digits` other than the embedded ones, or None.
    """

    methods: tuple
    protocol: Protocol
    data: object = None

    def prepare(self, cells, folder):
        """Find what is wrong before the training, and put other data in its place.

        Raises:
            OtherProtocol: the folder has records made under other settings.
            MethodError: an optimizer that is still to train with does not work.
        """
        store = Store(folder)
        for record in store.load():
            if record.protocol != self.protocol:
                theirs, ours = record.protocol.to_dict(), self.protocol.to_dict()
                raise OtherProtocol.at(folder, differences(theirs, ours), folder)
        todo = [cell.method for cell in cells if not store.path(cell).exists()]
        todo = {*todo, *(without_rate(method)[0] for method in todo)}
        others = [m for m in self.methods if m not in METHODS and m in todo]
        _try_out(others, self.protocol)
        if self.data is not None:
            from reproduce.data.source import store as store_data

            store_data(self.data, store.data_path)


def request(arguments):
    """The request that flags make.

    Raises:
        UserError: an optimizer is not there, or the data cannot be used.
    """
    data, told = None, {}
    if arguments.data is not None:
        data, told = _read(arguments.data)
    protocol = asked(arguments, **told)
    if data and protocol.num_classes != 10:
        raise UserError("--num-classes 5 is for the embedded digits; leave it out")
    return Request(_methods(arguments), protocol, data)


def _methods(arguments):
    chosen = arguments.methods
    if chosen is None:
        chosen = () if arguments.optimizers else METHODS
    if not arguments.optimizers:
        return tuple(chosen)
    find_from_here()
    others = [method_key(*asked_for) for asked_for in arguments.optimizers]
    return tuple(dict.fromkeys((*chosen, *others)))


def _try_out(methods, protocol):
    if methods:
        os.environ.update(environment(protocol))
        quiet_keras()
        from reproduce.experiment.trial import try_out

        for method in methods:
            try_out(method, protocol)


def _read(path):
    from reproduce.data.source import is_embedded, read_data

    data = read_data(path)
    if is_embedded(data):
        print(f"{path}: the embedded digits themselves", file=sys.stderr)
        return None, {}
    sizes = {"train": data.train, "validation": data.validation, "test": data.test}
    counts = ", ".join(f"{len(own.labels):,} {name}" for name, own in sizes.items())
    digits = ", ".join(map(str, data.classes))
    print(f"{path}: digits {digits}; {counts}", file=sys.stderr)
    told = {"data_sha256": data.sha256, "num_examples": len(data.train.labels)}
    return data, told
