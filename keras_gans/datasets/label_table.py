"""A table of labels: the name of each picture, and its class or numbers."""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

import numpy as np

from keras_gans import checks
from keras_gans.datasets.pictures import ENDINGS
from keras_gans.datasets.split_by_name import normalized
from keras_gans.protocols import Array, PathLike

Labels: TypeAlias = bool | PathLike | Mapping[str, Any]
"""True for folders as classes, the path of a CSV file, or a dict from file names to labels."""

_SHOWN = 3  # names in an error
_WHOLE = re.compile(r"[+-]?\d+")
_REPAIR = "Use either names of classes, integers, floats, or rows of floats for all pictures."


def check_labels(labels: Any) -> dict[str, Any] | bool:
    """Returns a dict from file names to labels, or whether folders are the classes.

    Raises:
        ValueError: If `labels` is not a bool, path or dict, or the file cannot be read.
    """
    if isinstance(labels, Mapping):
        named = all(isinstance(name, str) for name in labels)
        if not named or not labels:
            expected = "a dict from names of files to labels"
            raise checks.wrong("labels", expected, labels, "Names are strings such as 'a/1.png'.")
        return dict(labels)
    if isinstance(labels, bool | np.bool_):
        return bool(labels)
    return _read(checks.path("labels", labels, "Pass True, a path or a dict; False for none."))


def labels_of(names: Sequence[str], table: Mapping[str, Any]) -> tuple[Array, list[str] | None]:
    """Returns the labels of pictures, and the names of the classes if the labels are classes.

    Args:
        names: Names of the pictures.
        table: Dict from the same names to strings or integers, which are classes, or to floats or
            sequences of numbers.

    Returns:
        Classes, int32 `(N,)`, and their names, in numerical order if all are integers or else in
        alphabetical order; or floats `(N, condition_dim)`, and None.

    Raises:
        ValueError: If names are missing or unknown, or the labels are of different kinds.
    """
    table = {normalized(name): label for name, label in table.items()}
    names = [normalized(name) for name in names]
    _check_names(names, table)
    labels = {name: _plain(name, label) for name, label in table.items()}
    kinds = {type(label) for label in labels.values()}
    if kinds <= {int, str}:
        found = sorted(set(labels.values()), key=None if kinds == {int} else str)
        numbers = {label: number for number, label in enumerate(found)}
        classes = np.array([numbers[labels[name]] for name in names], "int32")
        return classes, [str(label) for label in found]
    if str in kinds:
        raise _mixed(labels, str, next(iter(kinds - {str, int})))
    return _floats(names, labels), None


def _check_names(names, table):
    known, wanted = set(table), set(names)
    missing = [name for name in names if name not in known]
    surplus = [name for name in table if name not in wanted]
    if missing or surplus:
        raise ValueError(
            "Every picture must have a label, and every label a picture. Received: "
            f"{len(missing)} of {len(names)} pictures have no label{_some(missing)}, and "
            f"{len(surplus)} of {len(table)} labels have no picture{_some(surplus)}. "
            "Names are paths inside the folder with their endings, such as 'a/1.png'."
        )


def _some(names):
    shown = ", ".join(repr(name) for name in names[:_SHOWN])
    more = ", ..." if len(names) > _SHOWN else ""
    return f" ({shown}{more})" if names else ""


def _plain(name, label):
    """Returns a label as a string, an integer, a float or a tuple of floats."""
    if isinstance(label, str) and label.strip():
        return label.strip()
    if isinstance(label, bool | np.bool_ | str):
        raise checks.wrong("labels", "names, integers or floats", {name: label}, _REPAIR)
    array = checks.numeric_array("labels", label, finite=True)
    if array.ndim == 0:
        return array.item()
    if array.ndim > 1 or array.size == 0:
        raise checks.wrong("labels", "numbers or rows of numbers", {name: label}, _REPAIR)
    return tuple(array.astype("float32").tolist())


def _floats(names, labels):
    rows = {name: label if isinstance(label, tuple) else (label,) for name, label in labels.items()}
    first = next(iter(rows))
    for name, row in rows.items():
        if len(row) != len(rows[first]):
            received = {first: labels[first], name: labels[name]}
            raise checks.wrong("labels", "rows of one length", received, _REPAIR)
    return np.array([rows[name] for name in names], "float32")


def _mixed(labels, *kinds):
    some = {}
    for kind in kinds:
        name = next(name for name, label in labels.items() if type(label) is kind)
        some[name] = labels[name]
    return checks.wrong("labels", "of one kind", some, _REPAIR)


def _read(path: Path) -> dict[str, Any]:
    """Returns the table in a CSV file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [(number, row) for number, row in enumerate(csv.reader(file), 1) if row]
    except (OSError, ValueError, csv.Error) as error:
        raise ValueError(
            "`labels` must be True, False, a dict, or the path of a table as CSV in UTF-8. "
            f"Received: labels={str(path)!r} ({type(error).__name__}: {error}). Check the path."
        ) from error
    if rows and PurePosixPath(rows[0][1][0]).suffix.lower() not in ENDINGS:
        del rows[0]  # the header
    table: dict[str, Any] = {}
    for number, (name, *cells) in rows:
        width = len(rows[0][1]) - 1
        if len(cells) != width or not cells or name in table or not all(map(str.strip, cells)):
            raise ValueError(
                "Each line of a table of labels must have the name of another picture, and a class "
                f"or as many numbers as the others, separated by commas. Received: line {number} "
                f"of {path}, {','.join([name, *cells])!r}. Fix or remove it."
            )
        table[name.strip()] = _value(cells, number, path)
    return table


def _value(cells, number, path):
    values = [_number(cell.strip()) for cell in cells]
    if len(values) == 1:
        return values[0]
    if any(isinstance(value, str) for value in values):
        raise ValueError(
            "If a table of labels has several columns after the names, they must be numbers. "
            f"Received: line {number} of {path}, {cells}. Keep one column of classes."
        )
    return values


def _number(cell):
    try:
        return int(cell) if _WHOLE.fullmatch(cell) else float(cell)
    except ValueError:
        return cell
