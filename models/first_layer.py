"""Updates that leave the first layer's rows of blank pixels alone.

A zero pixel gives its row of weights a gradient of exactly zero. An optimizer
with `idle_steps` knows what many such updates do to a row without making them one by
one, so the row can wait until its pixel is inked again: 144 rows an image instead of
784. One that `rests_at_zero` never moves the rows of pixels that are blank in every
image; that is what is left where rows cannot wait.
The update rule itself is the optimizer's own `update_step`, handed single rows.

    InkedPixels   which pixels of each image are not zero
    Rule          an optimizer's rule for one kernel, on parts of it
    RowUpdates    that rule on the rows that one image inks
    *Step         one update: DenseStep of all rows, RowStep of one image's,
                  EverInkedStep of those that any image inks
"""

from contextlib import contextmanager

import keras
import numpy as np
import tensorflow as tf
from keras.optimizers.schedules import LearningRateSchedule
from tensorflow.compiler.tf2xla.python import xla


class InkedPixels:
    """Which pixels of each image are not zero.

    Args:
        images: uint8, (num_images, 28, 28).

    Attributes:
        places: int32, (num_images, most), positions of the inked pixels.
        values: uint8, (num_images, most), the pixels at `places`; 0 past `counts`.
        counts: int32, (num_images,).
        ever: int32, positions of the pixels that are inked in any image.
        compact: uint8, (num_images, size of `ever`), the pixels at `ever`.
    """

    def __init__(self, images):
        flat = np.asarray(images, np.uint8).reshape(len(images), -1)
        counts = np.count_nonzero(flat, axis=1)
        places = np.argsort(flat == 0, axis=1, kind="stable")[:, : counts.max()]
        self.num_pixels = flat.shape[1]
        self.ever = np.flatnonzero(flat.any(axis=0)).astype(np.int32)
        self.compact = tf.Variable(flat[:, self.ever], trainable=False)
        self.places = tf.Variable(places.astype(np.int32), trainable=False)
        self.values = tf.Variable(np.take_along_axis(flat, places, 1), trainable=False)
        self.counts = tf.Variable(counts.astype(np.int32), trainable=False)

    def of(self, index):
        """places, values and count of one image."""
        parts = (self.places, self.values, self.counts)
        return tuple(tf.gather(part, index) for part in parts)


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
        saved = {name: vars(self.optimizer).get(name) for name in stand_ins}
        try:
            for name, stand_in in stand_ins.items():
                object.__setattr__(self.optimizer, name, stand_in)
            yield values
        finally:
            for name, value in saved.items():
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


class RowUpdates:
    """The optimizer's rule on single rows of one kernel.

    What a row's wait did to it is computed wherever the row is read, and stored with
    the next update; if the optimizer says that `idling_is_work`, it is computed once,
    and stored before the row is read.

    Args:
        optimizer: built, with an `idle_steps` method.
        kernel: the `keras.Variable`, (num_pixels, units), whose rows these are.
    """

    def __init__(self, optimizer, kernel):
        self.rule = Rule(optimizer, kernel)
        self.idles = self._idling_matters()
        self.keeps = getattr(optimizer, "idling_is_work", False)

    def forward(self, inked, idle):
        """Sum of the inked rows, each times its pixel: (1, units)."""
        if self.keeps:
            self._replace(inked, lambda rows, k: self.rule.idled(rows, idle[k]))
        places, values, count = inked
        tensors = self.rule.tensors()

        def add(k, total):
            rows = [_row(tensor, places[k]) for tensor in tensors]
            return k + 1, total + values[k] * self._idled(rows, idle[k])[0]

        start = tf.zeros((1, self.rule.kernel.shape[1]))
        return tf.while_loop(lambda k, _: k < count, add, (0, start))[1]

    def backward(self, inked, idle, gradient):
        """One update of the inked rows, given the gradient at the first layer."""
        _, values, _ = inked

        def updated(rows, k):
            rows = self._idled(rows, idle[k])
            return self.rule.updated(rows, values[k] * gradient)

        self._replace(inked, updated)

    def _replace(self, inked, function):
        """Put `function(rows, k)` where the rows of the k-th inked pixel stand."""
        places, _, count = inked
        tensors = self.rule.tensors()

        def change(k, *current):
            current, place = list(current), places[k]
            # The weights first: their rule reads the states as they were.
            for which in range(len(current)):
                rows = [_row(tensor, place) for tensor in current]
                row, at = function(rows, k)[which], tf.stack([place, 0])
                current[which] = xla.dynamic_update_slice(current[which], row, at)
                place = place + _nothing_after(_row(current[which], place))
            return k + 1, *current

        changed = tf.while_loop(lambda k, *_: k < count, change, (0, *tensors))[1:]
        for target, value in zip(self.rule.variables, changed, strict=True):
            target.assign(value)

    def catch_up(self, idle):
        """Bring every row up to date; idle: updates each has missed, (num_pixels,)."""
        if self.idles:
            values = self.rule.idled(self.rule.tensors(), idle[:, None])
            for target, value in zip(self.rule.variables, values, strict=True):
                target.assign(value)

    def _idled(self, rows, num_steps):
        waiting = self.idles and not self.keeps
        return self.rule.idled(rows, num_steps) if waiting else rows

    def _idling_matters(self):
        rows = [tf.zeros((1, 1)) for _ in self.rule.variables]
        values = self.rule.idled(rows, 1)
        return any(new is not old for new, old in zip(values, rows, strict=True))


