"""The design system's tags: icons, form fields, status tags and components with slots.

Each tag renders one template of ``templates/components/``; the markup stands there, never here.
"""

from typing import Any
from zlib import crc32

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from rus_platform.templatetags.status_looks import look_of

register = template.Library()

GROUPS = (RadioSelect, CheckboxSelectMultiple)


# --- Small marks ----------------------------------------------------------------------------
@register.inclusion_tag("components/icon.html")
def icon(name: str, label: str = "", size: str = "") -> dict[str, str]:
    """An icon of the sprite. Without ``label`` it is decoration; with one it is an image with that name."""
    return {"name": name, "label": label, "size": size}


@register.inclusion_tag("components/status.html")
def status(value: Any, label: Any = "", size: str = "") -> dict[str, Any]:
    """A status as icon, words and hue. ``label`` is the words; a TextChoices member brings its own."""
    hue, name = look_of(str(value))
    return {"label": label or getattr(value, "label", value), "hue": hue, "icon": name, "value": value, "size": size}


def initials_of(name: str) -> str:
    """The first letters of the first and the last word, at most two."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def hue_of(name: str) -> int:
    """The same name always gets the same of the eight goal hues."""
    return crc32(str(name).encode()) % 8 + 1


@register.inclusion_tag("components/avatar.html")
def initials(name: str) -> dict[str, Any]:
    """A disc with a person's initials; decoration, since the name stands beside it."""
    return {"letters": initials_of(name), "hue": hue_of(name)}


@register.inclusion_tag("components/person.html")
def person(name: str, actor: str = "") -> dict[str, Any]:
    """A person and, when given, the organisation she acts for."""
    return {"name": name, "actor": actor, "letters": initials_of(name), "hue": hue_of(name)}


@register.inclusion_tag("components/sdg.html")
def sdg(number: int | str, name: str = "") -> dict[str, Any]:
    """One of the seventeen global goals: number on its official colour, name beside it."""
    return {"number": number, "name": name}


@register.filter
def share_of(value: float, whole: float) -> str:
    """``value`` as percent of ``whole``, 0..100, in a form SVG attributes understand; 0 when there is no whole."""
    return f"{max(0.0, min(100.0, 100 * float(value) / float(whole))):.2f}" if whole else "0"


