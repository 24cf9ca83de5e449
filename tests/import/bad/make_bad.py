#!/usr/bin/env python3
"""Makes the .tflite files that the import must refuse, beside this script: bad-NAME.tflite, and bad-NAME.txt with a
part of the message that the user must see.

    pip install tflite-micro numpy && python3 make_bad.py
"""
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "golden"))
import make_models as make  # noqa: E402
from make_models import FLOAT, INT8, INT32, OPERATOR, SAME, UINT8, s  # noqa: E402

BAD = {}


def bad(message):
    """The function's network is refused with this in the message."""
    def keep(function):
        BAD[function.__name__.replace("_", "-")] = (message, function)
        return function
    return keep


def network():
    return make.Model(np.random.default_rng(1))


def small(m, shape=(1, 4, 4, 2)):
    x = m.activation(shape, 0.1, 3)
    return x, make.convolution(m, x, 3, (3, 3))


def relu(m, x, y):
    m.op(OPERATOR.RELU, [x], y)
    return m.bytes(x, y)


@bad("is no .tflite file; allowed: a flatbuffer with the identifier TFL3")
def text():
    return b"parsimony-graph 1 rounding double\n"


@bad("is no .tflite file")
def empty():
    return b""


@bad("is damaged: offsets or sizes lead outside the file")
def cut():
    m = network()
    return m.bytes(*small(m))[:600]


@bad("is damaged: offsets or sizes lead outside the file")
def root_outside():
    m = network()
    return b"\xff\xff\xff\x7f" + m.bytes(*small(m))[4:]


@bad("has schema version 2; allowed: 3")
def version():
    m = network()
    ends = small(m)
    m.model.version = 2
    return m.bytes(*ends)


@bad("has 2 subgraphs; allowed: 1")
def subgraphs():
    m = network()
    ends = small(m)
    m.model.subgraphs.append(m.graph)
    return m.bytes(*ends)


@bad("has 2 inputs; allowed: 1")
def two_inputs():
    m = network()
    x, z = m.activation((1, 4)), m.activation((1, 4))
    y = make.binary(m, OPERATOR.ADD, x, z)
    data = m.bytes(x, y)
    m.graph.inputs = [x, z]
    builder = make.flatbuffers.Builder(1024)
    builder.Finish(m.model.Pack(builder), b"TFL3")
    assert data
    return bytes(builder.Output())


@bad("tensor 0 'tensor0': has a batch of 2; allowed: 1")
def batch():
    m = network()
    x = m.activation((2, 4))
    return relu(m, x, m.activation((2, 4)))


@bad("has a dynamic length along axis 1")
def dynamic():
    m = network()
    x = m.activation((1, 4, 4, 2))
    m.graph.tensors[x].shapeSignature = [1, -1, 4, 2]
    return relu(m, x, m.activation((1, 4, 4, 2)))


@bad("operator 0 (RESIZE_BILINEAR): is not supported; allowed: CONV_2D,")
def unknown_operator():
    m = network()
    x = m.activation((1, 4, 4, 2))
    return m.bytes(x, m.op(OPERATOR.RESIZE_BILINEAR, [x, m.integers([8, 8])], m.activation((1, 8, 8, 2))))


@bad("operator 0: is the custom operator 'Mine'")
def custom_operator():
    m = network()
    x = m.activation((1, 4))
    y = m.op(OPERATOR.CUSTOM, [x], m.activation((1, 4)))
    m.model.operatorCodes[0].customCode = "Mine"
    return m.bytes(x, y)


@bad("operator 0: is builtin operator 4711")
def operator_of_the_future():
    m = network()
    x = m.activation((1, 4))
    y = m.op(OPERATOR.RELU, [x], m.activation((1, 4)))
    m.model.operatorCodes[0].builtinCode = 4711
    return m.bytes(x, y)


@bad("operator 0: has operator code 7; allowed: below 1")
def operator_code():
    m = network()
    x = m.activation((1, 4))
    y = m.op(OPERATOR.RELU, [x], m.activation((1, 4)))
    m.graph.operators[0].opcodeIndex = 7
    return m.bytes(x, y)


