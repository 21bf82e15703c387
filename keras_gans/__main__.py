"""`python -m keras_gans`: information for bug reports; `card`: a model card; `compare`: runs."""

import argparse
import importlib.metadata
import os
import platform
from pathlib import Path
from typing import Any

_PACKAGES = "keras_gans", "keras", "tensorflow", "numpy", "matplotlib", "pillow", "plotly", "scipy"
_AMPERE = (8, 0)  # compute capability of the first GPUs with bfloat16


def main() -> None:
    """Runs the command given by the arguments of the program."""
    parser = argparse.ArgumentParser(
        prog="python -m keras_gans",
        description="Without a command: print the information needed for bug reports.",
    )
    commands = parser.add_subparsers(dest="command")
    card = commands.add_parser(
        "card", help="write a model card, README.md and samples.png, for a saved model"
    )
    card.add_argument("file", help="a .keras file")
    card.add_argument("--folder", help="the output folder; NAME_card for NAME.keras by default")
    compare = commands.add_parser(
        "compare", help="write a page that compares runs, from the pages that TrainingReport wrote"
    )
    compare.add_argument("runs", nargs="+", help="reports, or folders that contain them")
    compare.add_argument("--output", default="compare.html", help="%(default)s by default")
    asked = parser.parse_args()
    if asked.command == "card":
        from keras_gans.report.model_card import write_model_card

        path = write_model_card(asked.file, asked.folder)
        print(f"{path}: complete the parts marked TODO.")
    elif asked.command == "compare":
        from keras_gans.report.comparison import write_comparison

        path = write_comparison(asked.runs, asked.output)
        print(f"Open {path.resolve()} in a browser.")
    else:
        print_facts()


def print_facts() -> None:
    """Prints versions, devices, their bfloat16 support, and where data are stored."""
    import keras
    import tensorflow as tf

    from keras_gans.pipelines.paths import expanded

    facts: dict[str, Any] = {"python": f"{platform.python_version()}, {platform.platform()}"}
    facts |= {name: _version(name) for name in _PACKAGES}
    facts |= {"keras": keras.__version__, "tensorflow": tf.__version__}  # also of nightly builds
    facts["backend"] = keras.backend.backend()
    facts["precision"] = keras.config.dtype_policy().name
    for device in tf.config.list_physical_devices():
        name = device.name.removeprefix("/physical_device:")
        details = tf.config.experimental.get_device_details(device)
        kind = details.get("device_name", f"{os.cpu_count()} cores, {_processor()}")
        facts[name] = f"{kind}; bfloat16: {_bfloat16(device, details)}"
    home = expanded(os.environ.get("KERAS_HOME", "~/.keras"))
    facts["downloads"] = home / "datasets"
    facts["KERAS_GANS_DATA"] = os.environ.get("KERAS_GANS_DATA", "not set")
    for name, fact in facts.items():
        print(f"{name:16}{fact}")


def _version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _processor():
    for line in _processor_facts():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _processor_facts():
    """Returns Linux's description of the first processor, or no lines on other systems."""
    file = Path("/proc/cpuinfo")
    return file.read_text().split("\n\n")[0].splitlines() if file.exists() else []


def _bfloat16(device, details):
    """Returns, in words, whether the device computes faster in bfloat16 than in float32."""
    if device.device_type == "GPU":
        return "yes" if details.get("compute_capability", (0, 0)) >= _AMPERE else "no"
    if device.device_type == "TPU":
        return "yes"
    flags = [line for line in _processor_facts() if line.startswith("flags")]
    if not flags:
        return "unknown"
    found = {"avx512_bf16", "amx_bf16"} & set(flags[0].split())
    return f"yes ({', '.join(sorted(found))})" if found else "no"


if __name__ == "__main__":
    main()
