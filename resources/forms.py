"""The filters of the library: a GET form, one address per list."""

from typing import Any

from django import forms

from resources.models import Resource, ResourceQuerySet, Topic

EVERY = ("", "Cualquiera")


class ResourceFilter(forms.Form):
    """What to look for among the entries; an unknown option is said and ignored."""

    q = forms.CharField(label="Buscar", required=False, max_length=200)
    tema = forms.ModelChoiceField(
        label="Tema",
        required=False,
        queryset=Topic.objects.order_by("order", "name"),
        to_field_name="key",
        empty_label="Cualquiera",
        error_messages={"invalid_choice": "Ese tema no es una de las opciones."},
    )
    tipo = forms.ChoiceField(label="Tipo", required=False, choices=[EVERY, *Resource.Kind.choices])
    ambito = forms.ChoiceField(
        label="Ámbito", required=False, choices=[EVERY, *Resource.Scope.choices]
    )
    obliga = forms.ChoiceField(
        label="¿Obliga al municipio?", required=False, choices=[EVERY, *Resource.Binds.choices]
    )
    vigencia = forms.ChoiceField(
        label="Vigencia", required=False, choices=[EVERY, *Resource.Force.choices]
    )
    anio = forms.IntegerField(
        label="Año de publicación",
        required=False,
        min_value=1800,
        max_value=2200,
        localize=False,
        error_messages={"invalid": "Escriba el año con cuatro números, por ejemplo 2019."},
    )

    COLUMNS = {
        "tema": "topic",
        "tipo": "kind",
        "ambito": "scope",
        "obliga": "binds",
        "vigencia": "force",
        "anio": "published_on__year",
    }

    def __init__(self, *args: Any, inside: Topic | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if inside:
            del self.fields["tema"]

    def narrow(self, entries: ResourceQuerySet) -> ResourceQuerySet:
        """Return the entries that fit every filter that was asked and understood."""
        self.is_valid()
        return entries.filter(
            **{
                column: self.cleaned_data[name]
                for name, column in self.COLUMNS.items()
                if self.cleaned_data.get(name)
            }
        )

    @property
    def typed(self) -> str:
        """The words to look for."""
        self.is_valid()
        return str(self.cleaned_data.get("q", "")).strip()

    @property
    def others(self) -> list[forms.BoundField]:
        """Every filter but the words."""
        return [field for field in self if field.name != "q"]

    @property
    def narrowed(self) -> bool:
        """Whether some filter besides the words was asked."""
        return any(self.data.get(field.name, "").strip() for field in self.others)

    @property
    def active(self) -> bool:
        """Whether anything was asked."""
        return any(self.data.get(name, "").strip() for name in self.fields)