@bad("operator 0 (FULLY_CONNECTED), tensor 0 'tensor0': is FLOAT32; allowed: INT8: only networks quantised as a whole")
def float_network():
    m = network()
    x = m.tensor((1, 4), FLOAT)
    w = m.tensor((2, 4), FLOAT, data=np.ones((2, 4), np.float32))
    return m.bytes(x, m.op(OPERATOR.FULLY_CONNECTED, [x, w], m.tensor((1, 2), FLOAT), s.FullyConnectedOptionsT()))


@bad("operator 0 (FULLY_CONNECTED), tensor 0 'tensor0': is FLOAT32; allowed: INT8")
def hybrid_network():
    m = network()
    x = m.tensor((1, 4), FLOAT)
    w = m.tensor((2, 4), INT8, 0.1, 0, np.ones((2, 4), np.int8))
    return m.bytes(x, m.op(OPERATOR.FULLY_CONNECTED, [x, w], m.tensor((1, 2), FLOAT), s.FullyConnectedOptionsT()))


@bad("tensor 0 'tensor0': is INT16; allowed: INT8")
def int16_network():
    m = network()
    x = m.tensor((1, 4), s.TensorType.INT16, 0.1, 0)
    return relu(m, x, m.tensor((1, 4), s.TensorType.INT16, 0.1, 0))


@bad("tensor 1 'tensor1': is INT4; allowed: INT8")
def int4_weights():
    m = network()
    x, y = small(m)
    m.graph.tensors[1].type = s.TensorType.INT4
    return m.bytes(x, y)


@bad("tensor 1 'tensor1': has no quantisation; allowed: a scale and a zero point")
def no_quantisation():
    m = network()
    x = m.activation((1, 4))
    return relu(m, x, m.tensor((1, 4), INT8))


@bad("tensor 1 'tensor1': has 2 scales and 2 zero points; allowed: one of each for an activation")
def activation_by_channel():
    m = network()
    x = m.activation((1, 2))
    return relu(m, x, m.tensor((1, 2), INT8, [0.1, 0.2], [0, 0], axis=1))


@bad("has zero point 200; allowed: -128 to 127")
def zero_point():
    m = network()
    x = m.activation((1, 2))
    return relu(m, x, m.activation((1, 2), 0.1, 200))


@bad("has scale 0; allowed: finite, above 0")
def scale_of_zero():
    m = network()
    x = m.activation((1, 2))
    return relu(m, x, m.tensor((1, 2), INT8, 0.0, 0))


@bad("operator 0 (CONV_2D): has the fused activation 4; allowed: none, RELU")
def fused_tanh():
    m = network()
    x = m.activation((1, 4, 4, 2))
    return m.bytes(x, make.convolution(m, x, 3, (3, 3), activation=s.ActivationFunctionType.TANH))


@bad("operator 0 (CONV_2D): has weights for 1 input channels of 2; allowed: all of them: grouped")
def grouped_convolution():
    m = network()
    x, y = small(m)
    m.graph.tensors[1].shape = [3, 3, 3, 1]
    return m.bytes(x, y)


@bad("operator 0 (CONV_2D): has no options of its kind")
def no_options():
    m = network()
    x, y = small(m)
    m.graph.operators[0].builtinOptions, m.graph.operators[0].builtinOptionsType = None, 0
    return m.bytes(x, y)


@bad("operator 0 (CONV_2D): has stride 0; allowed: 1 to")
def stride_of_zero():
    m = network()
    x, y = small(m)
    m.graph.operators[0].builtinOptions.strideH = 0
    return m.bytes(x, y)


@bad("has a window over 4293918721 inputs; allowed:")
def dilation():
    m = network()
    x, y = small(m)
    m.graph.operators[0].builtinOptions.dilationHFactor = 1 << 20
    m.graph.tensors[1].shape = [1, 4096, 1, 2]
    m.model.buffers[m.graph.tensors[1].buffer].data = np.zeros(8192, np.uint8)
    m.graph.tensors[1].quantization.scale, m.graph.tensors[1].quantization.zeroPoint = [0.1], [0]
    return m.bytes(x, y)


@bad("tensor 1 'tensor1': has zero point 1; allowed: 0 for weights")
def weights_with_a_zero_point():
    m = network()
    x, y = small(m)
    m.graph.tensors[1].quantization.zeroPoint = [0, 1, 0]
    return m.bytes(x, y)


