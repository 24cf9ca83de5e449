#!/usr/bin/env python3
"""Makes tflite_micro.txt: small random int8 networks, and what TFLite Micro's kernels make of random inputs.

    pip install tflite-micro numpy && python3 make_golden.py > tflite_micro.txt

Each case is a graph in our text form, then three times the lines "input HEX" and "output HEX".
"""
import sys
import numpy as np
import flatbuffers
from tflite_micro.python.tflite_micro import runtime
from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as s

random = np.random.default_rng(1)


class Network:
    """A .tflite model and our text form of it, built side by side."""

    def __init__(self, shape):
        self.model, self.graph = s.ModelT(), s.SubGraphT()
        self.model.version, self.model.description = 3, "golden"
        self.model.buffers, self.model.operatorCodes = [s.BufferT()], []
        self.graph.tensors, self.graph.operators = [], []
        self.tensor_lines, self.operator_lines = [], []
        self.shapes, self.scales, self.zeros = {}, {}, {}
        self.one_dimension = len(shape) == 4 and shape[1] == 1
        self.input = self.activation(shape, random_scale(), random_zero())

    def tensor(self, name, shape, kind, scales, zeros, data=None, axis=0):
        tensor, quantisation, buffer = s.TensorT(), s.QuantizationParametersT(), s.BufferT()
        quantisation.scale, quantisation.zeroPoint = [float(v) for v in scales], [int(v) for v in zeros]
        quantisation.quantizedDimension = axis
        tensor.shape, tensor.type, tensor.name, tensor.quantization = list(shape), kind, name, quantisation
        if data is not None:
            buffer.data = np.frombuffer(data.tobytes(), np.uint8)
        self.model.buffers.append(buffer)
        tensor.buffer = len(self.model.buffers) - 1
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def activation(self, shape, scale, zero, ours=None):
        index = len(self.shapes)
        t = self.tensor(f"t{index}", shape, s.TensorType.INT8, [scale], [zero])
        self.shapes[t], self.scales[t], self.zeros[t] = tuple(shape), np.float32(scale), zero
        ours = ours or self.our_shape(shape)
        self.tensor_lines.append(f"tensor t{index} shape {' '.join(map(str, ours))} scale {np.float32(scale):.9g} zero_point {zero}")
        return t

    def our_shape(self, shape):
        """[1, C] is ours [C]; in a network of one dimension [1, 1, L, C] is [L, C]; else [H, W, C]."""
        return shape[1:] if len(shape) == 2 or not self.one_dimension else shape[2:]

    def name(self, t):
        return self.graph.tensors[t].name

    def op(self, code, inputs, output, options, options_type, kind, extra, clamp=(-128, 127)):
        operator, operator_code = s.OperatorT(), s.OperatorCodeT()
        operator_code.builtinCode = operator_code.deprecatedBuiltinCode = code
        operator_code.version = {s.BuiltinOperator.CONV_2D: 3, s.BuiltinOperator.DEPTHWISE_CONV_2D: 3,
                                 s.BuiltinOperator.FULLY_CONNECTED: 4}.get(code, 2)
        self.model.operatorCodes.append(operator_code)
        operator.opcodeIndex = len(self.model.operatorCodes) - 1
        operator.inputs, operator.outputs = inputs, [output]
        operator.builtinOptions, operator.builtinOptionsType = options, options_type
        self.graph.operators.append(operator)
        reads = [self.name(t) for t in inputs if t in self.shapes]
        self.operator_lines += [f"operator {kind} op{len(self.graph.operators)}", "  read " + " ".join(reads),
                                "  write " + self.name(output)]
        windows = [line for line in extra if "window" in line]
        self.operator_lines += windows + [f"  clamp {clamp[0]} {clamp[1]}"] + [l for l in extra if "window" not in l]
        return output

    def weighted(self, shape, axis, depth, source, output_shape):
        """Weights, bias, an output tensor, a fused activation; scales that spread outputs over int8."""
        channels = shape[axis]
        weights = random.integers(-127, 128, shape, dtype=np.int8)
        deviation = np.sqrt(depth) * 73 * 104
        bias = np.round(random.normal(size=channels) * deviation).astype(np.int32)
        out_scale = random_scale()
        base = out_scale * 60 / (deviation * self.scales[source])
        scales = (base * random.uniform(0.3, 1.5, channels)).astype(np.float32)
        w = self.tensor("w", shape, s.TensorType.INT8, scales, [0] * channels, weights, axis)
        b = self.tensor("b", [channels], s.TensorType.INT32, scales * self.scales[source], [0] * channels, bias)
        out = self.activation(output_shape, out_scale, random_zero())
        lines = [f"  weight_scales {channels}", "    " + " ".join(f"{v:.9g}" for v in scales),
                 f"  bias {channels}", "    " + " ".join(map(str, bias)),
                 f"  weights {weights.size}", "    " + weights.tobytes().hex()]
        return w, b, out, lines

    def fused(self, output):
        """A fused activation: TFLite's code and the clamp that it means."""
        scale, zero = float(self.scales[output]), self.zeros[output]
        code = random.choice([s.ActivationFunctionType.NONE, s.ActivationFunctionType.RELU, s.ActivationFunctionType.RELU6])
        if code == s.ActivationFunctionType.NONE:
            return int(code), (-128, 127)
        low = max(-128, zero)
        high = 127 if code == s.ActivationFunctionType.RELU else min(127, zero + int(np.floor(6 / scale + 0.5)))
        return int(code), (low, max(low, high))

    def convolution(self, source, depthwise):
        _, height, width, channels = self.shapes[source]
        kernel = (1 if self.one_dimension else int(random.integers(1, 4)), int(random.integers(1, 6)))
        stride = [1 if self.one_dimension else int(random.integers(1, 3)), int(random.integers(1, 3))]
        if depthwise and not self.one_dimension:
            stride[1] = stride[0]
        same = bool(random.integers(0, 2)) or kernel[0] > height or kernel[1] > width
        windows, outputs = [], []
        for length, k, step in zip((height, width), kernel, stride):
            out = -(-length // step) if same else (length - k) // step + 1
            total = max(0, (out - 1) * step + k - length) if same else 0
            windows.append(f"  window kernel {k} stride {step} pad {total // 2} {total - total // 2}")
            outputs.append(out)
        if self.one_dimension:
            windows = windows[1:]
        count = channels if depthwise else int(random.integers(1, 12))
        shape = (1, *kernel, channels) if depthwise else (count, *kernel, channels)
        depth = kernel[0] * kernel[1] * (1 if depthwise else channels)
        w, b, out, lines = self.weighted(shape, 3 if depthwise else 0, depth, source, (1, *outputs, count))
        options = s.DepthwiseConv2DOptionsT() if depthwise else s.Conv2DOptionsT()
        options.padding = s.Padding.SAME if same else s.Padding.VALID
        options.strideH, options.strideW, options.dilationHFactor, options.dilationWFactor = *stride, 1, 1
        options.fusedActivationFunction, clamp = self.fused(out)
        if depthwise:
            options.depthMultiplier = 1
            return self.op(s.BuiltinOperator.DEPTHWISE_CONV_2D, [source, w, b], out, options,
                           s.BuiltinOptions.DepthwiseConv2DOptions, "depthwise_convolution", windows + lines, clamp)
        return self.op(s.BuiltinOperator.CONV_2D, [source, w, b], out, options, s.BuiltinOptions.Conv2DOptions,
                       "convolution", windows + lines, clamp)

    def fully_connected(self, source):
        count, depth = int(random.integers(1, 12)), int(np.prod(self.shapes[source]))
        w, b, out, lines = self.weighted((count, depth), 0, depth, source, (1, count))
        options = s.FullyConnectedOptionsT()
        options.fusedActivationFunction, clamp = self.fused(out)
        return self.op(s.BuiltinOperator.FULLY_CONNECTED, [source, w, b], out, options,
                       s.BuiltinOptions.FullyConnectedOptions, "fully_connected", lines, clamp)

    def mean(self, source, keep):
        channels = self.shapes[source][3]
        shape = (1, 1, 1, channels) if keep else (1, channels)
        out = self.activation(shape, self.scales[source] * np.float32(random.uniform(0.3, 1.3)), random_zero(), (channels,))
        axes = self.tensor("axes", [2], s.TensorType.INT32, [], [], np.array([1, 2], np.int32))
        options = s.ReducerOptionsT()
        options.keepDims = keep
        return self.op(s.BuiltinOperator.MEAN, [source, axes], out, options, s.BuiltinOptions.ReducerOptions, "mean", [])

    def multiply(self, first, second):
        scale = self.scales[first] * self.scales[second] * np.float32(60)
        out = self.activation(self.shapes[first], scale, random_zero())
        options = s.MulOptionsT()
        options.fusedActivationFunction, clamp = self.fused(out)
        return self.op(s.BuiltinOperator.MUL, [first, second], out, options, s.BuiltinOptions.MulOptions, "multiply", [], clamp)

    def finish(self, output):
        self.graph.inputs, self.graph.outputs, self.graph.name = [self.input], [output], "main"
        self.model.subgraphs = [self.graph]
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        interpreter = runtime.Interpreter.from_bytes(bytes(builder.Output()), arena_size=1 << 20)
        channels = self.our_shape(self.shapes[self.input])[-1]
        ones = " ".join(["1"] * channels)
        lines = ["parsimony-graph 1 rounding double", 'name "golden"', *self.tensor_lines, f"input {self.name(self.input)}",
                 f"output {self.name(output)}", f"mean {channels}", "  " + ones, f"divisor {channels}", "  " + ones,
                 *self.operator_lines, "end"]
        for _ in range(3):
            values = random.integers(-128, 128, self.shapes[self.input], dtype=np.int8)
            interpreter.set_input(values, 0)
            interpreter.invoke()
            lines += ["input " + values.tobytes().hex(), "output " + interpreter.get_output(0).tobytes().hex()]
        return "\n".join(lines)


def random_scale():
    return np.float32(np.exp(random.uniform(-4, 0)))


def random_zero():
    return int(random.choice([-128, 127, random.integers(-128, 128)]))


def spatial_shape():
    height = 1 if random.integers(0, 2) else int(random.integers(2, 7))
    return (1, height, int(random.integers(2, 10)), int(random.integers(1, 10)))


def case(kind):
    if kind == "connected":
        network = Network((1, int(random.integers(1, 40))))
        return network.finish(network.fully_connected(network.input))
    network = Network(spatial_shape())
    x = network.input
    if kind == "chain":
        x = network.convolution(x, False)
        x = network.convolution(x, True)
        gate = network.mean(x, True)
        return network.finish(network.fully_connected(network.mean(network.multiply(x, gate), False)))
    return network.finish({"convolution": lambda: network.convolution(x, False),
                           "depthwise": lambda: network.convolution(x, True),
                           "mean": lambda: network.mean(x, False),
                           "square": lambda: network.multiply(x, x)}[kind]())


for kind, count in {"convolution": 12, "depthwise": 12, "connected": 8, "mean": 8, "square": 6, "chain": 8}.items():
    for _ in range(count):
        sys.stdout.write(case(kind) + "\n")
