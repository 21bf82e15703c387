"""The Inception network of 2015 with few random filters, as a graph and as PyTorch's weights."""

import numpy as np
import tensorflow as tf

EPSILON = 1e-3


class SmallInception:
    """Builds the frozen graph of TensorFlow, and keeps its weights by their names in PyTorch."""

    def __init__(self, num_classes=1008):
        self.rng = np.random.default_rng(0)
        self.weights = {}
        with tf.Graph().as_default() as graph:
            images = tf.compat.v1.placeholder(tf.float32, (1, None, None, 3), name="ExpandDims")
            x = tf.raw_ops.ResizeBilinear(images=images, size=(299, 299), name="ResizeBilinear")
            x = self.blocks((x - 128.0) * 0.0078125)
            tf.nn.avg_pool2d(x, 8, 1, "VALID", name="pool_3")
        self.graph = graph.as_graph_def().SerializeToString()
        self.weights["fc.weight"] = np.zeros((num_classes, x.shape[-1]), "float32")

    def blocks(self, x):
        x = self.convolution(x, "Conv2d_1a_3x3", 3, 3, 2, "VALID")
        x = self.convolution(x, "Conv2d_2a_3x3", 3, 3, 1, "VALID")
        x = self.convolution(x, "Conv2d_2b_3x3", 3, 3)
        x = tf.nn.max_pool2d(x, 3, 2, "VALID")
        x = self.convolution(x, "Conv2d_3b_1x1", 1, 1, 1, "VALID")
        x = self.convolution(x, "Conv2d_4a_3x3", 3, 3, 1, "VALID")
        x = tf.nn.max_pool2d(x, 3, 2, "VALID")
        for name in "bcd":
            x = self.block_5(x, f"Mixed_5{name}.branch")
        x = self.block_6a(x, "Mixed_6a.branch")
        for name in "bcde":
            x = self.block_6(x, f"Mixed_6{name}.branch")
        x = self.block_7a(x, "Mixed_7a.branch")
        x = self.block_7(x, "Mixed_7b.branch", tf.nn.avg_pool2d(x, 3, 1, "SAME"))
        return self.block_7(x, "Mixed_7c.branch", tf.nn.max_pool2d(x, 3, 1, "SAME"))

    def block_5(self, x, name):
        a = self.convolution(x, f"{name}1x1", 1, 1)
        b = self.convolution(x, f"{name}5x5_1", 1, 1)
        b = self.convolution(b, f"{name}5x5_2", 5, 5)
        c = self.convolution(x, f"{name}3x3dbl_1", 1, 1)
        c = self.convolution(c, f"{name}3x3dbl_2", 3, 3)
        c = self.convolution(c, f"{name}3x3dbl_3", 3, 3)
        d = self.convolution(tf.nn.avg_pool2d(x, 3, 1, "SAME"), f"{name}_pool", 1, 1)
        return tf.concat([a, b, c, d], -1)

    def block_6a(self, x, name):
        a = self.convolution(x, f"{name}3x3", 3, 3, 2, "VALID")
        b = self.convolution(x, f"{name}3x3dbl_1", 1, 1)
        b = self.convolution(b, f"{name}3x3dbl_2", 3, 3)
        b = self.convolution(b, f"{name}3x3dbl_3", 3, 3, 2, "VALID")
        return tf.concat([a, b, tf.nn.max_pool2d(x, 3, 2, "VALID")], -1)

    def block_6(self, x, name):
        a = self.convolution(x, f"{name}1x1", 1, 1)
        b = self.convolution(x, f"{name}7x7_1", 1, 1)
        b = self.convolution(b, f"{name}7x7_2", 1, 7)
        b = self.convolution(b, f"{name}7x7_3", 7, 1)
        c = self.convolution(x, f"{name}7x7dbl_1", 1, 1)
        for number, (height, width) in enumerate([(7, 1), (1, 7), (7, 1), (1, 7)], start=2):
            c = self.convolution(c, f"{name}7x7dbl_{number}", height, width)
        d = self.convolution(tf.nn.avg_pool2d(x, 3, 1, "SAME"), f"{name}_pool", 1, 1)
        return tf.concat([a, b, c, d], -1)

    def block_7a(self, x, name):
        a = self.convolution(x, f"{name}3x3_1", 1, 1)
        a = self.convolution(a, f"{name}3x3_2", 3, 3, 2, "VALID")
        b = self.convolution(x, f"{name}7x7x3_1", 1, 1)
        b = self.convolution(b, f"{name}7x7x3_2", 1, 7)
        b = self.convolution(b, f"{name}7x7x3_3", 7, 1)
        b = self.convolution(b, f"{name}7x7x3_4", 3, 3, 2, "VALID")
        return tf.concat([a, b, tf.nn.max_pool2d(x, 3, 2, "VALID")], -1)

    def block_7(self, x, name, pooled):
        a = self.convolution(x, f"{name}1x1", 1, 1)
        b = self.convolution(x, f"{name}3x3_1", 1, 1)
        b = [self.convolution(b, f"{name}3x3_2{end}", *size) for end, *size in ENDS]
        c = self.convolution(x, f"{name}3x3dbl_1", 1, 1)
        c = self.convolution(c, f"{name}3x3dbl_2", 3, 3)
        c = [self.convolution(c, f"{name}3x3dbl_3{end}", *size) for end, *size in ENDS]
        d = self.convolution(pooled, f"{name}_pool", 1, 1)
        return tf.concat([a, *b, *c, d], -1)

    def convolution(self, x, name, height, width, stride=1, padding="SAME"):
        filters = int(self.rng.integers(3, 7))
        fan_in = height * width * x.shape[-1]
        kernel = self.rng.normal(0, (2 / fan_in) ** 0.5, (height, width, x.shape[-1], filters))
        gamma, variance = self.rng.uniform(0.5, 1.5, (2, filters))
        beta, mean = self.rng.normal(0.05, 0.1, (2, filters))
        numbers = {"conv.weight": kernel.transpose(3, 2, 0, 1), "bn.weight": gamma}
        numbers |= {"bn.bias": beta, "bn.running_mean": mean, "bn.running_var": variance}
        for key, array in numbers.items():
            self.weights[f"{name}.{key}"] = array.astype("float32")
        x = tf.nn.conv2d(x, kernel.astype("float32"), stride, padding)
        arrays = (array.astype("float32") for array in (mean, variance, beta, gamma))
        return tf.nn.relu(tf.nn.batch_normalization(x, *arrays, EPSILON))


ENDS = ("a", 1, 3), ("b", 3, 1)
