"""What the page /designsystem/ shows: its chapters, and realistic things to show in them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from rus_platform.templatetags.status_looks import LOOKS

#: Chapters of the page: heading, then the examples (files in templates/designsystem/) with their headings.
CHAPTERS: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...] = (
    (
        _("Grunder"),
        (("colours", _("Färger")), ("type", _("Typografi")), ("space", _("Mellanrum")), ("icons", _("Ikoner"))),
    ),
    (
        _("Handling"),
        (("buttons", _("Knappar")), ("menus", _("Menyer")), ("dialogs", _("Dialoger")), ("toasts", _("Korta besked"))),
    ),
    (
        _("Formulär"),
        (
            ("fields", _("Fält")),
            ("errors", _("Felsammanfattning")),
            ("filters", _("Filter")),
            ("steps", _("Guide i steg")),
        ),
    ),
    (
        _("Status och besked"),
        (
            ("statuses", _("Status")),
            ("band", _("Textens status")),
            ("callouts", _("Utrop")),
            ("empty", _("Tomt läge")),
            ("progress", _("Förlopp och täckning")),
        ),
    ),
    (
        _("Listor och tabeller"),
        (
            ("tasks", _("Uppgiftslista")),
            ("facts", _("Faktalista")),
            ("tables", _("Tabeller")),
            ("tabs", _("Flikar")),
            ("details", _("Fäll ut")),
            ("navigation", _("Navigation")),
        ),
    ),
    (
        _("Text, mål och synpunkter"),
        (
            ("prose", _("Läsning")),
            ("goals", _("Mål och prioriteringar")),
            ("comments", _("Synpunkter och citat")),
            ("diff", _("Skillnader")),
            ("timeline", _("Så kom det till")),
            ("people", _("Personer och märken")),
        ),
    ),
)


@dataclass(frozen=True)
class Row:
    """A row of the example table."""

    name: str
    kind: str
    state: str
    label: str
    points: int


class ShowcaseForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label=_("Strategins namn"), help_text=_("Till exempel ”Norrsand 2040”."), max_length=120)
    horizon = forms.IntegerField(label=_("Målår"), min_value=2030, max_value=2060)
    background = forms.CharField(label=_("Bakgrund"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    kind = forms.ChoiceField(
        label=_("Slag av aktör"),
        choices=[("", _("Välj")), ("m", _("Kommun")), ("r", _("Region")), ("s", _("Statlig myndighet"))],
    )
    stance = forms.ChoiceField(
        label=_("Ert ställningstagande till mål 2"),
        widget=forms.RadioSelect,
        choices=[
            ("supports", _("Tillstyrker")),
            ("changes", _("Tillstyrker med ändringar")),
            ("opposes", _("Avstyrker")),
        ],
    )
    counties = forms.MultipleChoiceField(
        label=_("Län"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("24", "Västerbottens län"), ("22", "Västernorrlands län"), ("23", "Jämtlands län")],
    )
    closes = forms.DateTimeField(
        label=_("Sista svarsdag"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    minutes = forms.FileField(label=_("Protokollsutdrag"), help_text=_("PDF, högst 10 MB."), required=False)
    agreed = forms.BooleanField(label=_("Jag lämnar svaret för organisationens räkning"))


class FilterForm(forms.Form):
    """The fields of the example filter."""

    q = forms.CharField(label=_("Sök"), widget=forms.TextInput(attrs={"type": "search"}), required=False)
    state = forms.ChoiceField(label=_("Läge"), choices=[("", _("Alla")), ("i", _("Inlämnade"))], required=False)


def at(day: int, hour: int = 9) -> datetime:
    """A moment in November 2026."""
    return datetime(2026, 11, day, hour, 14, tzinfo=get_default_timezone())


def icon_names() -> list[str]:
    """Every icon of the sprite."""
    sprite = (settings.BASE_DIR / "static" / "img" / "icons.svg").read_text()
    return re.findall(r'<symbol id="([^"]+)"', sprite)


def showcase_context() -> dict[str, Any]:
    """Everything the examples name."""
    wrong = {"name": "", "horizon": "1999", "stance": "", "counties": []}
    rows = [
        Row("Sandvika kommun", str(_("Kommun")), "submitted", str(_("Inlämnat")), 14),
        Row("Länsstyrelsen i Norrsands län", str(_("Länsstyrelse")), "drafting", str(_("Skrivs")), 6),
        Row("Företagarna Norrsand", str(_("Näringsliv")), "late", str(_("Sent")), 3),
    ]
    return {
        "chapters": CHAPTERS,
        "form": ShowcaseForm(prefix="ok", initial={"name": "Norrsand 2040", "stance": "changes"}),
        "wrong_form": ShowcaseForm(wrong, prefix=None),
        "filter_form": FilterForm(prefix="f"),
        "rows": rows,
        "page_obj": Paginator(range(240), 20).page(5),
        "icons": icon_names(),
        "looks": LOOKS,
        "colours": (
            "paper",
            "surface",
            "sunken",
            "ink",
            "ink-soft",
            "rule",
            "rule-strong",
            "accent",
            "accent-wash",
            "ember",
        ),
        "hues": ("neutral", "pine", "lake", "amber", "berry", "moss", "plum"),
        "eight": range(1, 9),
        "sizes": ("xs", "s", "m", "l", "xl", "2xl", "3xl"),
        "spaces": range(1, 10),
        **lists(),
    }


def lists() -> dict[str, list[dict[str, Any]]]:
    """Items for the components that take lists."""
    return {
        "crumbs": [
            {"label": "Norrsand 2040", "url": "#ex-navigation"},
            {"label": _("Samråd"), "url": "#ex-navigation"},
            {"label": _("Synpunkter")},
        ],
        "side": [
            {"label": _("Översikt"), "url": "#ex-navigation", "icon": "home"},
            {"label": _("Utkast"), "url": "#ex-navigation", "icon": "pencil", "current": True, "group": _("Texten")},
            {"label": _("Versioner"), "url": "#ex-navigation", "icon": "layers", "count": 3},
            {
                "label": _("Samrådsomgångar"),
                "url": "#ex-navigation",
                "icon": "comments",
                "count": 2,
                "group": _("Samrådet"),
            },
            {"label": _("Synpunkter"), "url": "#ex-navigation", "icon": "list", "count": 912},
        ],
        "tabs": [
            {"label": _("Obesvarade"), "url": "#ex-tabs", "current": True, "count": 214},
            {"label": _("Bemötta"), "url": "#ex-tabs", "count": 698},
            {"label": _("Alla"), "url": "#ex-tabs", "count": 912},
        ],
        "tasks": [
            {"label": _("Missiv"), "url": "#ex-tasks", "status": "done", "status_label": _("Klart")},
            {
                "label": _("Frågor"),
                "url": "#ex-tasks",
                "hint": _("Minst en fråga behövs."),
                "status": "started",
                "status_label": _("Påbörjat"),
            },
            {"label": _("Sändlista"), "url": "#ex-tasks", "status": "todo", "status_label": _("Inte påbörjat")},
            {
                "label": _("Öppna remissen"),
                "hint": _("Kan göras när allt ovan är klart."),
                "status": "blocked",
                "status_label": _("Kan inte göras än"),
            },
        ],
        "facts": [
            {
                "key": _("Samrådstid"),
                "value": _("1 september – 30 november 2026"),
                "url": "#ex-facts",
                "action": _("Ändra"),
            },
            {"key": _("Diarienummer"), "value": "RUN 2026-114"},
            {"key": _("Inbjudna"), "value": _("120 remissinstanser"), "url": "#ex-facts", "action": _("Visa")},
        ],
        "wizard": [
            {"label": _("Län"), "url": "#ex-steps", "state": "done"},
            {"label": _("Namn och målår"), "url": "#ex-steps", "state": "current"},
            {"label": _("Disposition"), "state": "todo"},
            {"label": _("Aktörer"), "state": "todo"},
        ],
        "parts": [
            {"name": _("Tillstyrker"), "value": 58, "hue": "pine"},
            {"name": _("Tillstyrker med ändringar"), "value": 21, "hue": "moss"},
            {"name": _("Avstyrker"), "value": 4, "hue": "berry"},
            {"name": _("Har inte svarat"), "value": 37, "hue": "neutral"},
        ],
        "events": [
            {
                "at": at(3),
                "title": _("Samrådsversion 1 frystes"),
                "by": "Anna Lindqvist",
                "icon": "lock",
                "hue": "amber",
                "url": "#ex-timeline",
            },
            {
                "at": at(10),
                "title": _("Remissen öppnade"),
                "text": _("120 remissinstanser bjöds in."),
                "icon": "mail",
                "hue": "lake",
            },
            {
                "at": at(24),
                "title": _("Regionfullmäktige antog strategin"),
                "text": "§ 112",
                "icon": "stamp",
                "hue": "pine",
            },
        ],
        "contents": [
            {"label": _("Förord"), "url": "#ex-prose", "level": 1},
            {"label": _("Nulägesanalys"), "code": "2", "url": "#ex-prose", "level": 1, "current": True},
            {"label": _("Befolkning och bostäder"), "code": "2.1", "url": "#ex-prose", "level": 2},
            {"label": _("Ett län som hänger ihop"), "code": _("Mål 1"), "url": "#ex-prose", "level": 1, "mark": 4},
        ],
        "notes": [{"id": "fn-1", "number": 1, "html": _("SCB, befolkningsstatistik 2025.")}],
    }
