"""Keras' docstrings as Markdown: examples that begin with a session, sections of its own."""

import re

import griffe

_SESSION = re.compile(r"^>>> .*?(?=\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^(Call arguments|(?:Input|Output) shape):\n((?:(?: .*)?\n)*)", re.MULTILINE)
_TITLE = re.compile(r"^(Example|Formula)(.*):$", re.MULTILINE)


class Examples(griffe.Extension):
    """Fences sessions as code, and lists what Google's style does not know."""

    def on_object(self, *, obj, **kwargs):
        """Called for each module, class and function."""
        if obj.docstring:
            text = _SECTION.sub(_listed, obj.docstring.value + "\n").rstrip("\n")
            text = _TITLE.sub(r"**\1**\2", text)
            obj.docstring.value = _SESSION.sub(r"```pycon\n\g<0>\n```", text)


def _listed(section):
    """A section as a list, an item for each line at its margin."""
    items = re.sub(r"^ {4}(?=\S)", "- ", section.group(2), flags=re.MULTILINE)
    return f"**{section.group(1)}**\n\n{items}"
