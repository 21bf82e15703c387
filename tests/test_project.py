"""What stands in several files of the project is the same everywhere."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import keras_gans as kg

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# GitHub starts each of them; what they do stands in `.ci/` and in `noxfile.py`.
COMMANDS = {"bash .ci/run", "bash .ci/second"}
COMMANDS |= {"python .ci/quick_start.py", "empty/bin/python .ci/quick_start.py"}
COMMANDS |= {f"nox --session {name}" for name in ("lower_bounds", "prerelease")}
SET_UP = re.compile(r"(python|empty/bin/pip) (-m (pip|venv|build|twine|pytest)\b|install )")


def jobs(path):
    return yaml.safe_load(path.read_text())["jobs"]


def lines(job):
    """The commands of a job, line by line; the check of the tag is for releases only."""
    for step in job.get("steps", []):
        if not step.get("name", "").startswith("The tag"):
            for line in step.get("run", "").splitlines():
                for script in job.get("strategy", {}).get("matrix", {}).get("script", [""]):
                    told = line.replace("${{ matrix.script }}", script)
                    yield told.split(" #")[0].strip()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_run_the_commands_of_the_project(path):
    for name, job in jobs(path).items():
        for line in lines(job):
            known = line in COMMANDS or SET_UP.match(line) or line.startswith("tar ")
            assert known, f"{name}: {line}"


def test_every_check_has_a_workflow():
    run = {line for path in WORKFLOWS for job in jobs(path).values() for line in lines(job)}
    assert run >= COMMANDS
    sessions = re.findall(r"^@nox.*\ndef (\w+)", (ROOT / "noxfile.py").read_text(), re.MULTILINE)
    assert {f"nox --session {name}" for name in sessions} == {c for c in COMMANDS if "nox" in c}


def test_both_stages_and_the_examples_are_checked():
    first, second = ((ROOT / ".ci" / name).read_text() for name in ("run", "second"))
    assert "README.md" in first  # whose command runs the first stage
    assert "pytest -m stage2" in second
    assert ".ci/examples.py" in second


def test_workflows_check_the_versions_of_python_that_the_package_names():
    named = [c.split(" :: ")[-1] for c in PROJECT["classifiers"] if ":: Python ::" in c]
    everything = jobs(ROOT / ".github" / "workflows" / "checks.yml")["everything"]
    assert everything["strategy"]["matrix"]["python"] == named


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_have_least_permissions_and_pinned_actions(path):
    text = path.read_text()
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
    for name, job in jobs(path).items():
        expected = {"id-token": "write"} if name == "publish" else None
        assert job.get("permissions") == expected, name
    for action in re.findall(r"uses: (.*)", text):
        assert re.fullmatch(r"\./.*|[\w/-]+@[0-9a-f]{40} # v[\d.]+", action), action


def texts():
    """The files that people read or that hold settings, of a clone or an unpacked sdist."""
    patterns = ("*.md", "*.cff", "*.yml", ".github/**/*.yml", ".github/*.md", "docs/**/*.md")
    patterns += ("examples/*.*", "notebooks/*.*", "keras_gans/**/*.py", "keras_gans/**/*.html")
    return [path for pattern in patterns for path in ROOT.glob(pattern)]


def test_the_addresses_of_the_project_stand_in_one_place():
    addresses = [url.rstrip("/") for url in PROJECT["urls"].values()]
    assert addresses
    for path in texts():
        found = [url for url in addresses if url in path.read_text(encoding="utf-8")]
        assert not found, f"{path}: {found} stands in pyproject.toml, and should only stand there"


def test_the_citation_and_the_changelog_have_the_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == kg.__version__
    assert citation["license"] == PROJECT["license"]
    version = re.search(r"^## (\S+) \((.*)\)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert version.group(1) == kg.__version__
    assert version.group(2) == str(citation.get("date-released", "unreleased"))


def test_pull_requests_are_asked_for_the_checklist():
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    section = contributing.split("## Every change\n")[1].split("\n## ")[0]
    checklist = re.findall(r"^\d\. (.*)$", section, re.MULTILINE)
    template = (ROOT / ".github" / "pull_request_template.md").read_text()
    asked = re.findall(r"^- \[ \] (.*)$", template, re.MULTILINE)
    assert len(asked) == len(checklist)
    for question, point in zip(asked, checklist, strict=True):
        assert point.startswith(question)


@pytest.mark.parametrize("form", ["bug", "training", "idea"])
def test_issue_forms_ask_for_versions_and_devices(form):
    text = (ROOT / ".github" / "ISSUE_TEMPLATE" / f"{form}.yml").read_text()
    labels = [part["attributes"].get("label") for part in yaml.safe_load(text)["body"]]
    assert "What does `python -m keras_gans` print?" in labels
