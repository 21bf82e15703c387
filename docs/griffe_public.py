"""The API pages: what users call, under the names that they write, with Keras' docstrings."""

import re

import griffe

_SESSION = re.compile(r"^>>> .*?(?=\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^(Call arguments|(?:Input|Output) shape):\n((?:(?: .*)?\n)*)", re.MULTILINE)
_TITLE = re.compile(r"^(Example|Formula)(.*):$", re.MULTILINE)


class Public(griffe.Extension):
    """Changes what griffe read from the sources to what the pages show."""

    def on_object(self, *, obj, **kwargs):
        """Formats each docstring; called for each module, class and function."""
        if obj.docstring:
            text = _SECTION.sub(_listed, obj.docstring.value + "\n").rstrip("\n")
            text = _TITLE.sub(r"**\1**\2", text)
            obj.docstring.value = _SESSION.sub(r"```pycon\n\g<0>\n```", text)

    def on_package(self, *, pkg, loader, **kwargs):
        """Called once, when everything has been read."""
        loader.resolve_aliases(implicit=True, external=False)
        rooms = {str(name) for name in pkg.exports} & set(pkg.modules)
        rooms = [pkg.members[name] for name in (*rooms, "models", "protocols")]
        things = [room.members[str(name)] for room in rooms for name in room.exports]
        public = {thing.canonical_path: thing for thing in things if not thing.is_module}
        classes = [
            loader.modules_collection[path] for path, thing in public.items() if thing.is_class
        ]
        hidden = [(thing, name) for thing in classes for name in _inherited(thing, public)]
        for thing, name in hidden:
            thing.members[name].docstring = None  # the page of the base class has one
        for thing in classes:
            bases = [base for base in thing.mro() if base.canonical_path in public]
            thing.extra["keras_gans"]["bases"] = [public[base.canonical_path] for base in bases]
            thing.bases = list(_public_bases(thing, public))
            _without_further(thing)


def _listed(section):
    """A section as a list, an item for each line at its margin."""
    items = re.sub(r"^ {4}(?=\S)", "- ", section.group(2), flags=re.MULTILINE)
    if section.group(1) == "Call arguments":
        items = re.sub(r"^- ([\w, ]+):", r"- **`\1`**:", items, flags=re.MULTILINE)
    return f"**{section.group(1)}**\n\n{items}"


def _inherited(thing, public):
    """The names of members that a public base class of ours documents."""
    bases = [base for base in thing.mro() if base.canonical_path in public]
    for name, member in thing.members.items():
        documented = any(name in base.members and base.members[name].docstring for base in bases)
        if documented and not member.is_alias and not name.startswith("_"):
            yield name


def _public_bases(thing, public):
    """Base classes as expressions; a private one is replaced by its own bases."""
    for base in thing.bases:
        path = getattr(base, "canonical_path", "")
        ours = path.startswith("keras_gans.")
        if not ours or path in public:
            yield base
        else:
            yield from _public_bases(thing.modules_collection[path], public)


def _without_further(thing):
    """Hides `*further`, which only makes positional arguments an error that says so."""
    constructor = thing.members.get("__init__")
    if constructor and "further" in (found.name for found in constructor.parameters):
        del constructor.parameters["further"]
