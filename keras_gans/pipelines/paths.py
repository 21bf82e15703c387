"""Paths as users write them, and all files in a folder."""

import os
import warnings
from pathlib import Path

from keras_gans.protocols import PathLike

_OF_THE_SYSTEM = ("/proc", "/sys")  # without files of users, but with many links
_OF_ARCHIVES = "__MACOSX"  # copies of file names that macOS adds to zip files


def expanded(path: PathLike) -> Path:
    """Returns a path in which a leading `~` is replaced by the user's home folder.

    Example:

    >>> expanded("data/~").as_posix()
    'data/~'
    """
    return Path(os.path.expanduser(path))


def is_folder(path: Path) -> bool:
    """Returns whether a path is a folder, and False if the path is invalid."""
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that is too long, or that contains a zero byte
        return False


def is_file(path: Path) -> bool:
    """Returns whether a path is a regular file, or a link to one, but no pipe or device."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def files_below(folder: Path) -> list[Path]:
    """Returns the paths of all files in a folder and its subfolders, sorted.

    Hidden files and folders and `__MACOSX` are skipped. Links to folders are followed, unless the
    link is inside that folder. A folder that cannot be read is skipped with a warning.

    Args:
        folder: Path.

    Returns:
        A list of paths of files, and also of pipes, devices and broken links.
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
            warnings.warn(f"A folder was skipped: {path} ({error.strerror}).", stacklevel=3)
            continue
        found += files
        waiting += [(inner, (*above, identity)) for inner in folders]
    return sorted(found)


def _content(folder):
    """Returns the paths of the folders in a folder, and of everything else in it."""
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
    """Returns whether files and folders of this name are skipped."""
    return name.startswith(".") or name == _OF_ARCHIVES


def _devices_of_the_system():
    """Returns the device numbers of the system's file systems, which contain no users' files."""
    own = {os.stat(path).st_dev for path in _OF_THE_SYSTEM if os.path.isdir(path)}
    return own - {os.stat(os.path.abspath(os.sep)).st_dev}
