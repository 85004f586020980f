"""Model fields of the floor."""

from typing import Any

from django.db import models

from red_genero.common.text import fold, normalise_email


class FoldedField(models.TextField[str, str]):
    """Search key kept by the database row: the folded text of other fields of the same row.

    ``sources`` names fields or properties of the model; it is rewritten at each save and bulk write.
    """

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Describe the field to migrations without its defaults."""
        name, path, args, kwargs = super().deconstruct()
        kwargs["sources"] = self.sources
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the folded sources, separated by a space."""
        parts = [str(getattr(model_instance, source, "") or "") for source in self.sources]
        key = " ".join(filter(None, (fold(part) for part in parts)))
        setattr(model_instance, self.attname, key)
        return key


class LowercaseEmailField(models.EmailField[str, str]):
    """An address stored in lower case and without outer spaces."""

    def to_python(self, value: Any) -> Any:
        """Normalise what a form or a fixture gives."""
        value = super().to_python(value)
        return normalise_email(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        """Normalise what reaches the database, also in look-ups."""
        value = super().get_prep_value(value)
        return normalise_email(value) if isinstance(value, str) else value
