"""The filters of the library: a GET form, one address per list."""

from django import forms

from resources.models import Resource, ResourceQuerySet

EVERY = ("", "Cualquiera")


class ResourceFilter(forms.Form):
    """What to look for among the entries; an unknown option is said and ignored."""

    q = forms.CharField(label="Buscar", required=False, max_length=200)
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

    COLUMNS = {"tipo": "kind", "ambito": "scope", "obliga": "binds", "vigencia": "force"}

    def apply(self, entries: ResourceQuerySet) -> ResourceQuerySet:
        """Return the entries that match what was asked and understood."""
        self.is_valid()
        chosen = {
            column: self.cleaned_data[name]
            for name, column in self.COLUMNS.items()
            if self.cleaned_data.get(name)
        }
        return entries.filter(**chosen).search(self.cleaned_data.get("q", ""))

    @property
    def active(self) -> bool:
        """Whether anything was asked."""
        return any(self.data.get(name, "").strip() for name in self.fields)
