"""Examples of Keras' docstrings, which begin "Example:" and a session at the margin."""

import re

import griffe

_SESSION = re.compile(r"^>>> .*?(?=\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)


class Examples(griffe.Extension):
    """Fences sessions as code."""

    def on_object(self, *, obj, **kwargs):
        """Called for each module, class and function."""
        if obj.docstring:
            text = re.sub(r"(?m)^(Example|Formula)(.*):$", r"**\1**\2", obj.docstring.value)
            obj.docstring.value = _SESSION.sub(r"```pycon\n\g<0>\n```", text)
