"""The version of the package: the build, saved files and `__version__` read it here."""

__version__ = "0.2.0"
