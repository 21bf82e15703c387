"""ADA: augmentation as strong as the discriminator needs it."""

import keras
from keras import ops

from keras_gans.augmentation.diff_augment import changes, check_policy
from keras_gans.saving import serializable

_RAMP = 500_000  # images in which the strength can go from 0 to 1
_KEPT = 0.75  # of the running sign at each step: a mean over about four batches


@serializable()
class AdaptiveAugment(keras.layers.Layer):
    """Makes each change with a probability that follows how sure the discriminator is.

    The share of training images that the discriminator finds real rises when it begins to know
    them by heart. Above the target, the probability of every change rises; below, it falls.

    Formula, with `r` the running mean of `sign(D(x))` over real images:

        strength += sign(r - target) * batch_size / 500000, kept in [0, largest]

    Args:
        policy: See `DiffAugment`.
        target: Float in (-1, 1), the running sign that is aimed at.
        largest: Float in [0, 1], strength that is never exceeded; near 1, changes leak into
            the generated images.
        seed: Integer.

    Call arguments:
        images: Floats `(N, H, W, C)`, about in [-1, 1].

    Output shape:
        The same.

    Raises:
        ValueError: If the policy names another change, or a number is out of range.

    Example:

    >>> augmentation = AdaptiveAugment(seed=0)
    >>> augmentation.adapt(keras.ops.ones((64, 1)))  # the discriminator is sure of all 64
    >>> round(float(augmentation.strength), 6)
    0.000128

    Reference:
        - [Karras et al., 2020](https://arxiv.org/abs/2006.06676), section 3. Unlike the paper,
          the changes are those of DiffAugment.
    """

    def __init__(self, policy=("translation",), target=0.6, largest=0.8, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not (-1 < target < 1 and 0 <= largest <= 1):
            raise ValueError(
                "`target` must lie in (-1, 1) and `largest` in [0, 1]. "
                f"Received: target={target}, largest={largest}. 0.6 and 0.8 are usual."
            )
        self.policy = check_policy(policy)
        self.target, self.largest, self.seed = target, largest, seed
        self._noise = keras.random.SeedGenerator(seed)
        self.strength = self._number("strength", 0.0)
        self.running_sign = self._number("running_sign", target)

    def call(self, images):
        """Returns images, each change made with the probability `strength`."""
        for change in changes(self.policy):
            shape = (ops.shape(images)[0], 1, 1, 1)
            made = keras.random.uniform(shape, seed=self._noise) < self.strength
            images = ops.where(made, change(images, self._noise), images)
        return images

    def adapt(self, real_logits):
        """Moves the strength after a batch of real images was judged.

        Args:
            real_logits: Floats `(N, 1)`, of augmented training images.
        """
        sign = ops.mean(ops.sign(ops.cast(real_logits, "float32")))
        self.running_sign.assign(_KEPT * self.running_sign + (1 - _KEPT) * sign)
        step = ops.cast(ops.shape(real_logits)[0], "float32") / _RAMP
        strength = self.strength + ops.sign(self.running_sign - self.target) * step
        self.strength.assign(ops.clip(strength, 0.0, self.largest))

    def compute_output_shape(self, input_shape):
        """Returns the shape of the images."""
        return input_shape

    def get_config(self):
        """Returns the constructor's arguments as a dict."""
        own = {name: getattr(self, name) for name in ("target", "largest", "seed")}
        return {**super().get_config(), "policy": list(self.policy), **own}

    def _number(self, name, value):
        initializer = keras.initializers.Constant(value)
        return self.add_weight(name=name, shape=(), initializer=initializer, trainable=False)
