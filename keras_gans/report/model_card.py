"""A model card: a README with a picture, for a model to share."""

import io
import json
import re
from pathlib import Path
from typing import Any

import keras

from keras_gans import checks
from keras_gans.drawing.plot_samples import can_be_drawn, plot_samples
from keras_gans.pipelines.files import prepare_folder, write_atomically
from keras_gans.protocols import PathLike
from keras_gans.report.fixed_sample import fixed_sample
from keras_gans.version import __version__

# Signs with a meaning in Markdown: an underscore has none inside a word, nor has a single "&".
_MARKS = re.compile(r"[\\`*\[\]<>|~$]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
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

gan = keras.saving.load_model({file})
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
        ValueError: If the file cannot be loaded or does not contain a model of keras_gans, or the
            folder already contains a `README.md` or `samples.png`.
    """
    file = checks.path("file", file)
    folder = (
        file.with_name(f"{file.stem}_card") if folder is None else checks.path("folder", folder)
    )
    card, drawing = folder / "README.md", folder / "samples.png"
    for path in (card, drawing):
        if path.exists():
            raise ValueError(
                f"A model card must be new. Received: folder={str(folder)!r}, which already "
                f"contains a {path.name}. Rename it, or pass another folder."
            )
    model = _loaded(file)
    prepare_folder(folder)
    picture = _picture(model)
    if picture is not None:
        write_atomically(drawing, picture)
    # Names of files that are not valid UTF-8 are written as Python writes them.
    write_atomically(
        card, _text(model, file, picture is not None).encode(errors="backslashreplace")
    )
    return card


def _loaded(file):
    """Returns the model in a file; Keras raises many kinds of errors that do not name the file."""
    try:
        model = keras.saving.load_model(file)
    except Exception as error:
        raise ValueError(
            "A model card needs a `.keras` file that can be loaded. Received: "
            f"file={str(file)!r} ({type(error).__name__}: {error}). Pass a file that `gan.save` "
            "wrote; import the modules with your own classes before."
        ) from error
    if not hasattr(model, "ema_generator"):
        raise ValueError(
            "The file must contain a model of keras_gans. Received: "
            f"file={str(file)!r}, which contains a {type(model).__name__}. Pass a file that "
            "`gan.save` wrote."
        )
    return model


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
        title=_as_text(file.stem),
        picture="![Generated samples](samples.png)\n\n" if has_picture else "",
        kind=type(model).__name__,
        samples=f"{kind} of shape {tuple(model.image_shape)}" + (labels and f" for {labels}"),
        facts="\n".join(f"| {name} | {fact} |" for name, fact in _facts(model, labels).items()),
        version=__version__,
        file=json.dumps(file.name, ensure_ascii=False),
        generate=generate,
    )


def _labels(model):
    """Returns a description of the labels, or an empty string without labels."""
    if model.num_classes is not None and model.clusters is None:
        names = list(map(_as_text, model.class_names or []))
        separator = "; " if any("," in name for name in names) else ", "
        return f"{model.num_classes} classes" + (f": {separator.join(names)}" if names else "")
    if model.condition_dim is not None:
        return f"conditions of {model.condition_dim} numbers"
    shape = model.condition_shape
    return f"conditions of shape {tuple(shape)}" if shape is not None else ""


def _as_text(name):
    """Returns a name in which Markdown finds no tags, links, cells and so on."""
    return _MARKS.sub(r"\\\g<0>", " ".join(name.split()))


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
