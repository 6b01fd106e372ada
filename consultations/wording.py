"""How the verbs of this app read in the trail."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "create_round": _("%(who)s började förbereda samrådet ”%(what)s”"),
    "describe_round": _("%(who)s ändrade missiv och tider för ”%(what)s”"),
    "schedule_opening": _("%(who)s bestämde att ”%(what)s” öppnar av sig självt"),
    "cancel_schedule": _("%(who)s tog tillbaka att ”%(what)s” öppnar av sig självt"),
    "open_round": _("%(who)s öppnade samrådet ”%(what)s” för %(invited)s remissinstanser"),
    "close_round": _("%(who)s stängde samrådet ”%(what)s” med %(submitted)s svar"),
    "settle_round": _("%(who)s avslutade samrådet ”%(what)s” med %(points)s bemötta synpunkter"),
    "invite_actors": _("%(who)s lade till %(added)s aktörer på sändlistan för ”%(what)s”"),
    "remove_invitation": _("%(who)s tog bort %(name)s från sändlistan"),
    "set_address": _("%(who)s ändrade adressen för %(actor)s på sändlistan till %(new)s"),
    "copy_round": _("%(who)s började förbereda ”%(what)s” efter ett tidigare samråd"),
    "schedule_reminders": _("%(who)s bestämde när ”%(what)s” påminner"),
    "remind_missing": _("%(who)s påminde %(count)s remissinstanser i ”%(what)s”"),
    "remind_by_schedule": _("”%(what)s” påminde %(count)s remissinstanser enligt schemat"),
    "request_extension": _("%(who)s begärde anstånd för %(actor)s"),
    "grant_extension": _("%(who)s gav %(actor)s anstånd"),
    "refuse_extension": _("%(who)s avslog begäran om anstånd från %(actor)s"),
    "reopen_for": _("%(who)s öppnade ”%(what)s” igen för %(actor)s"),
    "mark_bounced": _("%(who)s noterade att ett brev till %(actor)s studsade"),
    "send_test": _("%(who)s skickade sig själv ett provbrev för ”%(what)s”"),
    "save_list": _("%(who)s sparade sändlistan ”%(what)s”"),
    "use_list": _("%(who)s hämtade sändlistan ”%(name)s” till ”%(what)s”"),
    "remove_list": _("%(who)s tog bort sändlistan ”%(what)s”"),
    "read_contacts": _("%(who)s läste in kontakter ur ”%(what)s”"),
    "take_in_contacts": _("%(who)s tog in kontakter ur ”%(what)s”"),
    "cancel_contacts": _("%(who)s lämnade filen ”%(what)s” med kontakter"),
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
    "resolve_thread": _("%(who)s markerade en tråd som klar, eller öppnade den igen"),
    "share_out": _("%(who)s fördelade en del av svaret"),
    "mark_share_done": _("%(who)s sade att en del av svaret är klar, eller inte klar"),
    "name_stand_in": _("%(who)s utsåg %(stand_in)s till ersättare för %(person)s"),
    "end_stand_in": _("%(who)s avslutade att någon är ersättare"),
    "renew_link": _("%(who)s skickade en ny länk, eftersom den gamla hade gått ut"),
    "pass_on": _("%(who)s skickade inbjudan vidare till %(email)s"),
    "take_back": _("%(who)s tog tillbaka inbjudan som skickats vidare till %(email)s"),
    "choose_sign_off": _("%(who)s valde hur svaret beslutas"),
    "mark_ready": _("%(who)s sade att svaret är klart"),
    "return_to_drafting": _("%(who)s tog tillbaka svaret till utkast: %(reason)s"),
    "record_decision": _("%(who)s skrev in beslutet: %(body)s %(on)s %(paragraph)s"),
    "start_correction": _("%(who)s började på version %(version)s av svaret"),
    "discard_correction": _("%(who)s tog bort en påbörjad ny version av svaret"),
    "add_attachment": _("%(who)s lade till en bilaga"),
    "remove_attachment": _("%(who)s tog bort en bilaga"),
    "submit_response": _("%(who)s lämnade in svaret från %(actor)s"),
    "start_on_behalf": _("%(who)s började föra in ett svar från %(actor)s"),
    "list_unasked": _("%(who)s förde upp %(actor)s på sändlistan, eftersom ett svar kom in därifrån"),
    "drop_entry": _("%(who)s tog bort ett svar från %(actor)s som höll på att föras in"),
    "take_over": _("%(who)s tog över svaret som regionen förde in åt %(actor)s"),
    "decide_point": _("%(who)s beslutade om en synpunkt"),
    "decide_points": _("%(who)s beslutade om flera synpunkter på en gång"),
    "link_change": _("%(who)s kopplade en synpunkt till en ändring"),
    "unlink_change": _("%(who)s tog bort en koppling till en ändring"),
    "send_in": _("%(who)s lämnade in filen ”%(what)s” för att läsas in"),
    "read_intake": _("”%(what)s” lästes: %(items)s saker att granska"),
    "fail_intake": _("”%(what)s” kunde inte läsas"),
    "read_intake_again": _("%(who)s lät läsa ”%(what)s” igen"),
    "cancel_intake": _("%(who)s lät bli att ta in ”%(what)s”"),
    "take_in_answers": _("%(who)s tog in %(items)s saker ur ”%(what)s”"),
}

#: What each kind of round means, for the text's status and for openness.
KINDS = {
    "early": _(
        "Ett öppet samtal innan förslaget är färdigt. Texten och frågorna är offentliga. Svaren är inspel: ingen förväntas svara politiskt."
    ),
    "consultation": _(
        "Ni samråder om en samrådsversion. Texten och frågorna är offentliga från öppningen. Alla på sändlistan är inbjudna att svara."
    ),
    "referral": _(
        "En remiss: de som får den ombeds yttra sig, och det står vad ni vill ha svar på och när (förvaltningslagen 26 §). Allt är offentligt från öppningen."
    ),
    "sharing": _(
        "Ett utkast delas för synpunkter med dem på sändlistan och ingen annan. Sidan och svaren visas inte för allmänheten. Svaren som kommer in till er är ändå allmänna handlingar."
    ),
}

#: What a row in a file of contacts would do: its hue, and in words.
OUTCOMES = {
    "add": ("pine", _("Läggs till på sändlistan.")),
    "address": ("lake", _("Står på sändlistan. Adressen ändras från %(was)s.")),
    "register": ("pine", _("Tas in i strategins register och läggs till på sändlistan.")),
    "new": ("amber", _("Okänd organisation. Väljer ni slag läggs den till i registret och på sändlistan.")),
    "on_list": ("neutral", _("Står redan på sändlistan. Inget händer.")),
    "duplicate": ("neutral", _("Finns tidigare i filen. Inget händer.")),
    "bad_email": ("berry", _("E-postadressen är ingen adress. Raden tas inte in.")),
    "no_name": ("berry", _("Organisationens namn saknas. Raden tas inte in.")),
    "several": ("berry", _("Flera organisationer heter så. Lägg till rätt en ur registret. Raden tas inte in.")),
    "formula": ("berry", _("En cell innehåller en formel. Raden tas inte in.")),
    "closed": (
        "neutral",
        _("Står redan på sändlistan med en annan adress (%(was)s). Ändra den vid namnet; då får de ett nytt brev."),
    ),
}
