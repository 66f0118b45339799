"""A picture inside the page: SVG whose colours follow the page's theme, and whose ids no other picture has."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from markupsafe import Markup

from wincook.report.figures.canvas import Picture, contents
from wincook.report.figures.theme import LIGHT

_DROPPED = {"metadata", "style"}  # who drew it; rules that would hold for the whole page, which has them itself
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def picture_markup(picture: Picture, key: str) -> Markup:
    """An `svg` element as wide as its place, with the picture's title and line for those who do not see it.

    Args:
        picture: what to draw.
        key: of the ids of this picture; each picture of a page needs its own.
    """
    root = ET.fromstring(contents(picture, ".svg", LIGHT))  # noqa: S314 (our own text)
    for element in list(root.iter()):
        element.tag = _local(element.tag)
        for child in [child for child in element if _local(child.tag) in _DROPPED]:
            element.remove(child)
        attributes = {_local(name): _ours(_local(name), value, key) for name, value in element.attrib.items()}
        element.attrib.clear()
        element.attrib.update(attributes)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{key}-title {key}-desc")
    for place, (tag, words) in enumerate({"title": picture.title, "desc": picture.line}.items()):
        spoken = ET.Element(tag, id=f"{key}-{tag}")
        spoken.text = words
        root.insert(place, spoken)
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 (the writer escapes all text)


def _local(name: str) -> str:
    """Without its namespace: inside HTML, svg elements have theirs by their place."""
    return name.rpartition("}")[2]


def _ours(name: str, value: str, key: str) -> str:
    if name == "id":
        return f"{key}-{value}"
    if name == "href":
        return f"#{key}-{value.removeprefix('#')}" if value.startswith("#") else value
    value = _REFERENCE.sub(rf"url(#{key}-\1)", value)
    return _COLOUR.sub(lambda match: f"var(--{_NAMES[match[0]]})", value) if name == "style" else value


_NAMES = {colour: name for name, colour in LIGHT.colours.items()}
_COLOUR = re.compile("|".join(_NAMES))
