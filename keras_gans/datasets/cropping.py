"""A warning about pictures of which much is cropped."""

from collections.abc import Sequence

from keras_gans.protocols import Shape

_NOTABLE = 0.1  # share of a picture's area


def cropping(sizes: Sequence[tuple[int, int]], image_shape: Shape) -> str:
    """Returns a warning if a tenth of the area is lost by cropping, or an empty string.

    The warning suggests a shape that keeps everything.

    Args:
        sizes: Pairs of width and height in pixels, of which the one with the median proportion is
            used.
        image_shape: Tuple `(height, width, channels)`.

    Example:

    >>> cropping([(96, 64)], (64, 96, 1))
    ''
    """
    if not sizes:
        return ""
    width, height = sorted(sizes, key=lambda size: size[0] / size[1])[len(sizes) // 2]
    scale = min(width / image_shape[1], height / image_shape[0])
    kept = scale * image_shape[1], scale * image_shape[0]
    share = kept[0] * kept[1] / (width * height)
    if 1 - share <= _NOTABLE:
        return ""
    short = min(image_shape[:2])
    whole = [max(1, round(short * side / min(width, height))) for side in (height, width)]
    return (
        "Pictures should have the proportions of `image_shape`, (height, width, channels). "
        f"Received: image_shape={image_shape}, and files that are typically {width} pixels wide "
        f"and {height} high. Only the middle is kept, {kept[0]:.0f} pixels wide and {kept[1]:.0f} "
        f"high: {share:.0%} of the area. image_shape={(*whole, image_shape[2])} keeps everything."
    )
