"""An optimizer's rule for one variable, on tensors that stand in for it."""

from contextlib import contextmanager

import tensorflow as tf


class Rule:
    """The optimizer's own `update_step`, handed parts of one kernel.

    Args:
        optimizer: built.
        kernel: the `keras.Variable`, (num_pixels, units), that the parts are of.
    """

    def __init__(self, optimizer, kernel):
        self.optimizer = optimizer
        self.kernel = kernel.value
        self.index = optimizer._get_variable_index(kernel)
        self.slots = self._find_slots()

    @property
    def variables(self):
        """The kernel, then the optimizer's states of it."""
        return [self.kernel, *(slot.value for slot in self.slots.values())]

    def tensors(self):
        """What the variables hold."""
        return [variable.read_value() for variable in self.variables]

    def updated(self, parts, gradient):
        """The same parts of all variables after one update."""
        with self.on(parts) as values:
            rate = self.optimizer.learning_rate
            self.optimizer.update_step(gradient, self.kernel, rate)
        return values

    def idled(self, parts, num_steps):
        """The same parts after updates without gradient, by `idle_steps`."""
        with self.on(parts) as values:
            self.optimizer.idle_steps(self.kernel, tf.cast(num_steps, tf.float32))
        return values

    @contextmanager
    def on(self, parts):
        """Have the optimizer read and assign `parts`, not its variables."""
        values = list(parts)
        places = {id(part): place for place, part in enumerate(parts)}
        places[id(self.kernel)] = 0

        def assign(variable, value):
            values[places[id(variable)]] = value

        def assign_add(variable, value):
            assign(variable, values[places[id(variable)]] + value)

        stand_ins = {
            "assign": assign,
            "assign_add": assign_add,
            "assign_sub": lambda variable, value: assign_add(variable, -value),
            **{
                name: {self.index: part}
                for name, part in zip(self.slots, parts[1:], strict=True)
            },
        }
        own = {name: vars(self.optimizer).get(name) for name in stand_ins}
        try:
            for name, stand_in in stand_ins.items():
                object.__setattr__(self.optimizer, name, stand_in)
            yield values
        finally:
            for name, value in own.items():
                if value is None:
                    object.__delattr__(self.optimizer, name)
                else:
                    object.__setattr__(self.optimizer, name, value)

    def _find_slots(self):
        """Attribute name to state variable, for the states kept of the kernel."""
        lists = ((k, v) for k, v in vars(self.optimizer).items() if isinstance(v, list))
        return {
            name: states[self.index]
            for name, states in lists
            if name != "_trainable_variables"
            and len(states) == len(self.optimizer._trainable_variables)
            and states[self.index].shape == self.kernel.shape
        }
