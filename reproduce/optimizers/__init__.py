"""The original's update rules (1.3.1 to 1.3.7), one file each."""

from .adagrad import AdaGrad
from .adam import Adam
from .gradient_descent import GradientDescent
from .momentum import Momentum
from .nesterov import Nesterov
from .rmsprop import RMSProp

OPTIMIZERS = {
    rule.__name__: rule
    for rule in (GradientDescent, Momentum, Nesterov, AdaGrad, RMSProp, Adam)
}  # order of section 1.3

__all__ = ["OPTIMIZERS", *OPTIMIZERS]