def _row(tensor, place):
    return xla.dynamic_slice(tensor, tf.stack([place, 0]), [1, tensor.shape[1]])


def _nothing_after(row):
    """An integer 0 that XLA cannot know before `row`, nor knows to be 0.

    Added to a place, it is an order of reading and writing that XLA can see; without
    one it would copy the states, all rows of them.
    """
    return tf.clip_by_value(tf.bitcast(row[0, 0], tf.int32), 0, 0)


class DenseStep:
    """Keras's own training step, on examples that the model holds.

    Args:
        model: a compiled `OnlineSequential` that holds its examples.
    """

    def __init__(self, model):
        self.model = model

    def start(self):
        """What goes from one update to the next besides the variables."""
        return ()

    def __call__(self, update, examples, carried):
        """Update from `examples`, indices; return loss sum, hits and `carried`."""
        model = self.model
        images = tf.cast(tf.gather(model.images, examples), tf.float32)
        labels = tf.gather(model.labels, examples)
        with tf.GradientTape() as tape:
            outputs = model(images, training=True)
            loss = model.compute_loss(images, labels, outputs)
            scaled = model.optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, model.trainable_variables)
        gradients = after(gradients[1], gradients)
        model.optimizer.apply(gradients, model.trainable_variables)
        count = tf.cast(tf.size(examples), tf.float32)
        return loss * count, hits(labels, outputs), carried

    def finish(self, num_updates, carried):
        """After the last update of the epoch."""


class FirstLayerApart:
    """An update whose first layer is left to the subclass.

    The tape starts at the first layer's weighted sum; by the chain rule a row of
    its kernel has the gradient at that sum times the row's pixel. All other
    variables are updated by `optimizer.apply`, as always.

    Args:
        model: as for `DenseStep`; scaling, flattening and a Dense layer first.
    """

    def __init__(self, model):
        self.model = model
        self.scaling, _, self.first, *self.rest = model.layers
        self.other_variables = [
            variable
            for variable in model.trainable_variables
            if variable is not self.first.kernel
        ]

    def above(self, summed, labels):
        """Loss, outputs, gradient at `summed`, gradients of the other variables."""
        with tf.GradientTape() as tape:
            tape.watch(summed)
            outputs = self.first.activation(summed + self.first.bias)
            for layer in self.rest:
                outputs = layer(outputs, training=True)
            loss = self.model.compute_loss(None, labels, outputs)
        gradient, *gradients = tape.gradient(loss, [summed, *self.other_variables])
        return loss, outputs, gradient, after(gradient, gradients)


