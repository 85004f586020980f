"""Texts of the staff, kept to a harmless subset of HTML before they are stored."""

from typing import Final

import nh3

TAGS: Final = {"p", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br"}


def clean_html(typed: str) -> str:
    """Return only the paragraphs, lists, emphasis and links of a text."""
    return nh3.clean(typed, tags=TAGS, attributes={"a": {"href"}}).strip()
