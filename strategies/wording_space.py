"""How the verbs about a strategy's space and register read in the trail."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "create_strategy": _("%(who)s skapade strategin ”%(what)s”"),
    "change_strategy": _("%(who)s ändrade strategins uppgifter"),
    "add_to_register": _("%(who)s tog in %(name)s i aktörsregistret"),
    "remove_from_register": _("%(who)s tog bort %(name)s ur aktörsregistret"),
    "change_in_register": _("%(who)s ändrade uppgifterna om %(name)s i aktörsregistret"),
    "request_pdf": _("%(who)s bad om en PDF"),
    "render_publication": _("PDF:en skapades"),
    "fail_publication": _("PDF:en kunde inte skapas"),
    "add_image": _("%(who)s lade in en bild"),
}
