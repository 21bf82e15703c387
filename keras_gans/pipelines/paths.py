"""Paths as users write them, and the files below a folder."""

import os
import warnings
from pathlib import Path

from keras_gans.protocols import PathLike

_OF_THE_SYSTEM = ("/proc", "/sys")  # no files of users, and links to everywhere
_OF_ARCHIVES = "__MACOSX"  # copies of file names that macOS puts into zip files


def expanded(path: PathLike) -> Path:
    """Returns a path with `~` replaced by the user's home folder, as shells do.

    Example:

    >>> expanded("data/~").as_posix()
    'data/~'
    """
    return Path(os.path.expanduser(path))


def is_folder(path: Path) -> bool:
    """Returns whether a path is that of a folder; False where no file can have such a name, too."""
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that is too long, or that holds a zero byte
        return False


def is_file(path: Path) -> bool:
    """Returns whether a path is that of a regular file, or of a link to one: no pipe, no device."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def files_below(folder: Path) -> list[Path]:
    """All that is no folder in a folder and its sub-folders, in the order of the paths.

    Hidden files and folders are left out, and so is `__MACOSX`. Links to folders are followed,
    but not to one that the link itself lies in. A folder that cannot be read is left out with a
    warning.

    Args:
        folder: Path.

    Returns:
        A list of paths: of files, and also of pipes, devices and links that lead nowhere.
    """
    found: list[Path] = []
    foreign = _devices_of_the_system()
    waiting: list[tuple[Path, tuple[tuple[int, int], ...]]] = [(folder, ())]
    while waiting:
        path, above = waiting.pop()
        try:
            status = path.stat()
            identity = status.st_dev, status.st_ino
            if identity in above or status.st_dev in foreign:
                continue
            folders, files = _content(path)
        except OSError as error:
            warnings.warn(f"A folder was left out: {path} ({error.strerror}).", stacklevel=3)
            continue
        found += files
        waiting += [(inner, (*above, identity)) for inner in folders]
    return sorted(found)


def _content(folder):
    """Paths of the folders in a folder, and of all else."""
    folders: list[Path] = []
    files: list[Path] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not is_hidden(entry.name):
                path = Path(entry.path)
                leads_on = entry.is_symlink() and is_folder(path)
                inner = leads_on or entry.is_dir(follow_symlinks=False)
                (folders if inner else files).append(path)
    return folders, files


def is_hidden(name: str) -> bool:
    """Returns whether a file or folder of this name is left out."""
    return name.startswith(".") or name == _OF_ARCHIVES


def _devices_of_the_system():
    """Numbers of the file systems that hold no files, where there are some."""
    own = {os.stat(path).st_dev for path in _OF_THE_SYSTEM if os.path.isdir(path)}
    return own - {os.stat(os.path.abspath(os.sep)).st_dev}