@bad("tensor 1 'tensor1': has 3 scales along axis 1; allowed: 1, or 3 along axis 0")
def scales_along_another_axis():
    m = network()
    x, y = small(m)
    m.graph.tensors[1].quantization.quantizedDimension = 1
    return m.bytes(x, y)


@bad("tensor 1 'tensor1': has 53 bytes of data; allowed: 54 by its shape")
def weights_cut():
    m = network()
    x, y = small(m)
    m.model.buffers[m.graph.tensors[1].buffer].data = np.zeros(53, np.uint8)
    return m.bytes(x, y)


@bad("tensor 1 'tensor1': is computed; allowed: a constant")
def computed_weights():
    m = network()
    x, y = small(m)
    m.model.buffers[m.graph.tensors[1].buffer].data = None
    return m.bytes(x, y)


@bad("tensor 1 'tensor1': has its data outside the flatbuffer")
def weights_outside():
    m = network()
    x, y = small(m)
    m.model.buffers[m.graph.tensors[1].buffer].offset = 1 << 40
    return m.bytes(x, y)


@bad("tensor 2 'tensor2': has 4 biases; allowed: 3")
def bias_count():
    m = network()
    x, y = small(m)
    m.graph.tensors[2].shape = [4]
    m.model.buffers[m.graph.tensors[2].buffer].data = np.zeros(16, np.uint8)
    return m.bytes(x, y)


@bad("operator conv_2d_0: channel 0: its int32 accumulator can overflow")
def overflow():
    m = network()
    x, y = small(m)
    m.model.buffers[m.graph.tensors[2].buffer].data = np.frombuffer(
        np.full(3, 2**31 - 1, np.int32).tobytes(), np.uint8)
    return m.bytes(x, y)


@bad("operator 0 (CONV_2D), tensor 3 'tensor3': has shape [5, 4, 3]; allowed: [4, 4, 3]")
def output_shape():
    m = network()
    x, y = small(m)
    m.graph.tensors[y].shape = [1, 5, 4, 3]
    return m.bytes(x, y)


@bad("tensor 2 'tensor2': has shape [5]; allowed: 4 elements")
def reshape_to_more():
    m = network()
    x = m.activation((1, 4), 0.1, 0)
    return m.bytes(x, make.reshape(m, OPERATOR.RESHAPE, x, (1, 5)))


@bad("operator 1 (FULLY_CONNECTED): has weights for 3 inputs of 8")
def weights_of_another_length():
    m = network()
    x = m.activation((1, 8), 0.1, 0)
    y = make.unary(m, OPERATOR.RELU, x)
    z = make.fully_connected(m, y, 2, per_tensor=True)
    m.graph.tensors[m.graph.operators[1].inputs[1]].shape = [2, 3]
    return m.bytes(x, z)


@bad("tensor 1 'tensor1': has length 1073741824 along axis 1; allowed: 1 to")
def enormous():
    m = network()
    x = m.activation((1, 4))
    return relu(m, x, m.activation((1, 1 << 30)))


@bad("tensor 1 'tensor1': has too many elements; allowed:")
def enormous_in_all():
    m = network()
    x = m.activation((1, 4))
    return relu(m, x, m.activation((1, 1 << 20, 1 << 20, 1 << 20)))


@bad("tensor 1 'tensor1': has 6 axes; allowed: 5 at most")
def axes():
    m = network()
    x = m.activation((1, 4))
    return relu(m, x, m.activation((1, 1, 1, 1, 1, 4)))


@bad("operator 1 (PADV2): pads with 5; allowed: the zero point, 3")
def pad_value():
    m = network()
    x = m.activation((1, 4, 4, 2), 0.1, 3)
    y = make.unary(m, OPERATOR.RELU, x, 0.1, 3)
    z = make.pads(m, y, [(0, 0), (1, 1), (0, 0), (0, 0)], value=True)
    value = m.graph.operators[1].inputs[2]
    m.model.buffers[m.graph.tensors[value].buffer].data = np.array([5], np.uint8)
    return m.bytes(x, z)


@bad("operator 0 (PAD): pads the batch")
def pad_of_the_batch():
    m = network()
    x = m.activation((1, 4, 4, 2), 0.1, 3)
    y = m.like(x, (2, 4, 4, 2))
    return m.bytes(x, m.op(OPERATOR.PAD, [x, m.integers([(0, 1), (0, 0), (0, 0), (0, 0)])], y))


