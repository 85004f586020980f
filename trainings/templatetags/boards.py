"""Addresses of the parts of a board: each list has its page, and the others stay where they are."""

from django import template
from django.template import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def board_page(context: Context, name: str, number: int) -> str:
    """Return the address that shows a page of one list and leaves the rest as it is."""
    asked = context["request"].GET.copy()
    asked[name] = str(number)
    return f"?{asked.urlencode()}#lista-{name}"
