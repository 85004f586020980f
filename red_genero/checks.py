"""Deploy checks: what a production portal must not be."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def demo_is_not_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse demo mode: its mail can be read in the browser and its passwords are printed."""
    if not settings.DEMO:
        return []
    return [Error("DEMO is on: it must be off in production.", id="red_genero.E001")]
