"""What is compared (the seven methods) and under which settings (`Protocol`)."""

from dataclasses import asdict, dataclass, fields, replace


@dataclass(frozen=True)
class Method:
    """One training method: a row of the report's comparison tables.

    Attributes:
        label: the name the report prints.
        optimizer: class name in `reproduce.optimizers`.
        hyperparameters: optimizer argument to `Protocol` field.
        full_batch: one update an epoch, from all examples; else one an example.
        colour: in every figure and page.
    """

    label: str
    optimizer: str
    hyperparameters: dict
    full_batch: bool
    colour: str


_MOMENTUM = {"momentum": "momentum"}
_ADAM = {"beta_1": "beta_1", "beta_2": "beta_2", "epsilon": "epsilon"}
_ADAGRAD = {
    "initial_accumulator_value": "initial_accumulator_value",
    "epsilon": "epsilon",
}

METHODS = {
    "sgd": Method("SGD", "GradientDescent", {}, False, "#0072b2"),
    "batch_gd": Method("Batch GD", "GradientDescent", {}, True, "#5b6770"),
    "momentum": Method("Momentum", "Momentum", _MOMENTUM, False, "#e69f00"),
    "nag": Method("NAG", "Nesterov", _MOMENTUM, False, "#009e73"),
    "adagrad": Method("AdaGrad", "AdaGrad", _ADAGRAD, False, "#cc79a7"),
    "rmsprop": Method(
        "RMSProp",
        "RMSProp",
        {"rho": "rho", "epsilon": "epsilon"},
        False,
        "#d55e00",
    ),
    "adam": Method("Adam", "Adam", _ADAM, False, "#56b4e9"),
}  # order of the report's tables


@dataclass(frozen=True)
class Protocol:
    """Every setting of a run but its cell and seed; each record carries it whole.

    The report's hyperparameter table (1.5.1) gives the rates; what it leaves
    unsaid (initializer, sense of the criterion) is what explains its numbers.

    Attributes:
        learning_rate: eta, all methods.
        momentum: alpha, momentum and NAG.
        rho: beta, RMSProp.
        beta_1, beta_2: Adam.
        epsilon: AdaGrad, RMSProp, Adam; inside the square root.
        initial_accumulator_value: AdaGrad's v before the first update.
        kernel_initializer, output_initializer: names in `models.INITIALIZERS`;
            the output layer's is None where it is the same.
        num_classes: output units.
        threshold, mode, monitor: of `callbacks.ConvergenceThreshold`.
        max_epochs: a run that has not converged by then ends as `epoch_limit`.
        subset: train on the first so many examples (of each split); None: all.
        batch_size: examples an update; None: the method's own, one or all.
        evaluate_epochs: record the training error and the validation accuracy
            after each epoch as well (`evaluated_loss`, `validation_accuracy`).
    """

    name: str = "report"
    learning_rate: float = 0.001
    momentum: float = 0.9
    rho: float = 0.99
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    initial_accumulator_value: float = 0.0
    kernel_initializer: str = "random_normal_1"
    output_initializer: str | None = None
    num_classes: int = 10
    threshold: float = 1e-4
    mode: str = "decrease"
    max_epochs: int = 20_000
    subset: int | None = None
    monitor: str = "loss"
    batch_size: int | None = None
    evaluate_epochs: bool = False

    def to_dict(self):
        return asdict(self)

    @classmethod
    def from_dict(cls, values):
        """The protocol a record carries.

        A setting that came later is missing from older records; its default is
        what was done before there was a choice.

        Raises:
            ValueError: a setting is unknown.
        """
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"protocol: unknown settings {sorted(unknown)}")
        return cls(**values)

    def hyperparameters(self, method):
        """Arguments of the method's optimizer, the learning rate first."""
        chosen = {"learning_rate": self.learning_rate}
        for argument, setting in METHODS[method].hyperparameters.items():
            chosen[argument] = getattr(self, setting)
        return chosen


PROTOCOLS = {
    protocol.name: protocol
    for protocol in (
        Protocol(),
        replace(Protocol(), name="keras-defaults", kernel_initializer="glorot_uniform"),
    )
}