@bad("operator 0 (MEAN): does not reduce axis 1 of [1, 4, 4, 2]; allowed: all spatial axes reduced and no other")
def mean_over_channels():
    m = network()
    x = m.activation((1, 4, 4, 2))
    return m.bytes(x, make.mean(m, x, [3], (1, 4, 4, 1)))


@bad("operator 0 (MEAN): reduces axis 9; allowed: 0 to 3")
def mean_over_axis_nine():
    m = network()
    x = m.activation((1, 4, 4, 2))
    return m.bytes(x, make.mean(m, x, [9], (1, 2)))


@bad("operator concatenation_1: has scale")
def concatenation_of_scales():
    m = network()
    x = m.activation((1, 4), 0.1, 0)
    y = make.unary(m, OPERATOR.RELU, x, 0.2, 0)
    return m.bytes(x, make.concatenation(m, [x, y], 1, (1, 8)))


@bad("operator 0 (CONCATENATION): concatenates along axis 0 of [1, 4]; allowed: an axis, but the batch")
def concatenation_of_batches():
    m = network()
    x = m.activation((1, 4), 0.1, 0)
    return m.bytes(x, make.concatenation(m, [x, x], 0, (2, 4)))


@bad("operator 1 (ADD): combines [4, 3, 2] with [3, 2]; allowed: equal shapes, or one value for each channel")
def broadcast_over_height():
    m = network()
    x = m.activation((1, 4, 3, 2))
    y = make.pool(m, x, OPERATOR.MAX_POOL_2D, (4, 1), (1, 1), make.VALID)
    z = make.binary(m, OPERATOR.ADD, x, y)
    m.graph.tensors[y].shape = [1, 3, 2]
    return m.bytes(x, z)


@bad("operator 1 (SUB): combines [2] with [4, 3, 2]; allowed: equal shapes, or one value for each channel to subtract")
def subtract_from_a_row():
    m = network()
    x = m.activation((1, 4, 3, 2))
    return m.bytes(x, make.binary(m, OPERATOR.SUB, make.mean(m, x, [1, 2], (1, 2)), x))


@bad("operator 0 (ADD), tensor 1 'tensor1': is a constant of [3, 3]; allowed: one that repeats into [1, 4, 3, 2]")
def constant_operand():
    m = network()
    x = m.activation((1, 4, 3, 2))
    other = m.tensor([3, 3], INT8, 0.1, 0, np.ones((3, 3), np.int8))
    return m.bytes(x, make.binary(m, OPERATOR.ADD, x, other))


@bad("operator 0 (ADD), tensor 1 'tensor1': makes more of the file's constants than the file is long")
def enormous_constant_operand():
    m = network()
    x = m.activation((1, 512, 512, 2), 0.1, 3)
    other = m.tensor([512, 1], INT8, 0.1, 0, np.ones((512, 1), np.int8))
    return m.bytes(x, make.binary(m, OPERATOR.ADD, x, other))


@bad("operator 0 (CONV_2D): makes more of the file's constants than the file is long")
def long_computed_constant():
    m = network()
    x = m.tensor([1, 40, 40, 1], INT8, 0.1, 0, np.ones((1, 40, 40, 1), np.int8))
    return m.bytes(m.activation((1, 4)), make.convolution(m, x, 40, (9, 9)))


@bad("operator 1 (RELU), tensor 1 'tensor1': is produced twice")
def produced_twice():
    m = network()
    x = m.activation((1, 4))
    y = make.unary(m, OPERATOR.RELU, x)
    m.op(OPERATOR.RELU, [x], y)
    return m.bytes(x, y)


@bad("operator 0 (RELU), tensor 1 'tensor1': is read before it is produced")
def cycle():
    m = network()
    x, y, z = (m.activation((1, 4)) for _ in range(3))
    m.op(OPERATOR.RELU, [y], z)
    m.op(OPERATOR.RELU, [z], y)
    return m.bytes(x, y)


@bad("operator 0 (RELU): refers to tensor 99; allowed: -1 to 1")
def tensor_out_of_range():
    m = network()
    x = m.activation((1, 4))
    y = make.unary(m, OPERATOR.RELU, x)
    m.graph.operators[0].inputs = [99]
    return m.bytes(x, y)


