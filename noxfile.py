"""The tests with other versions of what the library needs: `nox -s lower_bounds prerelease`."""

import nox

DEPENDENCIES = nox.project.load_toml("pyproject.toml")["project"]["dependencies"]
LOWER_BOUNDS = [f"{dependency.replace('>=', '==')}.*" for dependency in DEPENDENCIES]


@nox.session(python="3.11")
def lower_bounds(session):
    """The oldest versions that `pyproject.toml` allows."""
    session.install("-e", ".[tests]", *LOWER_BOUNDS)
    run_tests(session)


@nox.session
def prerelease(session):
    """Keras' latest nightly build, and the latest release of everything else."""
    session.install("--upgrade", "--upgrade-strategy", "eager", "-e", ".[tests]")
    session.run("python", "-m", "pip", "uninstall", "--yes", "keras")  # one module, two names
    session.install("--pre", "--no-deps", "keras-nightly")
    run_tests(session)


def run_tests(session):
    """Both stages, or the tests given after `--`: `nox -s prerelease -- tests/models`."""
    session.run("python", "-m", "pip", "list")
    if session.posargs:
        session.run("pytest", *session.posargs)
    else:
        session.run("pytest")
        session.run("pytest", "-m", "stage2")
