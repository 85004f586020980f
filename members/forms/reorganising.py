"""What staff writes to reorganise the tree: the document, names, and who goes where."""

import datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.forms.fields import line_field
from members.forms.liaison import day_field
from members.models import Assignment, Department, Person
from members.tree_rules import New, Part, areas_of
from red_genero.common.choices import Several

PARTS: Final = 4


class OrderForm(forms.Form):
    """The document and its first day."""

    day = day_field(
        "A partir del",
        initial=timezone.localdate,
        help_text="El día que dice el documento: hoy o antes.",
    )
    source = line_field(
        "Documento que lo dispone", 300, help_text="Por ejemplo: Gaceta Municipal, tomo y fecha."
    )

    def clean_day(self) -> datetime.date:
        """It has begun already."""
        day: datetime.date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError("Regístrela a partir del día en que empieza.", code="date_ahead")
        return day


class RenameForm(OrderForm):
    """How it is called from that day on."""

    name = line_field("Nombre nuevo", 160)
    acronym = line_field("Siglas nuevas", 20, required=False)
    field_order = ("name", "acronym", "day", "source")


class MoveForm(OrderForm):
    """From which one it hangs."""

    parent = forms.ModelChoiceField(
        Department.objects.none(),
        label="Dependerá de",
        required=False,
        empty_label="De ninguna: queda en la raíz",
    )
    field_order = ("parent", "day", "source")

    def about(self, department: Department) -> None:
        """Offer what exists."""
        _offer(self, "parent", department)


class MergeForm(OrderForm):
    """With which others, and into what."""

    into = forms.ModelChoiceField(
        Department.objects.none(),
        label="La absorbe una que ya existe",
        required=False,
        empty_label="Ninguna: nace una nueva",
    )
    others = Several(
        Department.objects.none(),
        label="Otras que también se fusionan",
        required=False,
        help_text="Puede elegir varias con la tecla Ctrl.",
    )
    name = line_field("Nombre de la nueva", 160, required=False)
    acronym = line_field("Siglas de la nueva", 20, required=False)
    field_order = ("into", "name", "acronym", "others", "day", "source")

    def about(self, department: Department) -> None:
        """Offer what exists."""
        _offer(self, "into", department)
        _offer(self, "others", department)

    def clean(self) -> dict[str, Any]:
        """Either an existing one or a name."""
        data = super().clean() or {}
        if bool(data.get("into")) == bool(data.get("name")):
            raise ValidationError(
                "Elija la que la absorbe o escriba el nombre de la nueva: solo una de las dos.",
                code="into_or_name",
            )
        return data


class SplitForm(OrderForm):
    """The parts, and to which one goes each person and each área."""

    def about(self, department: Department) -> None:
        """Ask one name for each part, and one choice for each person and área."""
        parts = [(str(number), f"Parte {number}") for number in range(1, PARTS + 1)]
        posts = Assignment.objects.open().filter(department=department).select_related("person")
        asked: dict[str, forms.Field] = {}
        for number in range(1, PARTS + 1):
            asked[f"name_{number}"] = line_field(
                f"Nombre de la parte {number}", 160, required=number <= 2
            )
        for area in areas_of(department):
            asked[f"area_{area.pk}"] = forms.ChoiceField(label=f"Área: {area}", choices=parts)
        for post in posts.order_by("person__sort_name", "pk"):
            asked[f"person_{post.person_id}"] = forms.ChoiceField(
                label=f"{post.person} ({post.position})",
                choices=[("", "Por reubicar"), *parts],
                required=False,
            )
        self.fields = {**asked, **self.fields}

    def clean(self) -> dict[str, Any]:
        """Nothing goes to a part without name; ``parts`` is how the verb takes them."""
        data = super().clean() or {}
        named = [str(n) for n in range(1, PARTS + 1) if data.get(f"name_{n}")]
        for name, value in list(data.items()):
            if name.startswith(("area_", "person_")) and value and value not in named:
                self.add_error(name, "Esa parte no tiene nombre.")
        data["parts"] = [
            Part(
                new=New(name=data[f"name_{number}"]),
                people=_chosen(data, "person_", number),
                areas=_chosen(data, "area_", number),
            )
            for number in named
        ]
        return data


class RelocateForm(forms.Form):
    """Who, and to where."""

    people = Several(Person.objects.none(), label="Personas", widget=forms.CheckboxSelectMultiple)
    to = forms.ModelChoiceField(
        Department.objects.none(), label="Pasan a", empty_label="Elija la dependencia"
    )

    def about(self, department: Department) -> None:
        """Offer those who were left behind."""
        left = Assignment.objects.open().filter(department=department)
        people: Any = self.fields["people"]
        people.queryset = Person.objects.filter(pk__in=left.values("person"))
        _offer(self, "to", department)


def _chosen(data: dict[str, Any], prefix: str, part: str) -> frozenset[int]:
    """Return the keys that go to a part."""
    names = [name for name, value in data.items() if name.startswith(prefix) and value == part]
    return frozenset(int(name.removeprefix(prefix)) for name in names)


def _offer(form: forms.Form, name: str, department: Department) -> None:
    """Let a field choose among what exists today, without the dependencia itself."""
    field: Any = form.fields[name]
    field.queryset = Department.objects.current().exclude(pk=department.pk)
