"""The design system's tags: what they promise about escaping, isolation, errors and looks."""

import pytest
from django import forms
from django.core.paginator import Paginator
from django.db.models import TextChoices
from django.forms import formset_factory
from django.template import Context, Template, TemplateSyntaxError

from actors.models.mail import MailState
from consultations.models.disposition import DispositionDecision
from consultations.models.point import PointKind
from consultations.models.position import Stance
from consultations.states import ResponseState, RoundState
from rus_platform.templatetags.status_looks import LOOKS, look_of
from rus_platform.templatetags.ui import hue_of, initials_of, page_numbers, share_of
from strategies.models.anchor import AnchorOutcome
from strategies.states import ApprovalState, PublicationState, TextStatus

STATUSES = (
    TextStatus,
    ApprovalState,
    PublicationState,
    RoundState,
    ResponseState,
    Stance,
    DispositionDecision,
    AnchorOutcome,
    PointKind,
    MailState,
)


class AnswerForm(forms.Form):
    name = forms.CharField(label="Namn", help_text="Som i protokollet.")
    note = forms.CharField(label="Anteckning", required=False)
    stance = forms.ChoiceField(label="Ställning", widget=forms.RadioSelect, choices=[("a", "Ja"), ("b", "Nej")])

    def clean(self):
        if self.cleaned_data.get("name") == "fel":
            raise forms.ValidationError("Något är fel i sin helhet.")


def render(source: str, **context: object) -> str:
    """The template with the tags loaded, blanks folded."""
    return " ".join(Template("{% load ui %}" + source).render(Context(context)).split())


@pytest.mark.parametrize("choices", STATUSES, ids=lambda choices: choices.__name__)
def test_every_status_has_a_look(choices: type[TextChoices]):
    assert set(choices.values) - LOOKS.keys() == set()


def test_unknown_status_is_neutral():
    assert look_of("never heard of") == ("neutral", "dot")


def test_status_shows_its_words_escaped():
    html = render("{% status value label %}", value="adopted", label="<Antagen>")
    assert "&lt;Antagen&gt;" in html and 'aria-hidden="true"' in html


def test_component_body_is_markup_and_its_values_are_escaped():
    html = render(
        '{% component "callout" title=title %}<p>{{ text }}</p>{% endcomponent %}', title="<T>", text="<script>"
    )
    assert "<p>&lt;script&gt;</p>" in html and "&lt;T&gt;" in html


def test_component_sees_only_what_it_is_given():
    html = render(
        '{% component "callout" %}<p>Hej</p>{% endcomponent %}{% ui "meter" label="L" value=1 max=2 %}',
        title="T",
        text="X",
    )
    assert "callout-title" not in html and "X" not in html


def test_slots_of_nested_components_stay_apart():
    source = """{% component "empty" title="Yttre" %}{% component "callout" %}Inre{% slot "actions" %}<b>inre</b>{% endslot %}{% endcomponent %}
    {% slot "actions" %}<b>yttre</b>{% endslot %}{% endcomponent %}"""
    html = render(source)
    assert html.count("<b>inre</b>") == 1 and html.count("<b>yttre</b>") == 1
    assert html.index("<b>inre</b>") < html.index("<b>yttre</b>")


@pytest.mark.parametrize(
    "source",
    [
        "{% component %}{% endcomponent %}",
        '{% component "callout" oops %}{% endcomponent %}',
        "{% slot %}{% endslot %}",
    ],
)
def test_wrong_use_of_a_component_is_said(source: str):
    with pytest.raises(TemplateSyntaxError):
        render(source)


def test_field_ties_hint_and_error_to_the_control():
    html = render("{% field form.name %}", form=AnswerForm({"name": ""}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html and 'id="id_name_error"' in html and 'aria-invalid="true"' in html


def test_optional_field_says_so():
    assert "(frivilligt)" in render("{% field form.note %}", form=AnswerForm())
    assert "(frivilligt)" not in render("{% field form.name %}", form=AnswerForm())


def test_group_is_a_fieldset_that_is_described_by_its_error():
    html = render("{% field form.stance %}", form=AnswerForm({"name": "x"}))
    assert '<fieldset aria-describedby="id_stance_error">' in html and "<legend" in html


def test_error_summary_links_each_error_to_what_gets_focus():
    html = render("{% error_summary form %}", form=AnswerForm({}))
    assert 'href="#id_name"' in html and 'href="#id_stance_0"' in html and "Namn: " in html


def test_error_summary_tells_errors_of_the_whole_and_of_formsets():
    page = formset_factory(AnswerForm, extra=0)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-stance": "a"}
    )
    html = render("{% error_summary form formset %}", form=AnswerForm({"name": "fel", "stance": "a"}), formset=page)
    assert "Något är fel i sin helhet." in html and 'href="#id_form-0-name"' in html


def test_error_summary_is_absent_without_errors():
    assert render("{% error_summary form none %}", form=AnswerForm(), none=None) == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Lindqvist", "AL"), ("eva maria öst", "EÖ"), ("Ola", "O"), ("", ""), ("(Region) Norr 7", "N7")],
)
def test_initials(name: str, letters: str):
    assert initials_of(name) == letters


def test_the_same_name_has_the_same_hue():
    assert hue_of("Sandvika kommun") == hue_of("Sandvika kommun") and hue_of("x") in range(1, 9)


@pytest.mark.parametrize(("value", "whole", "share"), [(1, 3, "33.33"), (5, 4, "100.00"), (0, 4, "0.00"), (1, 0, "0")])
def test_share_never_leaves_the_bar(value: float, whole: float, share: str):
    assert share_of(value, whole) == share


def test_page_numbers_leave_a_gap():
    assert page_numbers(Paginator(range(240), 20).page(6)) == [1, "…", 5, 6, 7, "…", 12]
