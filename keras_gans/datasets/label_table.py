"""A table of labels: the name of each picture, and its class or numbers."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import numpy as np

from keras_gans import checks
from keras_gans.datasets.pictures import ENDINGS
from keras_gans.datasets.split_by_name import normalized
from keras_gans.protocols import Array

_SHOWN = 3  # names in an error
_WHOLE = re.compile(r"[+-]?\d+")
_LARGEST = float(np.finfo("float32").max)
_LABELS = "strings, integers, finite floats, or rows of finite floats"
_REPAIR = "Use either names of classes, integers, floats, or rows of floats for all pictures."


class Table(NamedTuple):
    """Labels by the names of files.

    Attributes:
        labels: Dict from names to labels.
        place: String for messages, such as `" in labels.csv"`; empty if there is no file.
    """

    labels: dict[str, Any]
    place: str = ""


def check_labels(labels: Any) -> Table | bool:
    """Returns a table of labels, or whether folders are the classes.

    Raises:
        ValueError: If `labels` is not a bool, path or dict, or the file cannot be read.
    """
    if isinstance(labels, Mapping):
        named = all(isinstance(name, str) for name in labels)
        if not named or not labels:
            expected = "a dict from names of files to labels"
            raise checks.wrong("labels", expected, labels, "Names are strings such as 'a/1.png'.")
        return Table(dict(labels))
    if isinstance(labels, bool | np.bool_):
        return bool(labels)
    path = checks.path("labels", labels, "Pass True, a path or a dict; False for none.")
    return Table(_read(path), f" in {path}")


def labels_of(names: Sequence[str], table: Table) -> tuple[Array, list[str] | None]:
    """Returns the labels of pictures, and the names of the classes if the labels are classes.

    Args:
        names: Names of the pictures.
        table: `Table` of the same names, with strings or integers, which are classes, or with
            floats or sequences of numbers.

    Returns:
        Classes, int32 `(N,)`, and their names, in numerical order if all are integers or else in
        alphabetical order; or floats `(N, condition_dim)`, and None.

    Raises:
        ValueError: If names are missing or unknown, or the labels are of different kinds.
    """
    names = _normalized(names, "the folder")
    given = dict(zip(_normalized(table.labels, "labels"), table.labels.values(), strict=True))
    _check_names(names, given, table.place)
    labels = {name: _plain(label) for name, label in given.items()}
    for name, label in labels.items():
        if label is None:
            raise _wrong(_LABELS, {name: given[name]}, table.place)
    kinds = {type(label) for label in labels.values()}
    if kinds <= {int, str}:
        found = sorted(set(labels.values()), key=None if kinds == {int} else str)
        numbers = {label: number for number, label in enumerate(found)}
        classes = np.array([numbers[labels[name]] for name in names], "int32")
        return classes, [str(label) for label in found]
    if str in kinds:
        raise _mixed(labels, table.place, str, next(iter(kinds - {str, int})))
    return _floats(names, labels, table.place), None


def _normalized(names: Iterable[str], where: str) -> list[str]:
    """Returns names in the form in which they are compared, after checking that they differ."""
    found: dict[str, str] = {}
    for name in names:
        other = found.setdefault(normalized(name), name)
        if other != name:
            raise ValueError(
                "Names of pictures must differ in more than the encoding of accented letters. "
                f"Received: {other!a} and {name!a} in {where}. Rename one of them."
            )
    return list(found)


def _check_names(names, labels, place):
    known, wanted = set(labels), set(names)
    missing = [name for name in names if name not in known]
    surplus = [name for name in labels if name not in wanted]
    if missing or surplus:
        raise ValueError(
            "Every picture must have a label, and every label a picture. Received: "
            f"{len(missing)} of {len(names)} pictures have no label{_some(missing)}, and "
            f"{len(surplus)} of {len(labels)} labels{place} have no picture{_some(surplus)}. "
            "Names are paths inside the folder with their endings, such as 'a/1.png'."
        )


def _some(names):
    shown = ", ".join(repr(name) for name in names[:_SHOWN])
    more = ", ..." if len(names) > _SHOWN else ""
    return f" ({shown}{more})" if names else ""


def _plain(label):
    """Returns a string, an integer, a float or a tuple of floats; None for anything else."""
    if isinstance(label, str):
        return normalized(label.strip()) or None
    try:
        array = checks.numeric_array("labels", label)
    except ValueError:
        return None
    is_bool = array.ndim == 0 and array.dtype.kind == "b"
    fits = np.all(np.abs(array.astype("float64")) <= _LARGEST)  # no NaN
    if is_bool or not fits or array.ndim > 1 or array.size == 0:
        return None
    return array.item() if array.ndim == 0 else tuple(array.astype("float32").tolist())


def _floats(names, labels, place):
    rows = {name: label if isinstance(label, tuple) else (label,) for name, label in labels.items()}
    first = next(iter(rows))
    for name, row in rows.items():
        if len(row) != len(rows[first]):
            raise _wrong("rows of one length", {first: labels[first], name: labels[name]}, place)
    return np.array([rows[name] for name in names], "float32")


def _mixed(labels, place, *kinds):
    some = {}
    for kind in kinds:
        name = next(name for name, label in labels.items() if type(label) is kind)
        some[name] = labels[name]
    return _wrong("of one kind", some, place)


def _wrong(expected, some, place):
    received = checks.received("labels", some)
    return ValueError(f"`labels` must be {expected}. Received: {received}{place}. {_REPAIR}")


def _read(path: Path) -> dict[str, Any]:
    """Returns the labels in a CSV file."""
    try:
        rows = _rows(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, csv.Error) as error:
        raise ValueError(
            "`labels` must be True, False, a dict, or the path of a table as CSV in UTF-8. "
            f"Received: labels={str(path)!r} ({type(error).__name__}: {error}). "
            "Check the path, or save the table again."
        ) from error
    if rows and PurePosixPath(rows[0][1][0]).suffix.lower() not in ENDINGS:
        del rows[0]  # the header
    table: dict[str, Any] = {}
    for number, (name, *cells) in rows:
        width = len(rows[0][1]) - 1
        if len(cells) != width or not cells or name in table or not all(cells):
            raise ValueError(
                "Each line of a table of labels must have the name of another picture, and a class "
                f"or as many numbers as the others, separated by commas. Received: line {number} "
                f"of {path}, {','.join([name, *cells])!r}. Fix or remove it."
            )
        table[name] = _value(cells, number, path)
    return table


def _rows(text):
    """Returns pairs of the number of a line and its cells, without empty lines."""
    if "\0" in text:
        raise ValueError("it contains zero bytes, as after a crash of the machine")
    reader = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True, strict=True)
    rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    return [(number, row) for number, row in rows if any(row)]


def _value(cells, number, path):
    values = [_number(cell) for cell in cells]
    if len(values) == 1:
        return values[0]
    if any(isinstance(value, str) for value in values):
        raise ValueError(
            "If a table of labels has several columns after the names, they must be numbers. "
            f"Received: line {number} of {path}, {cells}. Keep one column of classes."
        )
    return values


def _number(cell):
    """Returns a cell as a number, if it is one in the usual notation."""
    if "_" in cell or not cell.isascii():  # Python reads "1_0" as 10
        return cell
    try:
        return int(cell) if _WHOLE.fullmatch(cell) else float(cell)
    except ValueError:
        return cell
