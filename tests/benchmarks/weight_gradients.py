"""Other ways to compute the weight gradient of a convolution, which is slow in oneDNN.

    python tests/benchmarks/weight_gradients.py      # about two minutes

Measures the three large convolutions of the networks of TensorFlow's tutorial, with batches of 256.
A weight gradient is itself a convolution, of the images with the gradient of the output, with batch
and channels exchanged. It is also a product of the patches with that gradient, or one product for
each position of the kernel. Prints the milliseconds of each way, of TensorFlow's own, and of the
forward pass, which has the same number of operations. Checks that all results agree.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans  # noqa: F401 (before TensorFlow, which would print messages)

import time

import numpy as np
import tensorflow as tf

BATCH = 256
KERNEL = 5
ROUNDS = 7
# name: size of the input, channels of the input and the output, stride
CONVOLUTIONS = {
    "generator, 128 and 256 channels at 7x7": (7, 128, 256, 1),
    "generator, 64 and 128 channels at 14x14": (14, 64, 128, 2),
    "discriminator, 64 to 128 channels": (14, 64, 128, 2),
}


def padding(size, stride):
    """Returns the pixels before and after, for the padding "same"."""
    after = -(-size // stride)
    missing = max((after - 1) * stride + KERNEL - size, 0)
    return missing // 2, missing - missing // 2


def as_tensorflow(images, gradient, stride):
    shape = KERNEL, KERNEL, images.shape[3], gradient.shape[3]
    return tf.raw_ops.Conv2DBackpropFilter(
        input=images,
        filter_sizes=shape,
        out_backprop=gradient,
        strides=[1, stride, stride, 1],
        padding="SAME",
    )


def exchanged(images, gradient, stride):
    sides = [[0, 0], *[padding(images.shape[1], stride)] * 2, [0, 0]]
    images = tf.transpose(images, [3, 1, 2, 0])
    gradient = tf.transpose(gradient, [1, 2, 0, 3])
    weights = tf.nn.conv2d(images, gradient, 1, sides, dilations=stride)
    return tf.transpose(weights[:, :KERNEL, :KERNEL], [1, 2, 0, 3])


def of_patches(images, gradient, stride):
    sizes, strides = [1, KERNEL, KERNEL, 1], [1, stride, stride, 1]
    patches = tf.image.extract_patches(images, sizes, strides, [1] * 4, "SAME")
    channels = images.shape[3], gradient.shape[3]
    patches = tf.reshape(patches, (-1, KERNEL * KERNEL * channels[0]))
    weights = tf.matmul(patches, tf.reshape(gradient, (-1, channels[1])), transpose_a=True)
    return tf.reshape(weights, (KERNEL, KERNEL, *channels))


def of_places(images, gradient, stride):
    size, channels = gradient.shape[1], (images.shape[3], gradient.shape[3])
    images = tf.pad(images, [[0, 0], *[padding(images.shape[1], stride)] * 2, [0, 0]])
    gradient = tf.reshape(gradient, (-1, channels[1]))
    reach = (size - 1) * stride + 1
    weights = [
        tf.matmul(
            tf.reshape(
                images[:, y : y + reach : stride, x : x + reach : stride], (-1, channels[0])
            ),
            gradient,
            transpose_a=True,
        )
        for y in range(KERNEL)
        for x in range(KERNEL)
    ]
    return tf.reshape(tf.stack(weights), (KERNEL, KERNEL, *channels))


def milliseconds(function, *arguments):
    run = tf.function(function)
    run(*arguments)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run(*arguments)
        times.append(time.perf_counter() - start)
    return np.median(times) * 1e3


def check(result, expected, dtype):
    """Ends the program if the results differ by more than rounding."""
    result, expected = tf.cast(result, "float32"), tf.cast(expected, "float32")
    error = tf.reduce_max(tf.abs(result - expected)) / tf.reduce_max(tf.abs(expected))
    if error > (1e-4 if dtype == "float32" else 2e-2):
        raise SystemExit(f"Largest difference, relative to the largest gradient: {error:.1e}")


def main():
    print(f"{os.cpu_count()} cores, TensorFlow {tf.__version__}")
    ways = exchanged, of_patches, of_places
    print("| convolution | precision | forward | TensorFlow | exchanged | patches | places |")
    print("|---|---|---|---|---|---|---|")
    for name, (size, before, after, stride) in CONVOLUTIONS.items():
        for dtype in ("float32", "bfloat16"):
            images = tf.cast(tf.random.normal((BATCH, size, size, before)), dtype)
            kernel = tf.cast(tf.random.normal((KERNEL, KERNEL, before, after)), dtype)
            gradient = tf.random.normal(tf.nn.conv2d(images, kernel, stride, "SAME").shape)
            arguments = images, tf.cast(gradient, dtype), stride
            expected = as_tensorflow(*arguments)
            for way in ways:
                check(way(*arguments), expected, dtype)
            forward = milliseconds(tf.nn.conv2d, images, kernel, stride, "SAME")
            times = [forward, *(milliseconds(way, *arguments) for way in (as_tensorflow, *ways))]
            cells = " | ".join(f"{value:.0f}" for value in times)
            print(f"| {name} | {dtype} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