@bad("operator 0 (RELU): has no input 0")
def input_left_out():
    m = network()
    x = m.activation((1, 4))
    y = make.unary(m, OPERATOR.RELU, x)
    m.graph.operators[0].inputs = [-1]
    return m.bytes(x, y)


@bad("tensor 2 'tensor2': is the output, but no operator produces it")
def output_from_nowhere():
    m = network()
    x = m.activation((1, 4))
    make.unary(m, OPERATOR.RELU, x)
    return m.bytes(x, m.activation((1, 4)))


@bad("operator 1 (DEQUANTIZE), tensor 2 'tensor2': is FLOAT32 inside the network; allowed: DEQUANTIZE at the output only")
def float_inside():
    m = network()
    x = m.activation((1, 4))
    y = make.unary(m, OPERATOR.RELU, x)
    z = m.op(OPERATOR.DEQUANTIZE, [y], m.tensor((1, 4), FLOAT))
    return m.bytes(x, m.op(OPERATOR.QUANTIZE, [z], m.activation((1, 4))))


@bad("operator 0 (RELU), tensor 0 'tensor0': is UINT8; allowed: INT8")
def bytes_inside():
    m = network()
    x = m.tensor((1, 4), UINT8, 0.1, 0)
    return relu(m, x, m.activation((1, 4)))


@bad("operator softmax_0: has output scale")
def softmax_scale():
    m = network()
    x = m.activation((1, 4))
    y = make.softmax(m, x)
    m.graph.tensors[y].quantization.scale = [0.01]
    return m.bytes(x, y)


@bad("operator 0 (LOGISTIC): has output scale 0.00999999978 and zero point 0; allowed: 0.00390625 and -128")
def logistic_scale():
    m = network()
    x = m.activation((1, 4))
    return m.bytes(x, make.unary(m, OPERATOR.LOGISTIC, x, 0.01, 0))


@bad("operator 0 (HARD_SWISH): has input scale 1000 and output scale 0.100000001; allowed: scales whose ratio")
def hard_swish_scale():
    m = network()
    x = m.activation((1, 4), 1000.0)
    return m.bytes(x, make.unary(m, OPERATOR.HARD_SWISH, x, 0.1, 0))


@bad("operator 0 (ARG_MAX): finds the largest along axis 1; allowed: the last, 3")
def arg_max_over_height():
    m = network()
    x = m.activation((1, 4, 3, 2))
    return m.bytes(x, m.op(OPERATOR.ARG_MAX, [x, m.integers([1])], m.tensor([1, 3, 2], INT32)))


@bad("operator arg_max_0: has 257 classes; allowed: 256 at most")
def arg_max_of_257():
    m = network()
    x = m.activation((1, 257))
    return m.bytes(x, m.op(OPERATOR.ARG_MAX, [x, m.integers([1])], m.tensor([1], INT32)))


@bad("operator 0 (ARG_MAX), tensor 2 'tensor2': is INT32 inside the network; allowed: ARG_MAX at the output only")
def arg_max_inside():
    m = network()
    x = m.activation((1, 4))
    index = m.op(OPERATOR.ARG_MAX, [x, m.integers([1])], m.tensor([1], INT32))
    return m.bytes(x, m.op(OPERATOR.CAST, [index], m.activation((1,))))


@bad("operator 0 (ARG_MIN): is not supported")
def arg_min():
    m = network()
    x = m.activation((1, 4))
    return m.bytes(x, m.op(OPERATOR.ARG_MIN, [x, m.integers([1])], m.tensor([1], INT32)))


@bad("is shared by so many operators that they outgrow the file; allowed: 16 times its size")
def shared_weights():
    m = network()
    x = m.activation((1, 1, 1, 64), 0.1, 0)
    first = make.convolution(m, x, 64, (1, 1), padding=SAME)
    for _ in range(100):
        x = first
        first = m.op(OPERATOR.CONV_2D, [x, *m.graph.operators[0].inputs[1:]], m.activation((1, 1, 1, 64)),
                     m.graph.operators[0].builtinOptions)
    return m.bytes(0, first)


def main():
    for name, (message, function) in BAD.items():
        (HERE / f"bad-{name}.tflite").write_bytes(function())
        (HERE / f"bad-{name}.txt").write_text(message + "\n")


if __name__ == "__main__":
    main()
