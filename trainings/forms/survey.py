"""The questions of a survey as she answers them, and as staff writes them."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from red_genero.common.text import validate_plain
from trainings.models import Question, QuestionSet
from trainings.surveying import TEXT_LENGTH, Value


class SurveyForm(forms.Form):
    """One field per question, in their order."""

    def __init__(self, *args: Any, questions: QuestionSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(questions.questions.all())
        for number, question in enumerate(self.asked, start=1):
            self.fields[self._name(question)] = _field(number, question)

    @property
    def given(self) -> dict[int, Value]:
        """The answers by question."""
        return {
            question.pk: self.cleaned_data[self._name(question)]
            for question in self.asked
            if self.cleaned_data[self._name(question)] not in {None, ""}
        }

    @property
    def helper(self) -> FormHelper:
        """The layout, made for each request; the warning stands before the open questions."""
        made = FormHelper()
        parts: list[Any] = []
        warned = False
        for question in self.asked:
            if question.kind == Question.Kind.TEXT and not warned:
                parts.append(HTML('{% include "components/_not_a_mailbox.html" %}'))
                warned = True
            parts.append(self._name(question))
        made.layout = Layout(*parts, Submit("", "Enviar mis respuestas", css_class="btn-lg"))
        return made

    @staticmethod
    def _name(question: Question) -> str:
        return f"q{question.pk}"


class QuestionFormSet(forms.BaseInlineFormSet[Question, QuestionSet, forms.ModelForm[Question]]):
    """The questions of a set: at least one."""

    def clean(self) -> None:
        """Refuse a set that asks nothing."""
        super().clean()
        kept = [
            form
            for form in self.forms
            if (form.has_changed() or form.instance.pk)
            and not getattr(form, "cleaned_data", {}).get("DELETE")
        ]
        if not any(self.errors) and not kept:
            raise ValidationError("Escriba al menos una pregunta.", code="no_questions")


def _field(number: int, question: Question) -> forms.Field:
    """Return the field of one question."""
    label = f"{number}. {question.text}"
    if question.kind == Question.Kind.TEXT:
        return forms.CharField(
            label=label,
            required=False,
            max_length=TEXT_LENGTH,
            validators=[validate_plain],
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Es opcional. No escriba nombres ni narre casos.",
        )
    return forms.TypedChoiceField(
        label=label,
        choices=question.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Elija una respuesta."},
    )
