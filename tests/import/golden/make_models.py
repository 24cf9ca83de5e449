#!/usr/bin/env python3
"""Makes small random .tflite models of every operator that the import knows, and what TFLite Micro makes of random
inputs: NAME.tflite and NAME.txt, which has the lines "input HEX" and "output HEX" by turns.

    pip install tflite-micro numpy
    python3 make_models.py [--out .] [--seed 1] [--rounds 1]

Without options: the files beside this script. More rounds make NAME_1, NAME_2 ..., for bench/import/peer_bytes.py.
"""
import argparse
import pathlib

import flatbuffers
import numpy as np
from tflite_micro.python.tflite_micro import runtime
from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as s

INT8, UINT8, INT32, FLOAT = s.TensorType.INT8, s.TensorType.UINT8, s.TensorType.INT32, s.TensorType.FLOAT32
DTYPES = {INT8: np.int8, UINT8: np.uint8, INT32: np.int32, FLOAT: np.float32}
OPERATOR = s.BuiltinOperator
VERSIONS = {OPERATOR.CONV_2D: 3, OPERATOR.DEPTHWISE_CONV_2D: 3, OPERATOR.FULLY_CONNECTED: 4}
ACTIVATIONS = [s.ActivationFunctionType.NONE, s.ActivationFunctionType.RELU, s.ActivationFunctionType.RELU6,
               s.ActivationFunctionType.RELU_N1_TO_1]
SAME, VALID = s.Padding.SAME, s.Padding.VALID


class Model:
    """A .tflite model as it grows; tensors are numbers."""

    def __init__(self, random):
        self.random = random
        self.model, self.graph = s.ModelT(), s.SubGraphT()
        self.model.version, self.model.buffers, self.model.operatorCodes = 3, [s.BufferT()], []
        self.model.subgraphs = [self.graph]
        self.graph.tensors, self.graph.operators = [], []

    def scale(self, low=-4.0, high=0.0):
        return float(np.float32(np.exp(self.random.uniform(low, high))))

    def zero(self):
        return int(self.random.choice([-128, 127, 0, self.random.integers(-128, 128)]))

    def tensor(self, shape, kind=INT8, scale=None, zero=None, data=None, axis=0):
        tensor, buffer = s.TensorT(), s.BufferT()
        tensor.shape, tensor.type, tensor.name = list(shape), kind, f"tensor{len(self.graph.tensors)}"
        if scale is not None:
            quantisation = s.QuantizationParametersT()
            quantisation.scale = [float(v) for v in np.atleast_1d(scale)]
            quantisation.zeroPoint = [int(v) for v in np.atleast_1d(zero)]
            quantisation.quantizedDimension = axis
            tensor.quantization = quantisation
        if data is not None:
            buffer.data = np.frombuffer(np.ascontiguousarray(data).tobytes(), np.uint8)
        self.model.buffers.append(buffer)
        tensor.buffer = len(self.model.buffers) - 1
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def activation(self, shape, scale=None, zero=None):
        return self.tensor(shape, INT8, scale or self.scale(), self.zero() if zero is None else zero)

    def like(self, other, shape):
        quantisation = self.graph.tensors[other].quantization
        return self.activation(shape, quantisation.scale[0], quantisation.zeroPoint[0])

    def shape(self, number):
        return tuple(int(v) for v in self.graph.tensors[number].shape)

    def scale_of(self, number):
        return self.graph.tensors[number].quantization.scale[0]

    def integers(self, values, shape=None):
        data = np.array(values, np.int32)
        return self.tensor(shape or data.shape, INT32, data=data)

    def op(self, code, inputs, output, options=None):
        operator, operator_code = s.OperatorT(), s.OperatorCodeT()
        operator_code.builtinCode, operator_code.deprecatedBuiltinCode = code, min(code, 127)
        operator_code.version = VERSIONS.get(code, 1)
        self.model.operatorCodes.append(operator_code)
        operator.opcodeIndex = len(self.model.operatorCodes) - 1
        operator.inputs, operator.outputs = list(inputs), [output]
        if options is not None:
            operator.builtinOptions = options
            operator.builtinOptionsType = getattr(s.BuiltinOptions, type(options).__name__[:-1])
        self.graph.operators.append(operator)
        return output

    def bytes(self, first, last):
        self.graph.inputs, self.graph.outputs = [first], [last]
        builder = flatbuffers.Builder(1 << 16)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def weights(m, shape, axis, fan_in, per_tensor):
    """Weights, their scales, and the output scale that fits them to an input of scale 1."""
    channels = shape[axis]
    data = m.random.integers(-127, 128, shape).astype(np.int8)
    scales = np.exp(m.random.uniform(-6, -4)) * m.random.uniform(0.3, 1.5, 1 if per_tensor else channels)
    scales = scales.astype(np.float32)
    number = m.tensor(shape, INT8, scales, np.zeros(len(scales)), data, axis)
    return number, scales, float(np.mean(scales)) * 60 * np.sqrt(fan_in)


