"""What is run: a `Cell` (architecture × method × seed) under a `Protocol`."""

from dataclasses import asdict, dataclass, fields, replace

from .methods import METHODS, rank, slug
from .stopping import MODES

ARCHITECTURES = (1, 2, 3, 4, 5)
_INITIALIZERS = (
    "random_normal_1",
    "random_normal_0.05",
    "glorot_uniform",
    "he_normal",
)
CHOICES = {
    "kernel_initializer": _INITIALIZERS,
    "output_initializer": _INITIALIZERS,
    "scaling": ("global", "per_pixel"),
    "mode": MODES,
    "monitor": ("loss", "evaluated_loss"),
    "num_classes": (10, 5),
}  # what some settings can be
UNNAMED = ("max_epochs", "subset", "data_sha256", "num_examples")
FULL_BATCH_INTERVAL = 10  # epochs, of which one costs less than a validation


@dataclass(frozen=True)
class Protocol:
    """Every setting of a run but its cell and seed; each record carries it whole.

    The original's hyperparameter table (1.5.1) gives the rates; what it leaves
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
        scaling: min-max scaling to [0, 1], `global` (0 and 255 for all pixels) or
            `per_pixel` (each pixel's own extremes over the training images).
        num_classes: output units.
        threshold, mode, patience, monitor: of `callbacks.ConvergenceThreshold`.
        max_epochs: a run that the criterion has not ended by then ends as
            `epoch_limit`.
        subset: train on the first so many examples (of each split); None: all.
        batch_size: examples an update; None: the method's own, one or all.
        evaluate_epochs: record the training error of the weights at each epoch's
            end as well (`evaluated_loss`).
        trace_updates: record the training error after each of the first so many
            updates of epochs 1, 10 and the last; 0: of none.
        data_sha256: of the data (`Digits.sha256`); None: the embedded digits.
        num_examples: training examples of other data; None: as embedded.
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
    scaling: str = "global"
    num_classes: int = 10
    threshold: float = 1e-4
    mode: str = "decrease"
    patience: int = 0
    max_epochs: int = 20_000
    subset: int | None = None
    monitor: str = "loss"
    batch_size: int | None = None
    evaluate_epochs: bool = False
    trace_updates: int = 0
    data_sha256: str | None = None
    num_examples: int | None = None

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

    def full_batch(self, method):
        """Whether an update of the method takes all examples."""
        return METHODS[method].full_batch and self.batch_size is None

    def validation_interval(self, method):
        """Epochs from one validation along the way to the next."""
        return FULL_BATCH_INTERVAL if self.full_batch(method) else 1

    def hyperparameters(self, method):
        """Arguments of the method's optimizer, the learning rate first."""
        chosen = {"learning_rate": self.learning_rate}
        for argument, setting in METHODS[method].hyperparameters.items():
            chosen[argument] = getattr(self, setting)
        return {**chosen, **METHODS[method].arguments}

    def changed(self, **settings):
        """This protocol with other settings, which its name then tells.

        Limits to the length of a run (`max_epochs`, `subset`) leave the name.
        """
        settings = {k: v for k, v in settings.items() if getattr(self, k) != v}
        changes = [f"{k}={v}" for k, v in settings.items() if k not in UNNAMED]
        if "data_sha256" in settings:
            changes.append(f"data={settings['data_sha256'][:12]}")
        name = " ".join([self.name, *changes])
        return replace(self, name=name, **settings)


@dataclass(frozen=True)
class Cell:
    """One run: what is trained, how, with which seed.

    Attributes:
        architecture: 1 to 5.
        method: key, as `methods` has it.
        seed: of initial weights and orders.

    Raises:
        ValueError: the method is no such key.
    """

    architecture: int
    method: str
    seed: int

    def __post_init__(self):
        try:
            slug(self.method)
        except KeyError:
            raise ValueError(f"unknown method {self.method!r}") from None

    @property
    def path(self):
        """The record's place below an output folder."""
        return f"runs/arch{self.architecture}/{slug(self.method)}/seed-{self.seed}.json"

    @property
    def rank(self):
        """Sorts cells as the original's tables do, seeds last."""
        return self.architecture, rank(self.method), self.seed

    def __str__(self):
        return f"arch{self.architecture} {slug(self.method)} seed {self.seed}"


def grid(architectures=ARCHITECTURES, methods=tuple(METHODS), seeds=(0,)):
    """All cells of the product, each once, one seed after another."""
    product = (Cell(a, m, s) for s in seeds for a in architectures for m in methods)
    return list(dict.fromkeys(product))


def differences(theirs, ours):
    """The entries in which a table differs from ours, in words."""
    return ", ".join(
        f"{name} {theirs.get(name)!r}, not {ours[name]!r}"
        for name in ours
        if theirs.get(name) != ours[name]
    )
