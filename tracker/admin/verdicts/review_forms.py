"""Forms that look at an answer again: adjudicate, dispute, uphold, overturn, and a source's reply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models import Answer, Dispute, Forecast, Question, Source, Verdict
from tracker.admin.kit.fields import DateField
from tracker.admin.verdicts.answer_forms import ANSWERS, AnswerForm

OWN = "own"


def _why(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        max_length=most("note"),
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FinalForm(AnswerForm):
    """An answer that ends the matter: an outcome or void, with why it is decided so."""

    reason = _why(_("Why?"), _("It is published beside the answer."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        answer = self.fields["answer"]
        answer.choices = [each for each in ANSWERS if each[0] != Answer.TOO_EARLY]  # type: ignore[attr-defined]


class OverturnForm(FinalForm):
    """The answer that takes the place of the disputed one."""


class AdjudicateForm(FinalForm):
    """Which of two verdicts is right, or a finding of one's own."""

    sides_with = forms.ChoiceField(label=_("Which one is right?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, verdicts: Sequence[Verdict], **options: Any) -> None:
        super().__init__(*args, **options)
        self.verdicts = {str(each.pk): each for each in verdicts}
        named = [(key, each.recorded_by or _("no name")) for key, each in self.verdicts.items()]
        self.fields["sides_with"].choices = [*named, (OWN, _("Neither: I give my own"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for an answer and its evidence only where the lead gives one."""
        if self.data.get("sides_with") == OWN:
            return super().clean()
        for name in [name for name in self.errors if name not in {"sides_with", "reason"}]:
            del self.errors[name]
        return self.cleaned_data

    @property
    def chosen(self) -> Verdict | None:
        return self.verdicts.get(self.cleaned_data["sides_with"])


class DisputeForm(forms.Form):
    reason = _why(_("What is wrong with the answer, and how do you know?"))
    raised_by = forms.CharField(
        label=_("Who says so"),
        required=False,
        max_length=most("name"),
        help_text=_("The name, if it is someone outside the newsroom. Leave empty if it is you."),
    )
    contact = forms.CharField(
        label=_("How to reach them"),
        required=False,
        max_length=most("label"),
        help_text=_("Never published."),
    )
    url = forms.URLField(
        label=_("Address of their evidence"),
        required=False,
        max_length=most("address"),
        assume_scheme="https",
    )
    quote = forms.CharField(
        max_length=most("words"),
        label=_("Its words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "words"}),
    )


class UpholdForm(forms.Form):
    dispute = forms.ModelChoiceField(queryset=Dispute.objects.all(), widget=forms.HiddenInput)
    reason = _why(_("Why does the answer stand?"))

    def __init__(self, *args: Any, question: Question, **options: Any) -> None:
        super().__init__(*args, **options)
        waiting = Dispute.objects.open().filter(question=question)
        self.fields["dispute"].queryset = waiting  # type: ignore[attr-defined]


class ReplyForm(forms.Form):
    source = forms.ModelChoiceField(label=_("Whose reply"), queryset=Source.objects.none())
    text = forms.CharField(
        max_length=most("words"),
        label=_("Their own words"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
    )
    replied_on = DateField(label=_("On"))
    url = forms.URLField(
        label=_("Address"), required=False, max_length=most("address"), assume_scheme="https"
    )

    def __init__(self, *args: Any, question: Question, **options: Any) -> None:
        super().__init__(*args, **options)
        spoke = Forecast.objects.current().filter(question=question).values("source")
        self.fields["source"].queryset = Source.objects.filter(pk__in=spoke)  # type: ignore[attr-defined]
