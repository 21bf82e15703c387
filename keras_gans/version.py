"""The version of the package, for the build, saved files and `__version__`."""

__version__ = "0.2.0"
