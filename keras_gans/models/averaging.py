"""How much of the averaged generator's past survives a step."""

from keras import ops

_WARM_UP = 0.05  # the half-life is at most this share of the images seen


def share_of_the_past(half_life, images_seen, num_images):
    """The share of the average that a step over so many images keeps.

    Formula:

        0.5 ** (num_images / min(half_life, 0.05 (images_seen + num_images)))

    Args:
        half_life: Float, in images; or a `CosineSchedule` of it on images seen. 0 keeps nothing.
        images_seen: Integer tensor, images before this step.
        num_images: Integer or integer tensor.

    Returns:
        A float32 scalar in [0, 1).

    Reference:
        - [Karras et al., 2018](https://arxiv.org/abs/1710.10196), and the warm-up of
          StyleGAN2's code.
    """
    seen, new = ops.cast(images_seen, "float32"), ops.cast(num_images, "float32")
    half_life = half_life(images_seen) if callable(half_life) else half_life
    half_life = ops.maximum(ops.minimum(half_life, _WARM_UP * (seen + new)), 1e-8)
    return 0.5 ** (new / half_life)
