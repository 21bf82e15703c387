"""The tests with other versions of what the library needs: `nox -s lower_bounds prerelease`."""

import nox

LOWER_BOUNDS = (
    "keras==3.13.*",
    "matplotlib==3.9.*",
    "numpy==1.26.*",
    "pillow==10.1.*",
    "tensorflow==2.20.*",
)


@nox.session(python="3.11")
def lower_bounds(session):
    """The oldest versions that `pyproject.toml` allows."""
    session.install("-e", ".[tests]", *LOWER_BOUNDS)
    run_tests(session)


@nox.session
def prerelease(session):
    """Keras' newest night, and the newest of everything else."""
    session.install("--upgrade", "--upgrade-strategy", "eager", "-e", ".[tests]")
    session.run("python", "-m", "pip", "uninstall", "--yes", "keras")  # one module, two names
    session.install("--pre", "--no-deps", "keras-nightly")
    run_tests(session)


def run_tests(session):
    """Both stages, or what is asked for: `nox -s prerelease -- tests/models`."""
    session.run("python", "-m", "pip", "list")
    if session.posargs:
        session.run("pytest", *session.posargs)
    else:
        session.run("pytest")
        session.run("pytest", "-m", "stage2")
