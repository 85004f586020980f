"""The form field through which files come in."""

from typing import Any

from django import forms

from red_genero.common.intake.receiving import Policy, receive
from red_genero.common.intake.words import REFUSALS


class ReceivedField(forms.FileField):
    """A field for one file, whose cleaned value is a Received: its content decides, not its name."""

    def __init__(self, *, policy: Policy, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", policy.help)
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": policy.accept}))
        super().__init__(error_messages={"empty": REFUSALS["file_empty"]}, **kwargs)
        self.policy = policy

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse beside the field what the verb would refuse."""
        file = super().clean(data, initial)
        return receive(file, self.policy) if file and file is not initial else file
