"""What test_lifecycles expects of enrolments and the rota (domain.md 4, PG; issue 5)."""

FIELD = frozenset({"child_director", "child_supervisor", "county_staff"})
MANAGING = frozenset({"county_staff", "organiser", "agency_worker"})
SELF, SYSTEM = frozenset({"own_supporter"}), frozenset({"system"})
_LEAVE = "applied consented enrolled waitlisted offered"

#: machine → transition → (from, to, who)
EXPECTED = {
    "enrolment": {
        "consent": ("applied", "consented", FIELD),
        "consent_by_link": ("applied", "consented", SYSTEM),
        "refuse": ("applied consented waitlisted", "refused", MANAGING),
        "turn_down": ("applied consented", "refused", SYSTEM),
        "enrol": ("consented waitlisted", "enrolled", SYSTEM),
        "wait": ("consented", "waitlisted", SYSTEM),
        "promote": ("waitlisted", "offered", SYSTEM),
        "accept": ("offered", "enrolled", FIELD),
        "accept_by_link": ("offered", "enrolled", SYSTEM),
        "pass_on": ("offered", "dropped", FIELD),
        "pass_on_by_link": ("offered", "dropped", SYSTEM),
        "lapse": ("offered", "dropped", SYSTEM),
        "drop": (_LEAVE, "dropped", FIELD),
        "drop_by_link": (_LEAVE, "dropped", SYSTEM),
        "attend": ("enrolled", "attended", SYSTEM),
        "never_come": ("enrolled", "dropped", SYSTEM),
        "run_out": ("applied consented waitlisted offered", "dropped", SYSTEM),
        "cancel": (_LEAVE, "dropped", SYSTEM),
    },
    "programme_staff": {
        "confirm": ("invited", "confirmed", SELF),
        "decline": ("invited", "removed", SELF),
        "leave": ("confirmed", "removed", SELF),
        "remove": ("invited confirmed", "removed", MANAGING),
        "lapse": ("invited confirmed", "removed", SYSTEM),
        "cancel": ("invited confirmed", "removed", SYSTEM),
    },
    "duty": {
        "finish": ("planned", "done", SYSTEM),
        "give": ("planned", "given", MANAGING),
        "remove": ("planned", "removed", MANAGING),
        "fall": ("planned", "removed", SYSTEM),
    },
    "duty_swap": {
        "approve": ("asked", "approved", MANAGING),
        "decline": ("asked", "declined", MANAGING),
        "withdraw": ("asked", "withdrawn", SELF),
        "fall": ("asked", "withdrawn", SYSTEM),
    },
}
