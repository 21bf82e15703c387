"""Checks of arguments that are not numbers: strings, paths, functions and other objects."""

import importlib.util
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from keras_gans.checks.messages import wrong
from keras_gans.protocols import PathLike

_LONGEST_NAME = 200  # characters: file systems allow 255 bytes for a name and its extension


def one_of(name: str, value: Any, allowed: Iterable[Any], repair: str = "Pass one of them.") -> Any:
    """Returns a value that must be one of several strings or numbers.

    Raises:
        ValueError: If the value is not allowed.
    """
    allowed = list(allowed)
    if isinstance(value, bool) or not isinstance(value, str | int | None) or value not in allowed:
        *others, last = map(repr, allowed)
        expected = f"{', '.join(others)} or {last}" if others else last
        raise wrong(name, expected, value, repair)
    return value


def optional(check: Callable[..., Any], name: str, value: Any, *args: Any, **kwargs: Any) -> Any:
    """Returns None, or the result of another check of this package for the value."""
    return None if value is None else check(name, value, *args, **kwargs)


def text(name: str, value: Any, repair: str = "Pass a string.") -> str:
    """Returns a string that is not empty.

    Raises:
        ValueError: If the value is not a string, or is empty.
    """
    if not isinstance(value, str) or not value:
        raise wrong(name, "a string that is not empty", value, repair)
    return value


def plain_name(name: str, value: Any, repair: str) -> str:
    """Returns a string that can be a file name or the start of one, without a folder.

    Raises:
        ValueError: If the string is empty, contains separators or control characters, or is too
            long.
    """
    fits = isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME
    if not fits or value in (".", "..") or set(value) & set("/\\:") or not value.isprintable():
        expected = "a name without separators (/, \\ or :)"
        raise wrong(name, expected, value, repair)
    return value


def path(name: str, value: PathLike, repair: str = "Pass the path as a string.") -> Path:
    """Returns the path of a file or folder, in which `~` stands for the home folder.

    Raises:
        ValueError: If the value is not a path, or is empty.
    """
    given = os.fspath(value) if isinstance(value, str | os.PathLike) else None
    if not isinstance(given, str) or given in ("", ".") or "\0" in given:
        raise wrong(name, "the path of a file or folder", value, repair)
    return Path(given).expanduser()


def function(name: str, value: Any, expected: str, repair: str) -> Any:
    """Returns a callable; classes are not accepted, because a call would create an object.

    Raises:
        ValueError: If the value is not callable, or is a class.
    """
    if not callable(value) or isinstance(value, type):
        raise wrong(name, expected, value, repair)
    return value


def instance(name: str, value: Any, kind: Any, expected: str, repair: str) -> Any:
    """Returns an object of the given class, or of one of several classes.

    Raises:
        ValueError: If the value is not such an object.
    """
    if not isinstance(value, kind):
        raise wrong(name, expected, value, repair)
    return value


def package(name: str, expected: str, repair: str) -> None:
    """Checks that an optional package is installed, without importing it.

    Raises:
        ImportError: If it is not.
    """
    if importlib.util.find_spec(name) is None:
        raise ImportError(f"{expected} Received: an environment without {name}. {repair}")
