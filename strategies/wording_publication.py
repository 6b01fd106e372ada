"""How the verbs about publications read in the trail."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "request_pdf": _("%(who)s beställde en PDF av ”%(what)s”"),
    "render_publication": _("PDF:en av ”%(what)s” blev klar (%(pages)s sidor)"),
    "fail_publication": _("PDF:en av ”%(what)s” kunde inte skapas"),
}
