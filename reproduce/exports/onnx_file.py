"""A model as an ONNX file: a few nodes a layer, written directly.

Keras's own converter needs a package that follows it late; a plain dense network
needs six operators.
"""

import numpy as np

from reproduce.errors import ExportError

from .comparing import OUTPUTS, write_checked

OPSET, IR_VERSION = 17, 8  # of 2022: what browsers and boards can read as well
OPERATORS = {
    "linear": None,
    "relu": "Relu",
    "sigmoid": "Sigmoid",
    "softmax": "Softmax",
    "tanh": "Tanh",
}


def write(source, target):
    """See `export`."""
    try:
        import onnx  # noqa: F401
        import onnxruntime  # noqa: F401
    except ImportError as error:
        raise ExportError(
            f"ONNX needs the package {error.name}, which is not installed: "
            "run `make exporters`, or use --format litert"
        ) from None
    return write_checked(source, target, _convert, _run)


def _convert(model):
    from onnx import TensorProto, checker, helper

    graph = _Graph()
    for layer in model.layers:
        graph.add(layer)
    (image,) = model.inputs
    shapes = {"image": image.shape, **{n: model.output[n].shape for n in OUTPUTS}}
    image, *outputs = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["images", *shape[1:]])
        for name, shape in shapes.items()
    )
    onnx_model = helper.make_model(
        helper.make_graph(graph.nodes, model.name, [image], outputs, graph.weights),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="reproduce",
    )
    checker.check_model(onnx_model, full_check=True)
    return onnx_model.SerializeToString(deterministic=True)


class _Graph:
    """Nodes and weights of the layers added so far, each fed by the one before."""

    def __init__(self):
        self.nodes, self.weights, self.last = [], [], "image"

    def add(self, layer):
        kind = type(layer).__name__
        if kind == "Rescaling":
            self._node("Mul", layer.name, scale=np.float32(layer.scale))
            if layer.offset:
                self._node(
                    "Add", f"{layer.name}_moved", offset=np.float32(layer.offset)
                )
        elif kind == "Flatten":
            self._node("Flatten", layer.name)
        elif kind == "Softmax":
            self._node("Softmax", layer.name)
        elif kind == "Dense":
            weights = dict(zip(("kernel", "bias"), layer.get_weights(), strict=False))
            activation = layer.activation.__name__
            linear = activation == "linear"
            self._node("Gemm", layer.name if linear else f"{layer.name}_sum", **weights)
            if not linear:
                self._activation(layer.name, activation)
        elif kind == "Activation":
            self._activation(layer.name, layer.activation.__name__)
        elif kind not in ("InputLayer", "Dropout"):
            raise ExportError(
                f"a {kind} layer has no ONNX nodes here; use --format litert"
            )

    def _activation(self, name, activation):
        if activation not in OPERATORS:
            raise ExportError(
                f"activation {activation} has no ONNX node here; use --format litert"
            )
        if OPERATORS[activation]:
            self._node(OPERATORS[activation], name)

    def _node(self, operator, name, **weights):
        from onnx import helper, numpy_helper

        inputs = [self.last, *(f"{name}/{weight}" for weight in weights)]
        for key, array in weights.items():
            self.weights.append(
                numpy_helper.from_array(np.asarray(array), f"{name}/{key}")
            )
        self.nodes.append(helper.make_node(operator, inputs, [name], name))
        self.last = name


def _run(content, images):
    import onnxruntime

    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return dict(
        zip(OUTPUTS, session.run(list(OUTPUTS), {"image": images}), strict=True)
    )
