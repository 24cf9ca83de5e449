#!/usr/bin/env python3
"""Small Keras networks with random weights through TensorFlow's converter: .tflite files as users have them, for
peer_bytes.py and, the small ones, for tests/import/converted.

    pip install tensorflow-cpu && python3 bench/import/convert_models.py OUT
"""
import pathlib
import sys

import numpy as np
import tensorflow as tf

L = tf.keras.layers


def squeeze_excite(x, reduced):
    y = L.GlobalAveragePooling2D(keepdims=True)(x)
    y = L.Conv2D(reduced, 1, activation="relu")(y)
    y = L.Conv2D(x.shape[-1], 1, activation="sigmoid")(y)
    return L.Multiply()([x, y])


def hard_sigmoid(x):
    return tf.keras.activations.relu(x + 3.0, max_value=6.0) * (1.0 / 6.0)


def mobile_block(batch):
    x = i = L.Input((16, 16, 3), batch)
    x = L.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(x)
    x = L.BatchNormalization()(x)
    x = s = L.ReLU(6.0)(x)
    x = L.DepthwiseConv2D(3, padding="same", depth_multiplier=2)(x)
    x = L.Activation("hard_swish")(x) if hasattr(tf.keras.activations, "hard_swish") else L.ReLU()(x)
    x = squeeze_excite(x, 4)
    x = L.Conv2D(8, 1)(x)
    x = L.Add()([x, s])
    x = L.GlobalAveragePooling2D()(x)
    return tf.keras.Model(i, L.Dense(5, activation="softmax")(x))


def one_dimension(batch):
    x = i = L.Input((24, 3), batch)
    x = L.Conv1D(8, 5, strides=2, padding="same", activation="relu")(x)
    x = L.SeparableConv1D(6, 3, padding="same", activation="relu")(x)
    x = L.MaxPooling1D(2)(x)
    x = L.GlobalAveragePooling1D()(x)
    return tf.keras.Model(i, L.Dense(4, activation="softmax")(x))


def branches(batch):
    x = i = L.Input((10, 9, 2), batch)
    a = L.Conv2D(4, 3, padding="same", activation="relu")(x)
    b = L.ZeroPadding2D(((0, 1), (1, 0)))(x)
    b = L.Conv2D(4, 2, activation="tanh")(b)
    c = L.AveragePooling2D(3, strides=1, padding="same")(x)
    x = L.Concatenate()([a, b, c])
    x = L.LeakyReLU(0.1)(x)
    x = L.Subtract()([x, L.Conv2D(10, 3, padding="same", dilation_rate=2)(x)])
    x = L.Flatten()(x)
    return tf.keras.Model(i, L.Dense(3)(x))


def scalar_constants(batch):
    x = i = L.Input((8, 8, 2), batch)
    x = L.Conv2D(4, 3, padding="same")(x)
    x = L.Lambda(lambda v: v * hard_sigmoid(v))(x)
    x = L.Lambda(lambda v: 1.0 - v)(x)
    return tf.keras.Model(i, L.GlobalMaxPooling2D()(x))


def dilated_rows(batch):
    x = i = L.Input((30, 2), batch)
    for rate in (1, 2, 4):
        x = L.Conv1D(6, 3, padding="causal", dilation_rate=rate, activation="relu")(x)
    return tf.keras.Model(i, L.Dense(3)(L.GlobalMaxPooling1D()(x)))


def dense_rows(batch):
    x = i = L.Input((6, 5), batch)
    x = L.Dense(7, activation="relu")(x)
    x = L.Reshape((7, 6))(x)
    return tf.keras.Model(i, L.Dense(3, activation="softmax")(x))


def autoencoder(batch):
    x = i = L.Input((40,), batch)
    for width in (16, 4, 16):
        x = L.Dense(width, activation="relu")(x)
    return tf.keras.Model(i, L.Dense(40)(x))


NETWORKS = [mobile_block, one_dimension, branches, scalar_constants, dilated_rows, dense_rows, autoencoder]


def convert(model, ends):
    random = np.random.default_rng(1)
    for weight in model.weights:  # batch normalisation's variance stays positive
        weight.assign(np.abs(random.normal(0, 0.5, weight.shape)) + 0.1 if "variance" in weight.path
                      else random.normal(0, 0.5, weight.shape))
    samples = [random.normal(0, 1, (1, *model.input_shape[1:])).astype(np.float32) for _ in range(50)]
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([sample] for sample in samples)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = ends
    return converter.convert()


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for make in NETWORKS:
        tf.keras.utils.set_random_seed(1)
        for name, ends in (("int8", tf.int8), ("uint8", tf.uint8), ("float", tf.float32)):
            (out / f"{make.__name__}_{name}.tflite").write_bytes(convert(make(1), ends))
        # Without a batch the converter computes shapes at run time, and for some networks writes false ones.
        (out / f"{make.__name__}_any_batch.tflite").write_bytes(convert(make(None), tf.int8))


if __name__ == "__main__":
    main()
