"""The settings in which runs differ."""

import re
from collections.abc import Sequence
from typing import Any

# Parts of Keras' configs that say how a layer is loaded and connected.
_NOT_SETTINGS = {"module", "registered_name", "build_config", "inbound_nodes"}
_NOT_SETTINGS |= {"input_layers", "output_layers", "networks"}
_OF_LAYERS = "name", "trainable", "dtype"
_TOP = "model", "compile"  # their settings have different names, so that these can be left out
_ABSENT = object()
_MOST = 4  # entries of a list that are named
_LONGEST = 80  # characters of a value


def differences(configurations: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the settings that are not the same in all runs.

    Args:
        configurations: Dicts of numbers, strings, lists, dicts and Keras configs, one for each run.

    Returns:
        A list of dicts with `name`, a string, and `values`, a list with a string for each run, or
        None where a run does not have the setting.
    """
    return list(_rows("", [_flat(_cleaned(one)) for one in configurations]))


def _flat(configuration):
    flat: dict[str, Any] = {}
    for key, value in configuration.items():
        flat |= value if key in _TOP and isinstance(value, dict) else {key: value}
    return flat


def _cleaned(value):
    """Returns a setting without what differs between two equal layers."""
    if isinstance(value, dict):
        kept = {key: _cleaned(entry) for key, entry in value.items() if key not in _NOT_SETTINGS}
        if isinstance(kept.get("name"), str):
            kept["name"] = re.sub(r"_\d+$", "", kept["name"])  # Keras counts layers of a kind
        return kept
    return [_cleaned(entry) for entry in value] if isinstance(value, list) else value


def _rows(name, values):
    """Yields the rows of one setting, or of its parts where all runs have the same parts."""
    first = values[0]
    if all(value == first for value in values):
        return
    if _same_class(values):
        yield from _rows(name, [value.get("config") for value in values])
    elif all(isinstance(value, dict) and not _is_object(value) for value in values):
        for key in dict.fromkeys(key for value in values for key in value):
            yield from _rows(f"{name} {key}".strip(), [value.get(key, _ABSENT) for value in values])
    elif _same_length(values):
        for number, entries in enumerate(zip(*values, strict=True), 1):
            place = f" {number}" if len(first) > 1 else ""
            kind = f" {entries[0]['class_name']}" if _same_class(entries) else ""
            yield from _rows(f"{name}{place}{kind}", entries)
    else:
        yield {"name": name, "values": [_words(value) for value in values]}


def _is_object(value):
    return isinstance(value, dict) and "class_name" in value


def _same_class(values):
    return all(map(_is_object, values)) and len({str(one["class_name"]) for one in values}) == 1


def _same_length(values):
    """Returns whether all are lists of objects with the same length."""
    lists = all(isinstance(value, list) and any(map(_is_object, value)) for value in values)
    return lists and len({len(value) for value in values}) == 1


def _words(value):
    """Returns a value as a string, shortened if necessary, or None if it is absent."""
    if value is _ABSENT:
        return None
    text = _text(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _text(value):
    if _is_object(value):
        config = value.get("config")
        shown = [
            f"{key}={_text(entry)}"
            for key, entry in (config.items() if isinstance(config, dict) else ())
            if entry is not None and entry is not False and key not in _OF_LAYERS
        ]
        return f"{value['class_name']}({', '.join(shown)})"
    if isinstance(value, list):
        return str(len(value)) if len(value) > _MOST else ", ".join(map(_text, value)) or "none"
    if isinstance(value, float):
        return f"{value:.6g}"
    return "none" if value is None else str(value)
