"""A file with the state of a training: the model, the epoch, the settings and the callbacks."""

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.pipelines.files import replacing
from keras_gans.protocols import Array, PathLike

NAME = "training.npz"
_BEFORE = "training_before.npz"
_ANY_NAME = {
    "name",
    "module",
    "inbound_nodes",
    "input_layers",
    "output_layers",
    "build_config",
    "version",
}


@dataclasses.dataclass
class Checkpoint:
    """The content of a file of `Resume`.

    Args:
        epoch: Integer, the number of completed epochs.
        state: List of arrays; None in the file that is written before the first epoch.
        settings: Dict of settings that must not change when training continues.
        callbacks: Dict of the values of callbacks, for JSON.
        arrays: Dict of the arrays that `callbacks` refers to, by their digests.
        step: Integer, the number of completed steps of the next epoch.
        means: Dict of lists of arrays, the state of each mean in the logs of the next epoch.
    """

    epoch: int
    state: list[Array] | None
    settings: dict[str, Any]
    callbacks: dict[str, Any]
    arrays: dict[str, Array]
    step: int = 0
    means: dict[str, list[Array]] = dataclasses.field(default_factory=dict)

    @property
    def position(self) -> str:
        """The position in the training, for messages."""
        return f"step {self.step} of epoch {self.epoch + 1}" if self.step else f"epoch {self.epoch}"


def digest_of(array: Array) -> str:
    """Returns a checksum of the values, shape and dtype of an array, 64 hexadecimal digits."""
    kind = array.dtype.str.lstrip("<|") if array.dtype.kind == "V" else array.dtype.str  # bfloat16
    content = hashlib.sha256(f"{kind} {array.shape}".encode())
    content.update(np.ascontiguousarray(array).reshape(-1).view("uint8").data)
    return content.hexdigest()


def write_checkpoint(folder: PathLike, checkpoint: Checkpoint) -> None:
    """Writes a temporary file, then moves it to its place; the previous file is kept.

    Arrays are named by their digests, so that equal arrays are stored once.

    Raises:
        OSError: If this is not possible; the previous files are kept.
    """
    arrays: dict[str, Any] = dict(checkpoint.arrays)

    def named(parts):
        digests = [digest_of(array) for array in parts]
        arrays.update(zip(digests, parts, strict=True))
        return digests

    digests = None if checkpoint.state is None else named(checkpoint.state)
    meta = {
        "epoch": checkpoint.epoch,
        "step": checkpoint.step,
        "means": {name: named(parts) for name, parts in checkpoint.means.items()},
        "settings": checkpoint.settings,
        "callbacks": checkpoint.callbacks,
        "state": digests,
        "arrays": sorted(arrays),
    }
    about = np.frombuffer(json.dumps(meta).encode(), "uint8")
    checksum = np.frombuffer(digest_of(about).encode(), "uint8")
    with replacing(Path(folder) / NAME, before=Path(folder) / _BEFORE) as file:
        np.savez(file, meta=about, checksum=checksum, **arrays)


def read_checkpoint(folder: PathLike) -> Checkpoint | None:
    """Returns the newest intact checkpoint, or None if there is no file.

    Raises:
        ValueError: If there are files, but all are damaged.
    """
    problems = []
    for name in (NAME, _BEFORE):
        path = Path(folder) / name
        try:
            checkpoint = _read(path)
        except FileNotFoundError:
            continue
        # A damaged file can cause any kind of error, from NumPy, zipfile, tokenize or zlib.
        except Exception as error:
            problems.append(f"{path} ({type(error).__name__}: {error})")
            continue
        if problems:
            print(f"A damaged checkpoint was skipped: {problems[0]}")
        return checkpoint
    if problems:
        raise ValueError(
            "A checkpoint must be an intact file that `Resume` of this version wrote. "
            f"Received: {'; '.join(problems)}. Delete the folder to start again."
        )
    return None


def _read(path):
    """Returns the content of a file; raises an error if anything is missing or changed."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
        about = content["meta"]
        if "checksum" not in content.files:
            raise ValueError("it was written by another version of keras_gans")
        if content["checksum"].tobytes().decode() != digest_of(about):
            raise ValueError("its description is damaged")
        meta = json.loads(about.tobytes())
        arrays = {name: content[name] for name in set(content.files) - {"meta", "checksum"}}
    if sorted(arrays) != meta["arrays"]:
        raise ValueError(f"it has {len(arrays)} arrays instead of {len(meta['arrays'])}")
    damaged = [name for name, array in arrays.items() if digest_of(array) != name]
    if damaged:
        raise ValueError(f"the checksums of {len(damaged)} of its arrays are wrong")
    state = meta["state"] if meta["state"] is None else [arrays[name] for name in meta["state"]]
    means = {name: [arrays[part] for part in parts] for name, parts in meta["means"].items()}
    settings, callbacks = meta["settings"], meta["callbacks"]
    return Checkpoint(meta["epoch"], state, settings, callbacks, arrays, meta["step"], means)


def flat_settings(settings: Any, path: str = "") -> dict[str, Any]:
    """Flattens nested dicts and lists to a dict from dotted names to values.

    Entries that can differ between equal models, such as names, are left out.

    Example:

    >>> flat_settings({"loss": {"name": "a", "gamma": 0.2}})
    {'loss.gamma': 0.2}
    """
    if isinstance(settings, dict):
        items = [(key, value) for key, value in settings.items() if key not in _ANY_NAME]
    elif isinstance(settings, list | tuple):
        items = list(enumerate(settings))
    else:
        return {path: settings}
    flat = {}
    for key, value in items:
        flat.update(flat_settings(value, f"{path}.{key}" if path else str(key)))
    return flat
