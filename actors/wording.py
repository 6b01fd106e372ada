"""How the verbs of this app read in the trail."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "give_role": _("%(who)s gav %(person)s rollen %(role)s i %(actor)s"),
    "end_role": _("%(who)s avslutade rollen %(role)s för %(person)s i %(actor)s"),
    "send_welcome_again": _("%(who)s bjöd in %(person)s till %(actor)s på nytt"),
    "accept_link": _("%(who)s öppnade sin personliga länk till %(actor)s"),
    "choose_password": _("%(who)s valde nytt lösenord"),
    "change_account": _("%(who)s ändrade sina kontouppgifter"),
    "add_actor": _("%(who)s lade till aktören %(what)s"),
    "change_actor": _("%(who)s ändrade uppgifterna om %(what)s"),
    "close_account": _("%(who)s stängde kontot för %(what)s"),
    "reopen_account": _("%(who)s öppnade kontot för %(what)s igen"),
    "note_bounce": _("Ett brev kom inte fram: %(what)s"),
    "send_mail_again": _("%(who)s lät ett brev skickas igen"),
}