class RowStep(FirstLayerApart):
    """One example's update that leaves the rows of its blank pixels for later."""

    def __init__(self, model):
        super().__init__(model)
        self.rows = RowUpdates(model.optimizer, self.first.kernel)

    def start(self):
        """The number of updates each row of the first kernel is up to date with."""
        if not self.rows.idles:
            return ()
        return tf.zeros((self.model.inked.num_pixels,), tf.int32)

    def __call__(self, update, examples, carried):
        example = examples[0]
        places, pixels, count = self.model.inked.of(example)
        values = self.scaling(tf.cast(pixels, tf.float32))
        inked = places, values, count
        idle = update - tf.gather(carried, places) if self.rows.idles else places
        labels = tf.gather(self.model.labels, examples)
        summed = self.rows.forward(inked, idle)
        loss, outputs, gradient, gradients = self.above(summed, labels)
        self.rows.backward(inked, idle, gradient)
        self.model.optimizer.apply(gradients, self.other_variables)
        if self.rows.idles:
            image = tf.reshape(tf.gather(self.model.images, example), (-1,))
            carried = tf.where(image > 0, update + 1, carried)
        return loss, hits(labels, outputs), carried

    def finish(self, num_updates, carried):
        if self.rows.idles:
            self.rows.catch_up(num_updates - carried)


class EverInkedStep(FirstLayerApart):
    """An update without the rows of pixels that are blank in every image.

    Their gradients have always been zero; an optimizer that `rests_at_zero` has
    never moved them. The other rows go from update to update in one piece.
    """

    def __init__(self, model):
        super().__init__(model)
        self.rule = Rule(model.optimizer, self.first.kernel)

    def start(self):
        """The rows of kernel and states whose pixel is inked in any image."""
        ever = self.model.inked.ever
        return tuple(tf.gather(tensor, ever) for tensor in self.rule.tensors())

    def __call__(self, update, examples, carried):
        pixels = tf.gather(self.model.inked.compact, examples)
        values = self.scaling(tf.cast(pixels, tf.float32))
        labels = tf.gather(self.model.labels, examples)
        summed = tf.matmul(values, carried[0])
        loss, outputs, gradient, gradients = self.above(summed, labels)
        gradient = tf.matmul(values, gradient, transpose_a=True)
        carried = tuple(self.rule.updated(carried, gradient))
        self.model.optimizer.apply(gradients, self.other_variables)
        count = tf.cast(tf.size(examples), tf.float32)
        return loss * count, hits(labels, outputs), carried

    def finish(self, num_updates, carried):
        places = self.model.inked.ever[:, None]
        for target, rows in zip(self.rule.variables, carried, strict=True):
            target.assign(tf.tensor_scatter_nd_update(target, places, rows))


def hits(labels, outputs):
    """How many outputs are largest at their label."""
    best = tf.argmax(outputs, axis=-1, output_type=labels.dtype)
    return tf.reduce_sum(tf.cast(best == labels, tf.float32))


def after(last, gradients):
    """The gradients, in an order that XLA can see: none before the `last`.

    Backpropagation reads the kernels and ends at the first layer. If XLA cannot
    tell that an update comes after that, it copies the kernel; adding nothing
    that comes from `last` tells it.
    """
    nothing = 0.0 * tf.reshape(last, (-1,))[0]
    return [gradient + nothing for gradient in gradients]


def rows_are_apart(model):
    """Whether nothing but its own pixel gives a row of weights a gradient."""
    return (
        [type(layer) for layer in model.layers[:3]] == _FROM_PIXELS
        and model.layers[0].offset == 0
        and model.layers[2].kernel.constraint is None
        and not model.losses  # regularizers reach every row
        and not any(getattr(model.optimizer, name) for name in _NEED_WHOLE_GRADIENT)
    )


def rows_can_wait(optimizer):
    """Whether it knows what updates without gradient do to a row, with its rate."""
    is_constant = not isinstance(optimizer._learning_rate, LearningRateSchedule)
    return hasattr(optimizer, "idle_steps") and (
        is_constant or not getattr(optimizer, "idles_at_one_rate", False)
    )


_FROM_PIXELS = [keras.layers.Rescaling, keras.layers.Flatten, keras.layers.Dense]
_NEED_WHOLE_GRADIENT = (
    "weight_decay",
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "use_ema",
    "gradient_accumulation_steps",
    "loss_scale_factor",
)
