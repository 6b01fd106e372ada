"""How the verbs of this app read in the trail."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "create_round": _("%(who)s började förbereda samrådet ”%(what)s”"),
    "describe_round": _("%(who)s ändrade missiv och tider för ”%(what)s”"),
    "schedule_opening": _("%(who)s bestämde att ”%(what)s” öppnar av sig självt"),
    "open_round": _("%(who)s öppnade samrådet ”%(what)s” för %(invited)s remissinstanser"),
    "close_round": _("%(who)s stängde samrådet ”%(what)s” med %(submitted)s svar"),
    "settle_round": _("%(who)s avslutade samrådet ”%(what)s” med %(points)s bemötta synpunkter"),
    "invite_actors": _("%(who)s lade till %(added)s aktörer på sändlistan för ”%(what)s”"),
    "remove_invitation": _("%(who)s tog bort %(name)s från sändlistan"),
    "set_address": _("%(who)s ändrade en adress på sändlistan"),
    "send_again": _("%(who)s skickade en inbjudan på nytt"),
    "open_invitation": _("%(who)s öppnade inbjudan för %(actor)s"),
    "accept_invitation": _("%(who)s tog emot inbjudan för %(actor)s"),
    "add_question": _("%(who)s lade till en fråga i ”%(what)s”"),
    "remove_question": _("%(who)s tog bort en fråga ur ”%(what)s”"),
    "move_question": _("%(who)s flyttade en fråga i ”%(what)s”"),
    "start_response": _("%(who)s började skriva svar för %(actor)s"),
    "save_summary": _("%(who)s skrev i svaret i korthet"),
    "set_position": _("%(who)s tog ställning till ett mål"),
    "save_answer": _("%(who)s besvarade en fråga"),
    "add_point": _("%(who)s skrev en synpunkt"),
    "edit_point": _("%(who)s ändrade en synpunkt"),
    "remove_point": _("%(who)s tog bort synpunkten ”%(text)s”"),
    "add_note": _("%(who)s skrev en intern anteckning"),
    "submit_response": _("%(who)s lämnade in svaret från %(actor)s"),
    "decide_point": _("%(who)s beslutade om en synpunkt"),
    "decide_points": _("%(who)s beslutade om flera synpunkter på en gång"),
    "link_change": _("%(who)s kopplade en synpunkt till en ändring"),
    "unlink_change": _("%(who)s tog bort en koppling till en ändring"),
}
