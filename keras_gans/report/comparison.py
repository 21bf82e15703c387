"""A page that compares several runs, from what their reports have saved."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from keras_gans import checks
from keras_gans.pipelines.files import prepare_folder, write_atomically
from keras_gans.protocols import PathLike
from keras_gans.report import page as report_page
from keras_gans.report import saved_page
from keras_gans.report.curves import panels_of
from keras_gans.report.differences import differences

_SHOWN = "messages", "frames", "rows", "pixels", "history"


def write_comparison(runs: Sequence[PathLike], output: PathLike = "compare.html") -> Path:
    """Writes an HTML page with the samples, metrics, curves and settings of several runs.

    Args:
        runs: Paths of pages that `TrainingReport` wrote, or of folders with such pages.
        output: Path of the page. Its folder is created if needed.

    Returns:
        The path of the page.

    Raises:
        ImportError: If plotly is missing.
        ValueError: If a path has no such page or a damaged one, there is only one page, or `output`
            does not end in `.html` or is the report of a run.
        OSError: If the page cannot be written.
    """
    report_page.check_plotly()
    output = report_page.checked_file("output", output)
    if saved_page.is_report(output):
        raise ValueError(
            "A comparison does not replace the report of a run. Received: "
            f"output={str(output)!r}. Pass another path."
        )
    found = [file.resolve() for run in runs for file in _reports(checks.path("runs", run))]
    files = list(dict.fromkeys(found))
    if len(files) < 2:
        raise ValueError(
            "A comparison needs the reports of at least two runs. Received: "
            f"runs={', '.join(map(str, runs))}, with one report. Pass those of other runs, too."
        )
    facts = facts_of([saved_page.read_all(file) for file in files], files)
    prepare_folder(output.parent)
    write_atomically(output, report_page.render_comparison(facts).encode())
    return output


def _reports(path):
    """Returns the report at a path, or the reports in a folder."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    files = [file for file in files if file.suffix in report_page.SUFFIXES]
    reports = [file for file in files if saved_page.is_report(file)]
    if not reports:
        kind = "another file" if path.is_file() else "which does not exist"
        raise ValueError(
            "A run is the page that TrainingReport wrote, or its folder. Received: "
            f"{str(path)!r}, {'a folder without such a page' if path.is_dir() else kind}. Check "
            "the path, or train with kg.callbacks.TrainingReport among the callbacks."
        )
    return reports


def facts_of(pages: Sequence[dict[str, Any]], files: Sequence[Path]) -> dict[str, Any]:
    """Returns what the page of a comparison shows.

    Args:
        pages: The facts of each run, from `saved_page.read_all`.
        files: The paths of the pages.
    """
    real = {page["real"] for page in pages if page["real"]}
    metrics = {
        metric["name"]: {"name": metric["name"], "lower": metric["lower"]}
        for page in pages
        for metric in page["metrics"]
    }
    return {
        "title": f"Comparison of {len(pages)} runs",
        "about": f"Written on {report_page.today()}",
        "real": real.pop() if len(real) == 1 else None,
        "metrics": list(metrics.values()),
        "logs": _logs(pages, list(metrics)),
        "settings": differences([page["configuration"] for page in pages]),
        "runs": [_run(*pair) for pair in zip(pages, run_names(pages, files), strict=True)],
    }


def _run(page, name):
    state = "" if page["state"] == "finished" else f", {page['state']}"
    return {
        **{part: page[part] for part in _SHOWN},
        "name": name,
        "progress": f"{page['epoch']} of {page['epochs']}{state}",
        "time": report_page.duration(page["seconds"]),
        "protocols": {metric["name"]: metric.get("protocol") for metric in page["metrics"]},
    }


def _logs(pages, first):
    """Returns the names of all logs in the order of their charts: metrics first."""
    values: dict[str, list[float | str | None]] = {}
    for page in pages:
        for name, history in page["history"].items():
            values[name] = values.get(name, []) + history
    return [name for panel in panels_of(values, first) for name in panel["names"]]


def run_names(pages: Sequence[dict[str, Any]], files: Sequence[Path]) -> list[str]:
    """Returns the titles of the runs; with a part of the path where several titles are the same.

    Args:
        pages: The facts of each run.
        files: The paths of the pages, all different.
    """
    titles = [page["title"] for page in pages]
    paths = [file.parts for file in files]
    while len({path[-1] for path in paths}) == 1:  # as in a/report.html and b/report.html
        paths = [path[:-1] for path in paths]
    count = 1
    while len({path[-count:] for path in paths}) < len(paths):
        count += 1
    ends = [Path(*path[-count:]).as_posix() for path in paths]
    ends = [end.removesuffix(".html").removesuffix(".htm") for end in ends]
    pairs = zip(titles, ends, strict=True)
    return [f"{title} ({end})" if titles.count(title) > 1 else title for title, end in pairs]