@register.filter
def page_numbers(page: Page) -> list[int | str]:
    """The page numbers to show around the current one, an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


# --- Forms ----------------------------------------------------------------------------------
@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """A bound field with label, hint, error and the aria that ties them together.

    Options: ``label``, ``hint``, ``width`` (s, m, l, full), ``hide_label``, ``autosize``, ``prefix``, ``suffix``,
    ``placeholder``, ``autocomplete``, ``inputmode``, ``rows``.
    """
    widget = bound.field.widget
    shape = shape_of(widget)
    hint = options.get("hint", bound.help_text)
    described = described_by(bound, hint)
    attrs: dict[str, Any] = {"class": control_class(shape, options)}
    for name in ("placeholder", "autocomplete", "inputmode", "rows"):
        if options.get(name):
            attrs[name] = options[name]
    if options.get("autosize"):
        attrs["data-autosize"] = True
    if described and not bound.use_fieldset:
        attrs["aria-describedby"] = described
    return {
        "bound": bound,
        "shape": shape,
        "hint": hint,
        "described": described,
        "control": "" if shape == "group" else bound.as_widget(attrs=attrs),
        "label": options.get("label") or bound.label,
        "optional": not bound.field.required and shape != "check" and not bound.field.disabled,
        "options": options,
    }


def shape_of(widget: Any) -> str:
    """Which of the layouts in field.html a widget needs: hidden, group, check, file or plain."""
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, GROUPS):
        return "group"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, FileInput):
        return "file"
    return "group-plain" if widget.use_fieldset else "plain"


def control_class(shape: str, options: dict[str, Any]) -> str:
    """The class of the control itself."""
    base = {"check": "choice-input", "file": "file-input"}.get(shape, "input")
    return f"{base} input--{options['width']}" if options.get("width") else base


def described_by(bound: BoundField, hint: Any) -> str:
    """Ids of the hint and the error, in the order they are read."""
    ids = [f"{bound.auto_id}_helptext"] if hint else []
    return " ".join([*ids, f"{bound.auto_id}_error"] if bound.errors else ids)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet) -> dict[str, Any]:
    """Every error of the forms, each a link to its field; nothing when there are none."""
    plain: list[BaseForm] = []
    general: list[Any] = []
    for form in forms:
        if isinstance(form, BaseFormSet):
            plain.extend(form.forms)
            general.extend(form.non_form_errors() if form.is_bound else [])
        elif form is not None and form != "":
            plain.append(form)
    items = [item for form in plain for item in errors_of(form)]
    return {"items": [{"text": text, "url": ""} for text in general] + items}


def errors_of(form: BaseForm) -> list[dict[str, Any]]:
    """The errors of one form in the order of its fields, general ones first."""
    if not form.is_bound:
        return []
    items = [{"text": text, "url": ""} for text in form.non_field_errors()]
    for bound in form:
        items += [{"text": text, "url": f"#{target_id(bound)}", "label": bound.label} for text in bound.errors]
    return items


def target_id(bound: BoundField) -> str:
    """The id of what gets focus: the first choice of a group, else the control."""
    return f"{bound.auto_id}_0" if isinstance(bound.field.widget, GROUPS) else bound.auto_id


# --- Components with slots ------------------------------------------------------------------
SLOTS = "component_slots"


def render_component(context: Context, name: str, inputs: dict[str, Any]) -> SafeString:
    """``components/<name>.html`` with these inputs and nothing else of the page but the request."""
    assert context.template is not None  # set while a template renders
    chosen = context.template.engine.get_template(f"components/{name}.html")
    shared = {key: context[key] for key in ("csrf_token", "request", "LANGUAGE_CODE") if key in context}
    return chosen.render(context.new({**shared, **inputs}))


@register.simple_tag(takes_context=True)
def ui(context: Context, component_name: str, **inputs: Any) -> SafeString:
    """``{% ui "timeline" items=events %}``: a component without a body; it sees only what it is given."""
    return render_component(context, component_name, inputs)


class ComponentNode(template.Node):
    """Renders ``components/<name>.html`` with the given inputs, the body as ``slot`` and named slots by name."""

    def __init__(self, name: FilterExpression, inputs: dict[str, FilterExpression], body: NodeList) -> None:
        self.name, self.inputs, self.nodelist = name, inputs, body

    def render(self, context: Context) -> str:
        inputs = {key: value.resolve(context) for key, value in self.inputs.items()}
        slots: dict[str, str] = {}
        with context.push(**{SLOTS: slots}):
            body = self.nodelist.render(context)
        return render_component(
            context, self.name.resolve(context), {**inputs, **slots, "slot": mark_safe(body.strip())}
        )


class SlotNode(template.Node):
    """Hands its body to the component around it; renders nothing in place."""

    def __init__(self, name: str, body: NodeList) -> None:
        self.name, self.nodelist = name, body

    def render(self, context: Context) -> str:
        context[SLOTS][self.name] = mark_safe(self.nodelist.render(context).strip())
        return ""


@register.tag("component")
def component(parser: Parser, token: Token) -> ComponentNode:
    """``{% component "callout" tone="info" title=title %}body{% slot "actions" %}…{% endslot %}{% endcomponent %}``."""
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("component needs the name of a template in components/")
    inputs = token_kwargs(rest := bits[1:], parser)
    if rest:
        raise template.TemplateSyntaxError(f"component takes only name=value after the name, not {rest[0]!r}")
    body = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(parser.compile_filter(bits[0]), inputs, body)


@register.tag("slot")
def slot(parser: Parser, token: Token) -> SlotNode:
    """``{% slot "actions" %}…{% endslot %}`` inside a component."""
    bits = token.split_contents()
    if len(bits) != 2:
        raise template.TemplateSyntaxError("slot takes exactly one name")
    body = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(bits[1].strip("\"'"), body)
