"""A model card: a README with a picture, for a model to share."""

import io
from pathlib import Path
from typing import Any

import keras

from keras_gans import checks
from keras_gans.drawing.plot_samples import can_be_drawn, plot_samples
from keras_gans.pipelines.files import prepare_folder, write_atomically
from keras_gans.protocols import PathLike
from keras_gans.report.fixed_sample import fixed_sample
from keras_gans.version import __version__

_CARD = """---
library_name: keras
tags:
- keras
- keras_gans
- gan
---

# {title}

{picture}A `{kind}` of keras_gans, a generative adversarial network: it generates {samples}.

| | |
|---|---|
{facts}

## How to use it

It needs `keras_gans` {version} or later, and TensorFlow.

```python
import keras
import keras_gans  # import it before loading, so that Keras knows the class

gan = keras.saving.load_model("{file}")
{generate}
```

## Data

TODO: which images the model was trained on, how many, their source and their license.

## Quality

TODO: scores with their protocol (`gan.evaluate` prints it), and known weaknesses.

## License

TODO: the license of this model. Also add it to the top of this file: `license: ...`
"""


def write_model_card(file: PathLike, folder: PathLike | None = None) -> Path:
    """Writes `README.md` and, if samples can be drawn without labels, `samples.png`.

    Args:
        file: Path of a `.keras` file.
        folder: Path, created if it does not exist. Defaults to the path of the file, with `_card`
            instead of `.keras`.

    Returns:
        The path of `README.md`.

    Raises:
        ValueError: If the file does not contain a model of keras_gans, or the folder already
            contains a `README.md`.
    """
    file = checks.path("file", file)
    folder = (
        file.with_name(f"{file.stem}_card") if folder is None else checks.path("folder", folder)
    )
    card = folder / "README.md"
    if card.exists():
        raise ValueError(
            f"A model card must be new. Received: folder={str(folder)!r}, which already contains a "
            "README.md. Rename it, or pass another folder."
        )
    model = keras.saving.load_model(file)
    if not hasattr(model, "ema_generator"):
        raise ValueError(
            "The file must contain a model of keras_gans. Received: "
            f"file={str(file)!r}, which contains a {type(model).__name__}. Pass a file that "
            "`gan.save` wrote."
        )
    prepare_folder(folder)
    picture = _picture(model)
    if picture is not None:
        write_atomically(folder / "samples.png", picture)
    write_atomically(card, _text(model, file, picture is not None).encode())
    return card


def _picture(model):
    """Returns a PNG file of samples, or None if they cannot be drawn or need labels."""
    needs_labels = model.condition_dim is not None or model.condition_shape is not None
    if needs_labels or not can_be_drawn(tuple(model.image_shape)):
        return None
    samples, columns, captions = fixed_sample(model)
    buffer = io.BytesIO()
    figure = plot_samples(samples, None, model.value_range, columns, captions)
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _text(model, file, has_picture):
    rank = len(model.image_shape)
    kind = {3: "images", 4: "volumes", 2: "series"}.get(rank, "samples")
    labels, generate = _labels(model), "images = gan.generate(16, seed=0)"
    if model.condition_dim is not None or model.condition_shape is not None:
        generate = "images = gan.generate(labels=labels)"
    elif rank == 3:
        generate = 'images = gan.generate(16, seed=0, dtype="uint8")  # 0 to 255'
    return _CARD.format(
        title=file.stem,
        picture="![Generated samples](samples.png)\n\n" if has_picture else "",
        kind=type(model).__name__,
        samples=f"{kind} of shape {tuple(model.image_shape)}" + (labels and f" for {labels}"),
        facts="\n".join(f"| {name} | {fact} |" for name, fact in _facts(model, labels).items()),
        version=__version__,
        file=file.name,
        generate=generate,
    )


def _labels(model):
    """Returns a description of the labels, or an empty string without labels."""
    if model.num_classes is not None and model.clusters is None:
        names = f": {', '.join(model.class_names)}" if model.class_names else ""
        return f"{model.num_classes} classes{names}"
    if model.condition_dim is not None:
        return f"conditions of {model.condition_dim} numbers"
    shape = model.condition_shape
    return f"conditions of shape {tuple(shape)}" if shape is not None else ""


def _facts(model, labels):
    sizes = (
        f"{name} {getattr(model, name).count_params():,}" for name in ("generator", "discriminator")
    )
    low, high = model.value_range
    facts: dict[str, Any] = {
        "values": f"from {low:g} to {high:g}",
        "latents": model.latent_dim or "none",
        "labels": labels or "none",
        "parameters": ", ".join(sizes),
        "images seen in training": f"{model.images_seen:,}",
    }
    if model.compiled:
        names = [type(model.loss).__name__]
        names += [type(term).__name__ for term in getattr(model, "penalties", [])]
        facts["loss and penalties"] = ", ".join(names)
    facts["versions"] = f"keras_gans {__version__}, keras {keras.__version__}"
    return facts