def biases(m, count, source, scales):
    data = m.random.integers(-3000, 3000, count).astype(np.int32)
    return m.tensor([count], INT32, np.float32(m.scale_of(source)) * scales, np.zeros(len(scales)), data)


def window(length, kernel, stride, dilation, padding):
    span = (kernel - 1) * dilation + 1
    return -(-length // stride) if padding == SAME else (length - span) // stride + 1


def convolution(m, source, channels, kernel, stride=(1, 1), dilation=(1, 1), padding=SAME, activation=0,
                per_tensor=False, bias=True, depthwise=False):
    _, height, width, depth = m.shape(source)
    if depthwise:
        shape, axis, fan_in, options = (1, *kernel, channels), 3, np.prod(kernel), s.DepthwiseConv2DOptionsT()
        options.depthMultiplier = channels // depth
    else:
        shape, axis, fan_in, options = (channels, *kernel, depth), 0, np.prod(kernel) * depth, s.Conv2DOptionsT()
    number, scales, spread = weights(m, shape, axis, fan_in, per_tensor)
    inputs = [source, number] + ([biases(m, channels, source, scales)] if bias else [])
    options.padding, options.fusedActivationFunction = padding, activation
    options.strideH, options.strideW = stride
    options.dilationHFactor, options.dilationWFactor = dilation
    size = [window(length, k, n, d, padding) for length, k, n, d in zip((height, width), kernel, stride, dilation)]
    output = m.activation((1, *size, channels), m.scale_of(source) * spread)
    return m.op(OPERATOR.DEPTHWISE_CONV_2D if depthwise else OPERATOR.CONV_2D, inputs, output, options)


def fully_connected(m, source, channels, per_tensor, activation=0, rows=1, bias=True):
    count = int(np.prod(m.shape(source))) // rows
    number, scales, spread = weights(m, (channels, count), 0, count, per_tensor)
    inputs = [source, number] + ([biases(m, channels, source, scales)] if bias else [])
    options = s.FullyConnectedOptionsT()
    options.fusedActivationFunction, options.keepNumDims = activation, rows > 1
    output = m.activation((1, channels) if rows == 1 else (1, rows, channels), m.scale_of(source) * spread)
    return m.op(OPERATOR.FULLY_CONNECTED, inputs, output, options)


def pool(m, source, code, kernel, stride, padding, activation=0):
    _, height, width, depth = m.shape(source)
    options = s.Pool2DOptionsT()
    options.padding, options.fusedActivationFunction = padding, activation
    options.filterHeight, options.filterWidth = kernel
    options.strideH, options.strideW = stride
    size = [window(n, k, t, 1, padding) for n, k, t in zip((height, width), kernel, stride)]
    return m.op(code, [source], m.like(source, (1, *size, depth)), options)


def mean(m, source, axes, shape):
    options = s.ReducerOptionsT()
    options.keepDims = len(shape) == len(m.shape(source))
    output = m.activation(shape, m.scale_of(source) * float(m.random.uniform(0.2, 1.2)))
    return m.op(OPERATOR.MEAN, [source, m.integers(axes)], output, options)


def binary(m, code, first, second, activation=0):
    kinds = {OPERATOR.ADD: s.AddOptionsT, OPERATOR.SUB: s.SubOptionsT, OPERATOR.MUL: s.MulOptionsT}
    options = kinds[code]()
    options.fusedActivationFunction = activation
    a, b = m.scale_of(first), m.scale_of(second)
    scale = a * b * m.random.uniform(20, 90) if code == OPERATOR.MUL else (a + b) * m.random.uniform(0.3, 1.2)
    shape = max(m.shape(first), m.shape(second), key=lambda v: (np.prod(v), len(v)))
    return m.op(code, [first, second], m.activation(shape, float(scale)), options)


def unary(m, code, source, scale=None, zero=None, options=None):
    return m.op(code, [source], m.activation(m.shape(source), scale, zero), options)


def softmax(m, source):
    options = s.SoftmaxOptionsT()
    options.beta = 1.0
    return unary(m, OPERATOR.SOFTMAX, source, 1 / 256, -128, options)


def reshape(m, code, source, shape):
    inputs = [source] + ([m.integers(shape)] if code == OPERATOR.RESHAPE else [])
    if code == OPERATOR.EXPAND_DIMS:
        inputs.append(m.integers([1]))
    options = None
    if code == OPERATOR.SQUEEZE:
        options = s.SqueezeOptionsT()
        options.squeezeDims = [1]
    return m.op(code, inputs, m.like(source, shape), options)


def concatenation(m, parts, axis, shape):
    options = s.ConcatenationOptionsT()
    options.axis = axis
    return m.op(OPERATOR.CONCATENATION, parts, m.like(parts[0], shape), options)


def pads(m, source, amounts, value=False):
    shape = [n + a + b for n, (a, b) in zip(m.shape(source), amounts)]
    output = m.like(source, shape)
    inputs = [source, m.integers(amounts)]
    if value:
        quantisation = m.graph.tensors[source].quantization
        inputs.append(m.tensor([1], INT8, quantisation.scale, quantisation.zeroPoint,
                               np.array(quantisation.zeroPoint, np.int8)))
    return m.op(OPERATOR.PADV2 if value else OPERATOR.PAD, inputs, output)


# Each makes (model, input, output).

def make_conv(m):
    x = m.activation((1, 7, 6, 3))
    y = convolution(m, x, 5, (3, 2), (2, 1), padding=SAME, activation=m.random.choice(ACTIVATIONS))
    return x, convolution(m, y, 4, (2, 2), (1, 2), padding=VALID, per_tensor=True, bias=False)


def make_conv_dilated(m):
    x = m.activation((1, 9, 8, 2))
    return x, convolution(m, x, 3, (3, 2), dilation=(2, 3), padding=m.random.choice([SAME, VALID]))


def make_conv_kernel_over_input(m):
    x = m.activation((1, 2, 3, 2))
    return x, convolution(m, x, 3, (5, 4), (2, 2), padding=SAME)


def make_depthwise(m):
    x = m.activation((1, 7, 5, 3))
    y = convolution(m, x, 6, (3, 3), (2, 2), padding=SAME, depthwise=True, activation=m.random.choice(ACTIVATIONS))
    return x, convolution(m, y, 6, (2, 1), padding=VALID, depthwise=True, bias=False, per_tensor=True)


def make_fully_connected(m):
    x = m.activation((1, 20))
    y = fully_connected(m, x, 12, per_tensor=False, activation=m.random.choice(ACTIVATIONS))
    return x, fully_connected(m, y, 7, per_tensor=True, bias=False)


def make_one_weight_scale(m):
    """The biases are accumulators at which a product of the scales in float would round another way."""
    def result(accumulator, real):
        fraction, exponent = np.frexp(real)
        high = (accumulator * int(np.round(fraction * 2.0**31)) + 2**30) >> 31
        return int(np.floor(high * 2.0**float(exponent) + 0.5)) if high >= 0 else -int(np.floor(-high * 2.0**float(exponent) + 0.5))
    biases_at = []
    while len(biases_at) < 4:
        a, b, c = (np.float32(m.random.uniform(*ends)) for ends in ((0.01, 0.05), (0.001, 0.02), (0.1, 0.4)))
        in_float, in_double = float(a * b) / float(c), float(a) * float(b) / float(c)
        near = [int(round((y + 0.5) / in_double)) + d for y in range(-120, 120) for d in (-1, 0, 1)]
        biases_at = [n for n in near if result(n, in_float) != result(n, in_double)]
    count = len(biases_at)
    x = m.activation((1, 3), float(a), 0)
    number = m.tensor((count, 3), INT8, float(b), 0, np.zeros((count, 3), np.int8))
    bias = m.tensor([count], INT32, float(a * b), 0, np.array(biases_at, np.int32))
    output = m.activation((1, count), float(c), 0)
    return x, m.op(OPERATOR.FULLY_CONNECTED, [x, number, bias], output, s.FullyConnectedOptionsT())


def make_fully_connected_rows(m):
    x = m.activation((1, 4, 6))
    y = fully_connected(m, x, 5, per_tensor=True, rows=4)
    return x, fully_connected(m, y, 3, per_tensor=False, rows=4)


def make_average_pool(m):
    x = m.activation((1, 7, 8, 3))
    y = pool(m, x, OPERATOR.AVERAGE_POOL_2D, (3, 2), (2, 2), SAME, m.random.choice(ACTIVATIONS))
    return x, pool(m, y, OPERATOR.AVERAGE_POOL_2D, m.shape(y)[1:3], (1, 1), VALID)


def make_max_pool(m):
    x = m.activation((1, 7, 8, 3))
    return x, pool(m, x, OPERATOR.MAX_POOL_2D, (3, 2), (2, 3), SAME, m.random.choice(ACTIVATIONS))


def make_mean(m):
    x = m.activation((1, 5, 3, 4))
    return x, mean(m, x, [1, 2], (1, 4))


def make_mean_kept(m):
    x = m.activation((1, 1, 9, 4))
    return x, mean(m, x, [2], (1, 1, 1, 4))


def make_add(m):
    x = m.activation((1, 4, 3, 2))
    return x, binary(m, OPERATOR.ADD, x, unary(m, OPERATOR.QUANTIZE, x), m.random.choice(ACTIVATIONS))


def make_sub(m):
    x = m.activation((1, 4, 3, 2))
    return x, binary(m, OPERATOR.SUB, x, unary(m, OPERATOR.QUANTIZE, x), m.random.choice(ACTIVATIONS))


def make_mul(m):
    x = m.activation((1, 4, 3, 2))
    return x, binary(m, OPERATOR.MUL, x, unary(m, OPERATOR.QUANTIZE, x), m.random.choice(ACTIVATIONS))


def make_squeeze_excite(m):
    x = m.activation((1, 4, 5, 3))
    y = fully_connected(m, mean(m, x, [1, 2], (1, 3)), 3, per_tensor=False)
    gate = unary(m, OPERATOR.LOGISTIC, y, 1 / 256, -128)
    gate = reshape(m, OPERATOR.RESHAPE, gate, (1, 1, 1, 3))
    pair = [x, gate] if m.random.random() < 0.5 else [gate, x]
    y = binary(m, OPERATOR.MUL, *pair)
    row = mean(m, y, [1, 2], (1, 1, 1, 3))
    y = binary(m, OPERATOR.ADD, row, y)
    return x, binary(m, OPERATOR.SUB, y, row)


def make_constants(m):
    x = m.activation((1, 4, 3, 2))
    scalar = lambda: m.tensor([], INT8, m.scale(), m.zero(), m.random.integers(-128, 128, 1).astype(np.int8))
    y = binary(m, OPERATOR.ADD, x, scalar(), m.random.choice(ACTIVATIONS))
    y = binary(m, OPERATOR.SUB, scalar(), y)
    y = binary(m, OPERATOR.MUL, scalar(), y)
    row = m.tensor([2], INT8, m.scale(), 7, m.random.integers(-121, 128, 2).astype(np.int8))
    return x, binary(m, OPERATOR.MUL, y, row, m.random.choice(ACTIVATIONS))


def make_concatenation(m):
    x = m.activation((1, 4, 3, 2))
    y = convolution(m, x, 3, (1, 1))
    z = concatenation(m, [y, pool(m, y, OPERATOR.MAX_POOL_2D, (2, 2), (1, 1), SAME), y], -1, (1, 4, 3, 9))
    return x, concatenation(m, [z, z], 1, (1, 8, 3, 9))


def make_pad(m):
    x = m.activation((1, 4, 3, 2))
    y = pads(m, x, [(0, 0), (1, 0), (2, 3), (0, 0)])
    y = pads(m, y, [(0, 0), (0, 0), (0, 1), (1, 2)], value=True)
    return x, convolution(m, y, 3, (3, 3), (2, 2), padding=VALID)


def make_reshape(m):
    x = m.activation((1, 12, 2))
    y = reshape(m, OPERATOR.EXPAND_DIMS, x, (1, 1, 12, 2))
    y = convolution(m, y, 3, (1, 3), (1, 2))
    y = reshape(m, OPERATOR.SQUEEZE, y, (1, 6, 3))
    y = reshape(m, OPERATOR.RESHAPE, y, (1, 3, 6))
    return x, softmax(m, y)


def make_softmax(m):
    x = m.activation((1, 4, 11), m.scale(-5, 1))
    return x, softmax(m, x)


def make_unary(code, output=None, input_scale=(-5, 0), options=None):
    """All 256 inputs at once."""
    def make(m):
        x = m.activation((1, 16, 16, 1), m.scale(*input_scale))
        scale, zero = output(m, x) if output else (m.scale_of(x) * m.random.uniform(0.3, 2.0), None)
        return x, unary(m, code, x, float(scale), zero, options(m) if options else None)
    return make


def own_quantisation(m, x):
    return m.scale_of(x), m.graph.tensors[x].quantization.zeroPoint[0]


def leaky_options(m):
    options = s.LeakyReluOptionsT()
    options.alpha = float(np.float32(m.random.choice([0.01, 0.1, 0.3, 1.5])))
    return options


# Scales at which a ratio or product formed in float gives another byte than one in double.

def make_sub_in_double(m):
    x = m.activation((1, 16, 16, 1), 0.49990347027778625, -68)
    c = m.tensor([], INT8, 0.3749276101589203, -115, np.array([22], np.int8))
    return x, m.op(OPERATOR.SUB, [x, c], m.activation(m.shape(x), 0.7498552203178406, 92), s.SubOptionsT())


def make_add_in_double(m):
    x = m.activation((1, 16, 16, 1), 0.48461419343948364, 11)
    c = m.tensor([], INT8, 0.3634606599807739, -124, np.array([9], np.int8))
    return x, m.op(OPERATOR.ADD, [x, c], m.activation(m.shape(x), 0.7269213199615479, 21), s.AddOptionsT())


def make_unary_in_double(code, input_scale, input_zero, output_scale, output_zero, alpha=None):
    def make(m):
        x = m.activation((1, 16, 16, 1), input_scale, input_zero)
        options = s.LeakyReluOptionsT() if alpha else None
        if alpha:
            options.alpha = alpha
        return x, unary(m, code, x, output_scale, output_zero, options)
    return make


def make_clamp_in_float(m):
    """And a clamp at which it is the other way round: 6 / scale is a tie in float only."""
    x = m.activation((1, 16, 16, 1), 0.2448979616165161, -128)
    return x, pool(m, x, OPERATOR.MAX_POOL_2D, (1, 1), (1, 1), VALID, s.ActivationFunctionType.RELU6)


def make_float_ends(m):
    x = m.tensor((1, 5, 4, 2), FLOAT)
    y = m.op(OPERATOR.QUANTIZE, [x], m.activation((1, 5, 4, 2)))
    y = convolution(m, y, 3, (3, 3))
    return x, m.op(OPERATOR.DEQUANTIZE, [y], m.tensor(m.shape(y), FLOAT))


def make_byte_ends(m):
    zero = int(m.random.integers(0, 256))
    x = m.tensor((1, 5, 4, 2), UINT8, m.scale(), zero)
    same = m.random.random() < 0.5
    y = m.op(OPERATOR.QUANTIZE, [x],
             m.activation((1, 5, 4, 2), m.scale_of(x), zero - 128) if same else m.activation((1, 5, 4, 2)))
    y = convolution(m, y, 3, (3, 3))
    output = m.tensor(m.shape(y), UINT8, m.scale_of(y), m.graph.tensors[y].quantization.zeroPoint[0] + 128)
    return x, m.op(OPERATOR.QUANTIZE, [y], output)


def make_one_dimension(m):
    x = m.activation((1, 1, 20, 3))
    y = convolution(m, x, 4, (1, 5), (1, 2), activation=s.ActivationFunctionType.RELU)
    y = convolution(m, y, 4, (1, 3), depthwise=True)
    y = pool(m, y, OPERATOR.MAX_POOL_2D, (1, 2), (1, 2), VALID)
    y = mean(m, y, [1, 2], (1, 4))
    return x, softmax(m, fully_connected(m, y, 5, per_tensor=False))


def make_one_dimension_parts(m):
    x = m.activation((1, 1, 8, 3))
    y = convolution(m, x, 3, (1, 3))
    y = concatenation(m, [y, y], 2, (1, 1, 16, 3))
    y = concatenation(m, [y, y], 3, (1, 1, 16, 6))
    return x, pads(m, y, [(0, 0), (0, 0), (1, 2), (0, 0)])


def make_constant_operands(m):
    """Rows and whole tensors, from both sides; the multiplication's row is too far from its zero point for weights."""
    x = m.activation((1, 4, 3, 2))
    row = lambda zero=None: m.tensor([2], INT8, m.scale(), m.zero() if zero is None else zero,
                                     m.random.integers(-128, 128, 2).astype(np.int8))
    y = binary(m, OPERATOR.ADD, x, row(), m.random.choice(ACTIVATIONS))
    y = binary(m, OPERATOR.SUB, y, row())
    y = binary(m, OPERATOR.SUB, row(), y)
    far = m.tensor([1, 1, 1, 2], INT8, m.scale(), -128, np.array([127, 3], np.int8))
    y = binary(m, OPERATOR.MUL, far, y)
    column = lambda shape: m.tensor(shape, INT8, m.scale(), m.zero(),
                                    m.random.integers(-128, 128, shape).astype(np.int8))
    y = binary(m, OPERATOR.ADD, column([4, 3, 2]), y)
    y = binary(m, OPERATOR.MUL, y, column([3, 1]))
    return x, binary(m, OPERATOR.SUB, column([1, 4, 1, 2]), y, m.random.choice(ACTIVATIONS))


def make_constant_operands_1d(m):
    x = m.activation((1, 1, 6, 3))
    c = m.tensor([6, 3], INT8, m.scale(), m.zero(), m.random.integers(-128, 128, (6, 3)).astype(np.int8))
    return x, binary(m, OPERATOR.SUB, c, convolution(m, x, 3, (1, 3)))


def make_computed_constants(m):
    """(constant * scalar + constant, reshaped) - x, and floats that are quantised in the network."""
    x = m.activation((1, 4, 3, 2))
    constant = lambda shape: m.tensor(shape, INT8, m.scale(), m.zero(),
                                      m.random.integers(-128, 128, shape or 1).astype(np.int8))
    y = binary(m, OPERATOR.MUL, constant([3, 2]), constant([]))
    y = binary(m, OPERATOR.ADD, y, constant([3, 2]))
    y = reshape(m, OPERATOR.RESHAPE, y, (1, 3, 2))
    floats = m.tensor([2], FLOAT, data=m.random.normal(0, 1, 2).astype(np.float32))
    z = m.op(OPERATOR.QUANTIZE, [floats], m.activation((2,)))
    return x, binary(m, OPERATOR.ADD, z, binary(m, OPERATOR.SUB, y, x))


def argmax(m, source, shape, kind=INT32):
    options = s.ArgMaxOptionsT()
    options.outputType = kind
    return m.op(OPERATOR.ARG_MAX, [source, m.integers([-1], ())], m.tensor(shape, kind), options)


def make_argmax(m):
    x = m.activation((1, 5))
    return x, argmax(m, fully_connected(m, x, 200, per_tensor=False), (1,))


def make_argmax_of_pixels(m):
    x = m.activation((1, 5, 6, 3))
    return x, argmax(m, x, (1, 5, 6))


MODELS = {
    "conv": make_conv,
    "conv_dilated": make_conv_dilated,
    "conv_kernel_over_input": make_conv_kernel_over_input,
    "depthwise": make_depthwise,
    "fully_connected": make_fully_connected,
    "one_weight_scale": make_one_weight_scale,
    "fully_connected_rows": make_fully_connected_rows,
    "average_pool": make_average_pool,
    "max_pool": make_max_pool,
    "mean": make_mean,
    "mean_kept": make_mean_kept,
    "add": make_add,
    "sub": make_sub,
    "mul": make_mul,
    "squeeze_excite": make_squeeze_excite,
    "constants": make_constants,
    "concatenation": make_concatenation,
    "pad": make_pad,
    "reshape": make_reshape,
    "softmax": make_softmax,
    "relu": make_unary(OPERATOR.RELU),
    "relu6": make_unary(OPERATOR.RELU6, own_quantisation),
    "hard_swish": make_unary(OPERATOR.HARD_SWISH),
    "logistic": make_unary(OPERATOR.LOGISTIC, lambda m, x: (1 / 256, -128), (-6, 3)),
    "tanh": make_unary(OPERATOR.TANH, lambda m, x: (1 / 128, 0), (-6, 3)),
    "leaky_relu": make_unary(OPERATOR.LEAKY_RELU, options=leaky_options),
    "quantize": make_unary(OPERATOR.QUANTIZE),
    "sub_in_double": make_sub_in_double,
    "add_in_double": make_add_in_double,
    "relu_in_double": make_unary_in_double(OPERATOR.RELU, 0.024869544, -62, 0.015010021, -81),
    "leaky_relu_in_double": make_unary_in_double(OPERATOR.LEAKY_RELU, 0.21322319, -60, 0.037906345, -64, 0.3),
    "leaky_relu_slope_in_double": make_unary_in_double(OPERATOR.LEAKY_RELU, 0.43642210960388184, -11,
                                                       0.7286351919174194, 26, 0.3),
    "hard_swish_truncated": make_unary_in_double(OPERATOR.HARD_SWISH, 0.17347478866577148, -125,
                                                 0.319291353225708, -122),
    "hard_swish_in_double": make_unary_in_double(OPERATOR.HARD_SWISH, 0.022042127326130867, -94, 0.04529869928956032, -100),
    "clamp_in_float": make_clamp_in_float,
    "one_dimension_parts": make_one_dimension_parts,
    "float_ends": make_float_ends,
    "byte_ends": make_byte_ends,
    "one_dimension": make_one_dimension,
    "constant_operands": make_constant_operands,
    "constant_operands_1d": make_constant_operands_1d,
    "computed_constants": make_computed_constants,
    "argmax": make_argmax,
    "argmax_of_pixels": make_argmax_of_pixels,
}


def inputs(m, number, count):
    """As our int8 values, and as the model takes them."""
    tensor = m.graph.tensors[number]
    shape = m.shape(number)
    elements = int(np.prod(shape))
    rows = [np.arange(elements) % 256 - 128 if elements == 256 else m.random.integers(-128, 128, elements)
            for _ in range(count)]
    for row in rows:
        ours = row.astype(np.int8)
        if tensor.type == INT8:
            yield ours, ours.reshape(shape)
        elif tensor.type == UINT8:
            yield ours, (row + 128).astype(np.uint8).reshape(shape)
        else:  # a float input takes the quantisation of what QUANTIZE makes of it
            of = m.graph.tensors[m.graph.operators[0].outputs[0]].quantization
            values = (row.astype(np.float32) - of.zeroPoint[0]) * np.float32(of.scale[0])
            yield ours, values.astype(np.float32).reshape(shape)


def as_ours(m, number, values):
    kind = m.graph.tensors[number].type
    if kind == INT8:
        return values.ravel()
    if kind == UINT8:
        return (values.astype(np.int32) - 128).astype(np.int8).ravel()
    if kind == INT32:  # an index
        return (values - 128).astype(np.int8).ravel()
    of = m.graph.tensors[m.graph.operators[-1].inputs[0]].quantization
    return np.round(values / np.float32(of.scale[0]) + of.zeroPoint[0]).astype(np.int8).ravel()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--rows", type=int, default=2)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for index, (name, make) in enumerate(MODELS.items()):
        for turn in range(arguments.rounds):
            m = Model(np.random.default_rng([arguments.seed, index, turn]))
            first, last = make(m)
            model = m.bytes(first, last)
            interpreter = runtime.Interpreter.from_bytes(model, arena_size=1 << 18)
            lines = []
            for ours, given in inputs(m, first, 1 if np.prod(m.shape(first)) == 256 else arguments.rows):
                interpreter.set_input(given, 0)
                interpreter.invoke()
                result = as_ours(m, last, interpreter.get_output(0))
                lines += [f"input {ours.tobytes().hex()}", f"output {result.tobytes().hex()}"]
            stem = name if arguments.rounds == 1 else f"{name}_{turn}"
            (arguments.out / f"{stem}.tflite").write_bytes(model)
            (arguments.out / f"{stem}.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
