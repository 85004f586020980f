"""What staff types about a formación and its modules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from trainings.models import Course, Module


class CourseForm(forms.ModelForm[Course]):
    """A formación; what it asks for before may not ask for it in turn."""

    class Meta:
        model = Course
        fields = (
            "key",
            "title",
            "area",
            "format",
            "mode",
            "hours",
            "sittings",
            "difficulty",
            "audience",
            "objective",
            "contents",
            "evaluation",
            "minimum_attendance",
            "paper",
            "prerequisites",
            "violences",
            "published",
        )

    def clean_prerequisites(self) -> Any:
        """Refuse a circle, at any distance."""
        wanted = self.cleaned_data["prerequisites"]
        if self.instance.pk and self.instance.pk in Course.objects.needed_by(wanted):
            raise ValidationError(
                "Uno de los prerrequisitos pide, a su vez, esta formación.", code="circle"
            )
        return wanted


class ModuleForm(forms.ModelForm[Module]):
    """One module; its place is the next one when it is left empty."""

    next_order = 1

    class Meta:
        model = Module
        fields = ("order", "course", "required")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].required = False
        self.fields["order"].help_text = "Vacío: el que sigue."

    def clean_order(self) -> int:
        """Count the module by its place when it is left empty."""
        return self.cleaned_data.get("order") or self.next_order


class ModuleFormSet(forms.BaseInlineFormSet[Module, Course, forms.ModelForm[Module]]):
    """The modules of a diplomado, in order."""

    def add_fields(self, form: forms.ModelForm[Module], index: int | None) -> None:
        """Tell each module its place."""
        super().add_fields(form, index)
        if isinstance(form, ModuleForm):
            form.next_order = (index or 0) + 1
