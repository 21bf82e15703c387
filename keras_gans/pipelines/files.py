"""Writing files so that an interruption leaves either the old or the new file intact."""

import contextlib
import glob
import itertools
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from keras_gans.protocols import PathLike

Content = bytes | Callable[[], bytes]  # of a file, or a function that makes it

_MOST_WAITING = 100  # largest number of files that are kept after a failure


def prepare_folder(folder: PathLike) -> None:
    """Creates a folder, if needed, and checks that files can be written to it.

    Raises:
        OSError: If this is not possible.
    """
    problem = None
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = error
    if problem is not None or not os.access(folder, os.W_OK):
        raise OSError(
            "Files need a writable folder. "
            f"Received: folder={str(folder)!r} ({problem or 'no permission to write'}). "
            "Pass another `folder`."
        ) from problem


@contextlib.contextmanager
def replacing(path: PathLike, before: PathLike | None = None) -> Iterator[BinaryIO]:
    """Returns a context with an open file that replaces `path` once it is on the disk.

    Args:
        path: Path of the file. If the context ends with an error, the file does not change.
        before: Path under which the replaced file is kept.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if before is not None and path.exists():
            os.replace(path, before)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_atomically(path: PathLike, content: Content) -> None:
    """Writes bytes to a temporary file, and moves it to `path` once it is on the disk.

    Args:
        path: Path.
        content: Bytes, or a function without arguments that returns them.
    """
    with replacing(path) as file:
        file.write(content() if callable(content) else content)


def remove_unfinished(folder: PathLike, beginning: str) -> None:
    """Removes the temporary files of processes that were killed while writing.

    Args:
        folder: Path.
        beginning: String with which the names of the files begin.
    """
    for path in Path(folder).glob(f".{glob.escape(beginning)}*.tmp"):
        path.unlink(missing_ok=True)


def move_aside(paths: Iterable[Path]) -> Path | None:
    """Moves files to a subfolder `earlier_run_1`, or the next one that has none of these files.

    Args:
        paths: Paths of files in the same folder. Nothing happens if there are none.

    Returns:
        The path of the subfolder, or None if there are no files.
    """
    paths = list(paths)
    numbers = itertools.count(1)
    while paths:
        aside = paths[0].parent / f"earlier_run_{next(numbers)}"
        if any((aside / path.name).exists() for path in paths):
            continue
        aside.mkdir(exist_ok=True)
        for path in paths:
            os.replace(path, aside / path.name)
        return aside
    return None


class PatientWriter:
    """A writer for the files of a callback, whose failures do not stop a running training.

    Until the callback sets `is_patient` to True, a failure is an error.

    Args:
        what: String that names the files, the subject of a sentence.
    """

    def __init__(self, what: str):
        self.is_patient = False
        self._what = what
        self._waiting: dict[Path, Content] = {}
        self._failed = False

    def write(self, path: PathLike, content: Content) -> None:
        """Writes a file atomically, after the files that could not be written before.

        A failure causes a warning, and the file is tried again together with the next one. Its
        folder is then created again if it no longer exists. Other files are written in any case.

        Args:
            path: Path.
            content: Bytes, or a function without arguments that returns them.

        Raises:
            OSError: If the file cannot be written and the writer is not patient.
        """
        self._waiting[Path(path)] = content
        self.finish()

    def finish(self) -> None:
        """Tries to write the files that could not be written before; see `write`."""
        errors = [error for path in list(self._waiting) if (error := self._error_of(path))]
        self._failed = bool(errors)
        if not errors:
            return
        if not self.is_patient:
            raise errors[0]
        first = next(iter(self._waiting))
        for old in list(self._waiting)[:-_MOST_WAITING]:
            del self._waiting[old]
        warnings.warn(
            f"{self._what} was not written: {errors[0]}. Training continues, and writing "
            f"{str(first)!r} is tried again with the next file.",
            stacklevel=4,
        )

    def _error_of(self, path):
        """Writes a waiting file; returns the error if that fails."""
        try:
            if self._failed:
                path.parent.mkdir(parents=True, exist_ok=True)
            content = self._waiting[path]
            if callable(content):
                content = self._waiting[path] = content()  # made only once
            write_atomically(path, content)
        except OSError as error:
            return error
        del self._waiting[path]
        return None


def is_chief(model: Any) -> bool:
    """Returns whether this process writes a model's files; only the first machine does.

    Args:
        model: `keras.Model`.
    """
    return model.distribute_strategy.extended.should_checkpoint
