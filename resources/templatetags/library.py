"""What the library's templates print that HTML alone cannot say."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from resources.search_passages import Piece

register = template.Library()


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """Return a text with what was searched marked, and all of it escaped."""
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", text) if hit else text,) for text, hit in pieces),
    )
