"""Who may open which door: every endpoint, by hand from domain.md 3. A door not listed here fails.

A row says the method and address, who is let in, and the status they get on a portal that holds
none of the things asked for. Whoever is not let in gets 403, a visitor is sent to sign in (303).
"""

from __future__ import annotations

from dataclasses import dataclass

NIL = "00000000-0000-0000-0000-000000000000"
CODE = "NOSUCHCARDNOSUCHCARDNOSUCH"

DIRECTOR, SUPERVISOR = {"child_director"}, {"child_supervisor"}
COUNTY, CITY = {"county_staff"}, {"city_staff"}
HANDOVER = {"handover_staff"}
PUBLICITY = COUNTY | CITY | HANDOVER | {"organiser", "auditor"}
ADMIN = {"platform_admin"}
FIELD = DIRECTOR | SUPERVISOR | COUNTY
BUREAU = COUNTY | CITY
EMERGENCY = BUREAU | {"protection_centre", "platform_admin"}
OTHER_STAFF = {
    "province_officer", "handover_staff", "agency_worker", "organiser", "teacher", "psychologist",
    "protection_centre", "department_user", "auditor", "platform_admin",
}  # fmt: skip
STAFF = FIELD | CITY | OTHER_STAFF
SUPPORTERS = {"individual", "enterprise", "charity"}
#: Signed in with a verified e-mail, no role, no supporter yet.
NEWCOMER = {"newcomer"}
SIGNED_IN = STAFF | SUPPORTERS | NEWCOMER
VISITOR = {"visitor"}
EVERYBODY = SIGNED_IN | VISITOR


@dataclass(frozen=True)
class Door:
    """One endpoint under one method."""

    endpoint: str
    request: str
    who: frozenset[str]
    status: int = 200
    #: Personas who are let in and get another status than the rest.
    differs: tuple[tuple[str, int], ...] = ()

    @property
    def method(self) -> str:
        return self.request.split()[0]

    @property
    def address(self) -> str:
        return self.request.split()[1]

    def expected(self, persona: str) -> int:
        """Return the status this persona must get."""
        if persona in self.who:
            return dict(self.differs).get(persona, self.status)
        return 303 if persona == "visitor" else 403


def door(endpoint: str, request: str, who: set[str], status: int = 200, **differs: int) -> Door:
    return Door(endpoint, request, frozenset(who), status, tuple(differs.items()))


DOORS = (
    # Public pages
    door("public.home", "GET /", EVERYBODY),
    door("public.about", "GET /about", EVERYBODY),
    door("public.privacy", "GET /privacy", EVERYBODY),
    door("public.children_privacy", "GET /privacy/children", EVERYBODY),
    door("public.pledge", "GET /pledge", EVERYBODY),
    door("public.report_concern", "GET /report-concern", EVERYBODY),
    door("health.healthz", "GET /healthz", EVERYBODY),
    door("health.readyz", "GET /readyz", EVERYBODY),
    # Guarded by a token of the operator's, not by a role
    door("health.metrics", "GET /metrics", EVERYBODY, 404),
    # There only where mail goes to files (development): the tests' mail stays in memory
    door("mailbox.index", "GET /mailbox", EVERYBODY, 404),
    door("mailbox.mail", f"GET /mailbox/{NIL}", EVERYBODY, 404),
    door("mailbox.rich", f"GET /mailbox/{NIL}/rich", EVERYBODY, 404),
    # Checking a paper: an unknown serial answers like a known one
    door("certificates.ask", "GET /verify", EVERYBODY),
    door("certificates.check", "GET /verify/nosuch", EVERYBODY),
    # An appeal by the link of a mail: the token is the key
    door("appeals.show", "GET /appeal/nosuch", EVERYBODY, 404),
    door("appeals.send", "POST /appeal/nosuch", EVERYBODY, 404),
    # Signing in
    door("auth.login", "GET /login", EVERYBODY, 303, visitor=200),
    door("auth.sign_in", "POST /login", EVERYBODY, 422),
    door("auth.forgot", "GET /password/forgot", EVERYBODY),
    door("auth.send_reset", "POST /password/forgot", EVERYBODY, 422),
    door("auth.reset", "GET /password/reset/nosuch", EVERYBODY, 404),
    door("auth.set_password", "POST /password/reset/nosuch", EVERYBODY, 422),
    door("auth.invite", "GET /invite/nosuch", EVERYBODY, 404),
    door("auth.accept_invite", "POST /invite/nosuch", EVERYBODY, 422),
    door("auth.verify", "GET /verify-email/nosuch", EVERYBODY, 404),
    door("auth.confirm_email", "POST /verify-email/nosuch", EVERYBODY, 404),
    door("auth.mailed", "GET /mailed/reset", EVERYBODY),
    door("auth.send_verification", "POST /verify-email", SIGNED_IN, 303),
    door("auth.password", "GET /password", SIGNED_IN),
    door("auth.change_password", "POST /password", SIGNED_IN, 422),
    door("auth_phone.ask", "GET /login/phone", EVERYBODY),
    door("auth_phone.send", "POST /login/phone", EVERYBODY, 422),
    door("auth_phone.code", "GET /login/phone/code", EVERYBODY),
    door("auth_phone.sign_in", "POST /login/phone/code", EVERYBODY, 422),
    door("auth_phone.own", "GET /account/phone", SIGNED_IN),
    door("auth_phone.change", "POST /account/phone", SIGNED_IN, 422),
    door("auth_phone.own_code", "GET /account/phone/code", SIGNED_IN),
    door("auth_phone.confirm", "POST /account/phone/code", SIGNED_IN, 422),
    door("auth_phone.remove", "POST /account/phone/remove", SIGNED_IN, 404),
    # No WeChat is set up here: its pages say so
    door("auth_wechat.ask", "GET /login/wechat", EVERYBODY),
    door("auth_wechat.go", "POST /login/wechat", EVERYBODY, 503),
    door("auth_wechat.callback", "GET /login/wechat/callback", EVERYBODY),
    door("auth_wechat.sign_in", "POST /login/wechat/callback", EVERYBODY, 422),
    door("auth_wechat.own", "GET /account/wechat", SIGNED_IN),
    door("auth_wechat.link", "POST /account/wechat", SIGNED_IN, 503),
    door("auth_wechat.link_callback", "GET /account/wechat/callback", SIGNED_IN),
    door("auth_wechat.linked", "POST /account/wechat/callback", SIGNED_IN, 422),
    door("auth_wechat.remove", "POST /account/wechat/remove", SIGNED_IN, 404),
    door("auth.logout", "POST /logout", EVERYBODY, 303),
    # The second factor; staff who have none reach these alone
    door("auth.sign_in_by_passkey", "POST /login/passkey", EVERYBODY, 422),
    door("auth.second_factor", "GET /login/code", EVERYBODY, 303),
    door("auth.prove_second_factor", "POST /login/code", EVERYBODY, 303),
    door("factors.choose", "GET /account/factors/add", SIGNED_IN),
    door("factors.begin_generator", "POST /account/factors/generator", SIGNED_IN, 303),
    door("factors.generator", "GET /account/factors/generator", SIGNED_IN),
    door("factors.confirm_generator", "POST /account/factors/generator/confirm", SIGNED_IN, 422),
    door("factors.add_passkey", "POST /account/factors/passkey", SIGNED_IN, 422),
    door(
        "factors.remove_generator",
        "POST /account/factors/generator/remove",
        SIGNED_IN,
        409,
        **dict.fromkeys(SUPPORTERS | NEWCOMER, 404),
    ),
    door(
        "factors.remove_passkey",
        f"POST /account/factors/passkeys/{NIL}/remove",
        SIGNED_IN,
        409,
        **dict.fromkeys(SUPPORTERS | NEWCOMER, 404),
    ),
    door("factors.renew_codes", "POST /account/factors/codes", SIGNED_IN, 409),
    door("factors.options", "POST /passkeys/options/sign_in", EVERYBODY),
    door("account.security", "GET /account/security", SIGNED_IN),
    door("account.end_session", f"POST /account/sessions/{NIL}/end", SIGNED_IN, 404),
    door("account.end_others", "POST /account/sessions/end-others", SIGNED_IN, 303),
    door("account.here", "GET /account/here", SIGNED_IN, 204),
    door("keep_factors.ask", "GET /factors/keep/unknown", EVERYBODY, 404),
    door("keep_factors.keep", "POST /factors/keep/unknown", EVERYBODY, 404),
    door("keep_factors.keep_own", "POST /account/factors/keep", SIGNED_IN, 404),
    door("admin_factors.reset", f"POST /admin/people/{NIL}/factors/reset", ADMIN, 404),
    # Fresh proof
    door("confirm.ask", "GET /confirm?act=grant.change", SIGNED_IN),
    door("confirm.prove", "POST /confirm", SIGNED_IN, 404),
    door("confirm.resume", f"GET /resume/{NIL}", SIGNED_IN, 404),
    # The wall
    door("catalogue.wishes", "GET /wishes", EVERYBODY),
    door("catalogue.wish", f"GET /wishes/{CODE}", EVERYBODY, 404),
    door("claims.claim", f"POST /wishes/{CODE}/claim", SUPPORTERS, 404),
    door("need_wall.needs", "GET /needs", EVERYBODY),
    door("need_wall.need", f"GET /needs/{CODE}", EVERYBODY, 404),
    # Whoever is let in but may not meet children is told what is missing, on the need's page.
    door("need_wall.apply", f"POST /needs/{CODE}/apply", SUPPORTERS, 303),
    door("mine.need_applications", "GET /me/applications", SUPPORTERS),
    door("mine.withdraw_application", f"POST /me/applications/{NIL}/withdraw", SUPPORTERS, 404),
    door("mine.offer_myself", "POST /me/applications/offer", SUPPORTERS, 303),
    door(
        "mine.withdraw_pairing_offer",
        f"POST /me/applications/offers/{NIL}/withdraw",
        SUPPORTERS,
        404,
    ),
    door("claims.choose", "GET /claims/several", SUPPORTERS),
    door("claims.several", "POST /claims/several", SUPPORTERS, 303),
    # The honours roll
    door("honours.roll", "GET /honours", EVERYBODY),
    # Becoming a supporter
    door("register.choose", "GET /register", EVERYBODY),
    door("register.individual", "GET /register/individual", EVERYBODY),
    door("register.enterprise", "GET /register/enterprise", EVERYBODY),
    door("register.charity", "GET /register/charity", EVERYBODY),
    door("register.send_individual", "POST /register/individual", EVERYBODY, 422),
    door("register.send_enterprise", "POST /register/enterprise", EVERYBODY, 422),
    door("register.send_charity", "POST /register/charity", EVERYBODY, 422),
    # The supporter's own pages
    door("mine.profile", "GET /me/profile", SIGNED_IN),
    door("mine.edit", f"GET /me/profile/{NIL}/edit", SUPPORTERS | NEWCOMER, 404),
    door("mine.resubmit", f"POST /me/profile/{NIL}/edit", SUPPORTERS | NEWCOMER, 404),
    door("mine.renew", f"POST /me/profile/{NIL}/renew", SUPPORTERS | NEWCOMER, 404),
    door("mine.home", "GET /me", SIGNED_IN),
    door("mine.history", "GET /me/history", SUPPORTERS),
    door("mine.commitment", f"GET /me/commitments/{NIL}", SUPPORTERS, 404),
    door("mine.dispatch", f"POST /me/commitments/{NIL}/dispatch", SUPPORTERS, 404),
    door("mine.give_back", f"POST /me/commitments/{NIL}/give-back", SUPPORTERS, 404),
    # What they give beside wishes
    door("mine.offer_time", "GET /me/offer-time", SUPPORTERS),
    door("mine.fill_time", f"POST /me/offer-time/{NIL}", SUPPORTERS, 404),
    door("mine.publicity", f"POST /me/publicity/{NIL}", SUPPORTERS, 404),
    door("mine.offers", "GET /me/offers", SUPPORTERS),
    door("mine.write_offer", "GET /me/offers/new", SUPPORTERS),
    door("mine.send_offer", "POST /me/offers/new", SUPPORTERS, 422),
    door("mine.change_offer", f"GET /me/offers/{NIL}/edit", SUPPORTERS, 404),
    door("mine.revise_offer", f"POST /me/offers/{NIL}/edit", SUPPORTERS, 404),
    door("mine.withdraw_offer", f"POST /me/offers/{NIL}/withdraw", SUPPORTERS, 404),
    # Pairings
    door("mine.pairings", "GET /me/pairings", SIGNED_IN),
    door("mine.pairing", f"GET /me/pairings/{NIL}", SIGNED_IN, 404),
    # The journal: its writer's own rows alone, whoever verifies in the field, worries above it
    door("mine.journal_token", "GET /me/journal/token", SUPPORTERS),
    door("mine.pairing_journal", f"GET /me/pairings/{NIL}/journal", SUPPORTERS, 404),
    door("mine.new_entry", f"GET /me/pairings/{NIL}/journal/new", SUPPORTERS, 404),
    door("mine.record_entry", f"POST /me/pairings/{NIL}/journal", SUPPORTERS, 404),
    door("mine.own_entry", f"GET /me/pairings/{NIL}/journal/{NIL}", SUPPORTERS, 404),
    door("mine.correct_entry", f"POST /me/pairings/{NIL}/journal/{NIL}", SUPPORTERS, 404),
    door("offline.journal", "GET /journal/offline", EVERYBODY),
    door("offline.worker", "GET /sw.js", EVERYBODY),
    door("desk.contact_logs", "GET /desk/contact-logs", FIELD),
    door("desk.contact_logs_together", "POST /desk/contact-logs", FIELD, 303),
    door("desk.contact_log", f"GET /desk/contact-logs/{NIL}", FIELD, 404),
    door("desk.contact_log_act", f"POST /desk/contact-logs/{NIL}", FIELD, 404),
    door("desk.pairing_journal", f"GET /desk/pairings/{NIL}/journal", FIELD, 404),
    door("desk.concerns", "GET /desk/concerns", SUPERVISOR | COUNTY | CITY),
    door(
        "desk.answer_concern",
        f"POST /desk/concerns/grievance/{NIL}",
        SUPERVISOR | COUNTY | CITY,
        404,
    ),
    door("complaints.report_concern", "POST /report-concern", EVERYBODY, 422),
    door("desk.pairings", "GET /desk/pairings", FIELD | CITY),
    door("desk.pairing_figures", "GET /desk/pairings/figures", FIELD | CITY),
    door("desk.pairing_figure_rows", "GET /desk/pairings/figures/active", FIELD | CITY),
    door("desk.pairing_figures_workbook", "GET /desk/pairings/figures.xlsx", FIELD | CITY),
    door("desk.pairing_export", "GET /desk/pairings.xlsx", FIELD | CITY),
    door("desk.pairing", f"GET /desk/pairings/{NIL}", FIELD | CITY, 404),
    door("desk.pairing_board", "GET /desk/pairings/board", FIELD | CITY),
    door("desk.pairing_cadence", f"GET /desk/pairings/{NIL}/cadence", FIELD | CITY, 404),
    door("desk.pairing_call", f"POST /desk/pairings/{NIL}/call", BUREAU, 404),
    door("desk.pairing_excuse", f"POST /desk/pairings/{NIL}/excuse", SUPERVISOR | COUNTY, 404),
    door(
        "desk.pairing_excuse_withdraw",
        f"POST /desk/pairings/excuses/{NIL}/withdraw",
        SUPERVISOR | COUNTY,
        404,
    ),
    door("desk.pairing_review", f"POST /desk/pairings/{NIL}/review", SUPERVISOR | COUNTY, 404),
    door("desk.pairing_substitute", f"POST /desk/pairings/{NIL}/substitute", COUNTY, 404),
    door(
        "desk.pairing_substitute_end", f"POST /desk/pairings/substitutions/{NIL}/end", COUNTY, 404
    ),
    # Nobody is dropped: who is needed, reviews, hand-overs, interviews, moves
    door("desk.pairing_gaps", "GET /desk/pairings/gaps", SUPERVISOR | COUNTY),
    door("desk.pairing_contact", f"POST /desk/pairings/{NIL}/contact", SUPERVISOR | COUNTY, 404),
    door("desk.pairing_stay", f"POST /desk/pairings/{NIL}/stay", SUPERVISOR | COUNTY, 404),
    door("desk.pairing_interviews", "GET /desk/pairings/interviews", FIELD),
    door("desk.pairing_interview", f"GET /desk/pairings/{NIL}/interview", FIELD, 404),
    door("desk.pairing_interview_record", f"POST /desk/pairings/{NIL}/interview", FIELD, 404),
    door("desk.pairing_reviews", f"GET /desk/pairings/{NIL}/reviews", FIELD | CITY, 404),
    door("desk.pairing_review_hold", f"POST /desk/pairings/{NIL}/reviews", SUPERVISOR | COUNTY, 404),
    door("desk.pairing_handover", f"GET /desk/pairings/{NIL}/handover", FIELD, 404),
    door("desk.pairing_handover_write", f"POST /desk/pairings/{NIL}/handover", FIELD, 404),
    door("desk.handover_act", f"POST /desk/handovers/{NIL}", SUPERVISOR | COUNTY, 404),
    door("desk.transfers", "GET /desk/transfers", COUNTY | CITY),
    door("desk.transfer", f"GET /desk/transfers/{NIL}", COUNTY | CITY, 404),
    door("desk.transfer_act", f"POST /desk/transfers/{NIL}", COUNTY | CITY, 404),
    door("desk.transfer_accept", f"POST /desk/transfers/{NIL}/accept", COUNTY, 404),
    door("desk.transfer_new", f"GET /desk/children/{NIL}/transfer", COUNTY, 404),
    door("desk.transfer_propose", f"POST /desk/children/{NIL}/transfer", COUNTY, 404),
    door("mine.pairing_handover", f"GET /me/pairings/{NIL}/handover", SUPPORTERS, 404),
    door("mine.pairing_handover_write", f"POST /me/pairings/{NIL}/handover", SUPPORTERS, 404),
    door("mine.pairing_handover_sheet", f"GET /me/pairings/{NIL}/handover/print", SUPPORTERS, 404),
    door("mine.pairing_leave", f"POST /me/pairings/{NIL}/leave", SUPPORTERS, 404),
    door("desk.pairing_act", f"POST /desk/pairings/{NIL}", COUNTY, 404),
    door("desk.pairing_step", f"POST /desk/pairings/{NIL}/meet", FIELD | CITY, 404),
    # Contact cards, letters through staff, praise, the year on paper
    door("mine.pairing_card", f"GET /me/pairings/{NIL}/card", SUPPORTERS, 404),
    door("mine.pairing_card_file", f"GET /me/pairings/{NIL}/card.pdf", SUPPORTERS, 404),
    door("mine.pairing_card_sheet", f"GET /me/pairings/{NIL}/card/print", SUPPORTERS, 404),
    door("mine.pairing_letters", f"GET /me/pairings/{NIL}/letters", SUPPORTERS, 404),
    door("mine.write_letter", f"POST /me/pairings/{NIL}/letters", SUPPORTERS, 404),
    door("mine.pairing_letter", f"GET /me/pairings/{NIL}/letters/{NIL}", SUPPORTERS, 404),
    door("mine.letter_act", f"POST /me/pairings/{NIL}/letters/{NIL}", SUPPORTERS, 404),
    door("mine.letter_picture", f"GET /me/pairings/{NIL}/letters/{NIL}/picture", SUPPORTERS, 404),
    door("mine.pairing_praise", f"GET /me/pairings/{NIL}/thanks", SUPPORTERS, 404),
    door("mine.portfolios", "GET /me/pairings/portfolio", SUPPORTERS, 303),
    door("mine.portfolio", "GET /me/pairings/portfolio/2026", SUPPORTERS, 404, individual=200),
    door("mine.ask_portfolio", "POST /me/pairings/portfolio/2026", SUPPORTERS, 404, individual=422),
    door("mine.portfolio_file", "GET /me/pairings/portfolio/2026/portfolio.pdf", SUPPORTERS, 404),
    door("mine.portfolio_sheet", "GET /me/pairings/portfolio/1999/print", SUPPORTERS, 404),
    door("desk.cards", "GET /desk/cards", FIELD | CITY),
    door("desk.cards_sheet", "GET /desk/cards/print", FIELD | CITY),
    door("desk.pairing_card", f"GET /desk/pairings/{NIL}/card", FIELD | CITY, 404),
    door("desk.pairing_card_act", f"POST /desk/pairings/{NIL}/card", COUNTY, 404),
    door("desk.pairing_card_file", f"GET /desk/pairings/{NIL}/card.pdf", FIELD | CITY, 404),
    door("desk.pairing_card_sheet", f"GET /desk/pairings/{NIL}/card/print", FIELD | CITY, 404),
    door("desk.letters", "GET /desk/letters", FIELD),
    door("desk.letter", f"GET /desk/letters/{NIL}", FIELD, 404),
    door("desk.letter_act", f"POST /desk/letters/{NIL}", FIELD, 404),
    door("desk.letter_sheet", f"GET /desk/letters/{NIL}/print", FIELD, 404),
    door("desk.letter_picture", f"GET /desk/letters/{NIL}/picture", FIELD, 404),
    door("desk.pairing_letters", f"GET /desk/pairings/{NIL}/letters", FIELD, 404),
    door("desk.take_letter", f"POST /desk/pairings/{NIL}/letters", DIRECTOR, 404),
    door("desk.pairing_praise", f"GET /desk/pairings/{NIL}/praise", FIELD, 404),
    door("desk.record_voice", f"POST /desk/pairings/{NIL}/voices", DIRECTOR, 404),
    door(
        "desk.pass_thanks",
        f"POST /desk/pairings/{NIL}/voices/{NIL}/thanks",
        SUPERVISOR | COUNTY,
        404,
    ),
    door("desk.give_star", f"POST /desk/pairings/{NIL}/stars", SUPERVISOR | COUNTY, 404),
    # Hours and certificates: the volunteer's own
    door("mine.hours", "GET /me/hours", SUPPORTERS),
    door("mine.hours_workbook", "GET /me/hours.xlsx", SUPPORTERS),
    door("mine.new_hours", "GET /me/hours/new", SUPPORTERS),
    door("mine.enter_hours", "POST /me/hours/new", SUPPORTERS, 422),
    door("mine.one_record", f"GET /me/hours/{NIL}", SUPPORTERS, 404),
    door("mine.correct_hours", f"POST /me/hours/{NIL}", SUPPORTERS, 404),
    door("mine.withdraw_hours", f"POST /me/hours/{NIL}/withdraw", SUPPORTERS, 404),
    door("mine.ask_correction", f"POST /me/hours/{NIL}/correction", SUPPORTERS, 404),
    door("mine.new_certificate", "GET /me/certificates/new", SUPPORTERS),
    door("mine.request_certificate", "POST /me/certificates/new", SUPPORTERS, 422),
    door("mine.certificate", f"GET /me/certificates/{NIL}", SUPPORTERS, 404),
    door("mine.withdraw_certificate", f"POST /me/certificates/{NIL}/withdraw", SUPPORTERS, 404),
    door("mine.certificate_file", f"GET /me/certificates/{NIL}/certificate.pdf", SUPPORTERS, 404),
    door("mine.certificate_sheet", f"GET /me/certificates/{NIL}/print", SUPPORTERS, 404),
    door("mine.identity", f"GET /me/identity/{NIL}", SUPPORTERS, 404),
    door("mine.identity_consent", f"POST /me/identity/{NIL}/consent", SUPPORTERS, 404),
    door("mine.identity_withdraw", f"POST /me/identity/{NIL}/withdraw", SUPPORTERS, 404),
    # Whoever is signed in, for what is their own
    door("files.show", f"GET /files/{NIL}", SIGNED_IN, 404),
    door("jobs.progress", f"GET /jobs/{NIL}", SIGNED_IN, 404),
    # Staff
    door("desk.home", "GET /desk", STAFF),
    door("children.index", "GET /children", FIELD | CITY),
    door("children.file", f"GET /children/{NIL}", FIELD | CITY, 404),
    door("children.looks", f"GET /children/{NIL}/looks", FIELD | CITY, 404),
    door("children.reveal", f"POST /children/{NIL}/open", FIELD | CITY, 404),
    door("children.ask", f"POST /children/{NIL}/ask", CITY, 404),
    # Leaves to see
    door("sights.index", "GET /desk/sights", EMERGENCY | {"auditor"}),
    door("sights.one", f"GET /desk/sights/{NIL}", EMERGENCY | {"auditor"}, 404),
    door("sights.decide", f"POST /desk/sights/{NIL}", BUREAU, 404),
    door("sights.reveal", f"POST /desk/sights/{NIL}/open", EMERGENCY, 404),
    door("sights.emergency", "GET /desk/sights/emergency", EMERGENCY),
    door("sights.ask_emergency", "POST /desk/sights/emergency", EMERGENCY, 422),
    door("sights.settle", f"POST /desk/sights/outliers/{NIL}", BUREAU | {"auditor"}, 404),
    # Programmes in numbers
    door("desk.programme_figures", "GET /desk/programmes/figures", BUREAU | {"auditor"}),
    door("desk.programme_figure_rows", "GET /desk/programmes/figures/here", BUREAU | {"auditor"}),
    door(
        "desk.programme_figures_workbook",
        "GET /desk/programmes/figures.xlsx",
        BUREAU | {"auditor"},
    ),
    # Family video calls
    door("desk.video_calls", "GET /desk/video-calls", FIELD | CITY),
    door("desk.video_call_new", f"GET /desk/video-calls/new?room={NIL}", FIELD, 404),
    door("desk.video_call_book", f"POST /desk/video-calls/new?room={NIL}", FIELD, 404),
    door("desk.video_call", f"GET /desk/video-calls/{NIL}", FIELD | CITY, 404),
    door("desk.video_call_act", f"POST /desk/video-calls/{NIL}", FIELD, 404),
    door("desk.video_call_move", f"POST /desk/video-calls/{NIL}/move", FIELD, 404),
    door("desk.video_rooms", "GET /desk/video-calls/rooms", SUPERVISOR | COUNTY),
    door("desk.video_room_open", "POST /desk/video-calls/rooms", SUPERVISOR | COUNTY, 422),
    door(
        "desk.video_room_close",
        f"POST /desk/video-calls/rooms/{NIL}/close",
        SUPERVISOR | COUNTY,
        404,
    ),
    # Staff, vetting
    door("desk.vetting", "GET /desk/vetting", BUREAU),
    door("desk.vetting_together", "POST /desk/vetting", BUREAU, 303),
    door("desk.vetting_dossier", f"GET /desk/vetting/{NIL}", BUREAU, 404),
    door("desk.vetting_act", f"POST /desk/vetting/{NIL}", BUREAU, 404),
    door("desk.vetting_reveal", f"POST /desk/vetting/{NIL}/reveal", BUREAU, 404),
    # Staff, the pool, the directory, honours
    door("desk.pool", "GET /desk/pool", BUREAU | {"auditor"}),
    door("desk.pool_export", "GET /desk/pool.xlsx", BUREAU | {"auditor"}),
    door("desk.pool_person", f"GET /desk/pool/{NIL}", BUREAU, 404),
    door("desk.pool_correct", f"POST /desk/pool/{NIL}", BUREAU, 404),
    door("desk.resources", "GET /desk/resources", FIELD | CITY | {"auditor"}),
    door("desk.resource_export", "GET /desk/resources.xlsx", FIELD | CITY | {"auditor"}),
    door("desk.resource", f"GET /desk/resources/{NIL}", FIELD | CITY | {"auditor"}, 404),
    door("desk.resource_move", f"POST /desk/resources/{NIL}", BUREAU, 404),
    door("desk.resource_book", f"POST /desk/resources/{NIL}/book", FIELD | CITY, 404),
    door("desk.resource_release", f"POST /desk/resources/links/{NIL}/release", FIELD | CITY, 404),
    door("desk.honours", "GET /desk/honours", BUREAU),
    door("desk.honour_write", f"GET /desk/honours/propose/{NIL}", BUREAU, 404),
    door("desk.honour_propose", f"POST /desk/honours/propose/{NIL}", BUREAU, 404),
    door("desk.honour_move", f"POST /desk/honours/{NIL}", BUREAU, 404),
    # Hours and certificates: whoever sits in the bureau reads what is made known, masked
    door("desk.hours", "GET /desk/hours", BUREAU),
    door("desk.hours_together", "POST /desk/hours", BUREAU, 303),
    door("desk.export_hours", "POST /desk/hours/export", BUREAU, 422),
    door("desk.corrections", "GET /desk/hours/corrections", BUREAU),
    door("desk.answer_correction", f"POST /desk/hours/corrections/{NIL}", BUREAU, 404),
    door("desk.hours_record", f"GET /desk/hours/{NIL}", BUREAU, 404),
    door("desk.hours_act", f"POST /desk/hours/{NIL}", BUREAU, 404),
    door("desk.certificates", "GET /desk/certificates", PUBLICITY),
    door("desk.certificate", f"GET /desk/certificates/{NIL}", PUBLICITY, 404),
    door("desk.certificate_act", f"POST /desk/certificates/{NIL}", BUREAU, 404),
    door("desk.revoke_certificate", f"POST /desk/certificates/{NIL}/revoke", BUREAU, 404),
    door("desk.object_to_certificate", f"POST /desk/certificates/{NIL}/objections", PUBLICITY, 404),
    door("desk.answer_objection", f"POST /desk/certificates/{NIL}/objections/{NIL}", BUREAU, 404),
    door("desk.certificate_file", f"GET /desk/certificates/{NIL}/certificate.pdf", BUREAU, 404),
    door("desk.certificate_sheet", f"GET /desk/certificates/{NIL}/print", BUREAU, 404),
    door("desk.identity", f"GET /desk/vetting/{NIL}/identity", BUREAU, 404),
    door("desk.identity_consent", f"POST /desk/vetting/{NIL}/identity/consent", BUREAU, 404),
    door("desk.identity_record", f"POST /desk/vetting/{NIL}/identity/record", BUREAU, 404),
    door("desk.identity_verify", f"POST /desk/vetting/{NIL}/identity/verify", BUREAU, 404),
    door("desk.logins", f"GET /desk/vetting/{NIL}/logins", BUREAU, 404),
    door("desk.reset_login", f"POST /desk/vetting/{NIL}/logins/{NIL}/reset", BUREAU, 404),
    door("desk.contact", "GET /desk/vetting/contact", BUREAU),
    door("desk.check", f"GET /desk/vetting/{NIL}/checks/offence", BUREAU, 404),
    door("desk.record_check", f"POST /desk/vetting/{NIL}/checks/offence", BUREAU, 404),
    door("desk.passport_act", f"POST /desk/vetting/{NIL}/passport", BUREAU, 404),
    # Tier 2, appeals and members, for contacts of the supporter
    door("mine.contact", f"GET /me/profile/{NIL}/contact", SUPPORTERS, 404),
    door("mine.ask_contact", f"POST /me/profile/{NIL}/contact", SUPPORTERS, 404),
    door("mine.appeal", f"GET /me/profile/{NIL}/appeal", SUPPORTERS, 404),
    door("mine.file_appeal", f"POST /me/profile/{NIL}/appeal", SUPPORTERS, 404),
    door("mine.members", f"GET /me/profile/{NIL}/members", SUPPORTERS, 404),
    door("mine.invite_member", f"POST /me/profile/{NIL}/members", SUPPORTERS, 404),
    door("mine.change_member", f"POST /me/profile/{NIL}/members/{NIL}", SUPPORTERS, 404),
    door("mine.answer_invitation", f"POST /me/invitations/{NIL}", SIGNED_IN, 404),
    # Staff, wishes and their windows
    door("desk.wishes", "GET /desk/wishes", FIELD | CITY),
    door("desk.wishes_bulk", "POST /desk/wishes", FIELD | CITY, 303),
    door("desk.wish", f"GET /desk/wishes/{NIL}", FIELD | CITY, 404),
    door("desk.wish_move", f"POST /desk/wishes/{NIL}", FIELD | CITY, 404),
    door("desk.windows", "GET /desk/windows", BUREAU),
    # A county under a city looks at the windows of its authority and plans none.
    door("desk.open_windows", "POST /desk/windows/year", CITY, 303),
    door("desk.window", "GET /desk/windows/2026/children_day", BUREAU),
    door("desk.plan_window", "POST /desk/windows/2026/children_day", BUREAU, 422),
    door("desk.release", f"POST /desk/windows/{NIL}/release", BUREAU, 404),
    # Staff, promises, deliveries, thanks
    door("desk.commitments", "GET /desk/commitments", FIELD | CITY | HANDOVER),
    door("desk.commitments_together", "POST /desk/commitments", FIELD | CITY | HANDOVER, 303),
    door("desk.commitment", f"GET /desk/commitments/{NIL}", FIELD | CITY | HANDOVER, 404),
    door("desk.commitment_approve", f"POST /desk/commitments/{NIL}/approve", COUNTY, 404),
    door("desk.commitment_decline", f"POST /desk/commitments/{NIL}/decline", COUNTY, 404),
    door("desk.commitment_fail", f"POST /desk/commitments/{NIL}/fail", COUNTY, 404),
    door(
        "desk.commitment_receive", f"POST /desk/commitments/{NIL}/receive", COUNTY | HANDOVER, 404
    ),
    door("desk.commitment_hand_over", f"POST /desk/commitments/{NIL}/hand-over", DIRECTOR, 404),
    door("desk.commitment_thanks", f"POST /desk/commitments/{NIL}/thanks", DIRECTOR, 404),
    door(
        "desk.commitment_release_thanks",
        f"POST /desk/commitments/{NIL}/release-thanks",
        COUNTY,
        404,
    ),
    door(
        "desk.commitment_return_thanks", f"POST /desk/commitments/{NIL}/return-thanks", COUNTY, 404
    ),
    door("desk.commitment_archive", f"POST /desk/commitments/{NIL}/archive", COUNTY, 404),
    door("desk.archive_of_year", "GET /desk/archive/2026.xlsx", COUNTY),
    # The village director's drafts
    # Pairing needs: the director's, the county's
    door("my_needs.mine", "GET /desk/my-needs", DIRECTOR),
    door("my_needs.choose_child", "GET /desk/my-needs/new", DIRECTOR),
    door("my_needs.write", f"GET /desk/my-needs/children/{NIL}", DIRECTOR | SUPERVISOR, 404),
    door("my_needs.draft", f"POST /desk/my-needs/children/{NIL}", DIRECTOR, 404),
    door(
        "my_needs.assess", f"POST /desk/my-needs/children/{NIL}/assess", DIRECTOR | SUPERVISOR, 404
    ),
    door("my_needs.consent", f"GET /desk/my-needs/children/{NIL}/consent", DIRECTOR, 404),
    door("my_needs.give_consent", f"POST /desk/my-needs/children/{NIL}/consent", DIRECTOR, 404),
    door("my_needs.one", f"GET /desk/my-needs/{NIL}", DIRECTOR, 404),
    door("my_needs.move", f"POST /desk/my-needs/{NIL}", DIRECTOR, 404),
    door("my_needs.edit", f"GET /desk/my-needs/{NIL}/edit", DIRECTOR, 404),
    door("my_needs.save", f"POST /desk/my-needs/{NIL}/edit", DIRECTOR, 404),
    door("my_needs.withdraw_consent", f"POST /desk/my-needs/{NIL}/consent/withdraw", FIELD, 404),
    # The county's matching; 409: nothing waits, 404: none of the things asked for is there
    door("desk.matches", "GET /desk/matches", COUNTY),
    door("desk.matches_run", "POST /desk/matches", COUNTY, 409),
    door("desk.match_weights", "GET /desk/matches/weights", COUNTY),
    door("desk.match_run", f"GET /desk/matches/runs/{NIL}", COUNTY, 404),
    door("desk.match_propose", f"POST /desk/matches/runs/{NIL}", COUNTY, 404),
    door("desk.match_need", f"GET /desk/matches/{NIL}", COUNTY, 404),
    door("desk.match_propose_one", f"POST /desk/matches/{NIL}/propose", COUNTY, 404),
    door("desk.match_decide", f"POST /desk/matches/{NIL}/decide", COUNTY, 404),
    door("desk.match_lift", f"POST /desk/matches/rules/{NIL}/lift", COUNTY, 404),
    door("desk.needs", "GET /desk/needs", FIELD | CITY),
    door("desk.needs_bulk", "POST /desk/needs", FIELD | CITY, 303),
    door("desk.release_needs", "POST /desk/needs/release", BUREAU, 422),
    door("desk.need", f"GET /desk/needs/{NIL}", FIELD | CITY, 404),
    door("desk.need_move", f"POST /desk/needs/{NIL}", FIELD | CITY, 404),
    door("desk.need_applications_list", "GET /desk/needs/applications", COUNTY),
    door("desk.decline_application", f"POST /desk/needs/applications/{NIL}/decline", COUNTY, 404),
    door("desk.propose_applicant", f"POST /desk/needs/applications/{NIL}/propose", COUNTY, 404),
    door("desk.need_offers", "GET /desk/needs/offers", COUNTY),
    door("wishes.mine", "GET /desk/my-wishes", DIRECTOR),
    door("wishes.choose_child", "GET /desk/my-wishes/new", DIRECTOR),
    door("wishes.consent", f"GET /desk/my-wishes/children/{NIL}/consent", DIRECTOR, 404),
    door("wishes.give_consent", f"POST /desk/my-wishes/children/{NIL}/consent", DIRECTOR, 404),
    door("wishes.choose_item", f"GET /desk/my-wishes/children/{NIL}/item", DIRECTOR, 404),
    door("wishes.write", f"GET /desk/my-wishes/children/{NIL}/item/nosuch", DIRECTOR, 404),
    door("wishes.draft", f"POST /desk/my-wishes/children/{NIL}/item/nosuch", DIRECTOR, 404),
    door("wishes.one", f"GET /desk/my-wishes/{NIL}", DIRECTOR, 404),
    door("wishes.move", f"POST /desk/my-wishes/{NIL}", DIRECTOR, 404),
    door("wishes.edit", f"GET /desk/my-wishes/{NIL}/edit", DIRECTOR, 404),
    door("wishes.save", f"POST /desk/my-wishes/{NIL}/edit", DIRECTOR, 404),
    door("wishes.withdraw_consent", f"POST /desk/my-wishes/{NIL}/consent/withdraw", FIELD, 404),
    # The ledger
    door("ledger.home", "GET /children/ledger", BUREAU),
    door("ledger.upload", "POST /children/ledger", BUREAU, 422),
    door("ledger.export", "POST /children/ledger/export", BUREAU, 422),
    door("ledger.batch", f"GET /children/ledger/{NIL}", BUREAU, 404),
    door("ledger.apply", f"POST /children/ledger/{NIL}/apply", BUREAU, 404),
    door("ledger.recheck", f"POST /children/ledger/{NIL}/recheck", BUREAU, 404),
    door("ledger.again", f"POST /children/ledger/{NIL}/again", BUREAU, 404),
    door("ledger.discard", f"POST /children/ledger/{NIL}/discard", BUREAU, 404),
    door("ledger.rejects", f"GET /children/ledger/{NIL}/rejects.xlsx", BUREAU, 404),
    # Memory
    door("audit.facts", "GET /audit", BUREAU | {"auditor"}),
    door("audit.people", "GET /audit/people", BUREAU | {"auditor"}),
    door("audit.choose_export", "GET /audit/export", BUREAU | {"auditor"}),
    door("audit.export", "POST /audit/export", BUREAU | {"auditor"}, 422),
    door("audit.seals", "GET /audit/seals", BUREAU | {"auditor"}),
    door("audit.look", "POST /audit/seals", BUREAU | {"auditor"}, 303),
    # The authority's catalogue
    door("admin_catalogue.shelf", "GET /admin/catalogue", BUREAU),
    door("admin_catalogue.item", "GET /admin/catalogue/items/XX01", BUREAU),
    door("admin_catalogue.adjust", "POST /admin/catalogue/items/XX01", CITY, 303),
    door("admin_catalogue.write", "GET /admin/catalogue/new", BUREAU),
    door("admin_catalogue.propose", "POST /admin/catalogue/new", BUREAU, 422),
    door("admin_catalogue.decide", f"POST /admin/catalogue/proposals/{NIL}", BUREAU, 404),
    # Rights of the people concerned
    door("public.cookies", "GET /cookies", EVERYBODY),
    door("public.text", "GET /texts/350400/privacy", EVERYBODY),
    door("public.text_version", "GET /texts/350400/privacy/2026-01", EVERYBODY),
    door("complaints.form", "GET /complaint", EVERYBODY),
    door("complaints.send", "POST /complaint", EVERYBODY, 422),
    door("complaints.answer", "GET /complaint/answer", EVERYBODY),
    door("complaints.look", "POST /complaint/answer", EVERYBODY, 404),
    door("guardian.door", "GET /g", EVERYBODY),
    door("guardian.type_in", "POST /g", EVERYBODY, 422),
    door("guardian.show", "GET /g/nosuch", EVERYBODY),
    door("guardian.enter", "POST /g/nosuch2", EVERYBODY, 422),
    door("guardian.withdraw", "POST /g/nosuch/withdraw", EVERYBODY, 404),
    door("guardian.agree", f"POST /g/nosuch/agree/{NIL}", EVERYBODY, 404),
    door("guardian.ask", "POST /g/nosuch/ask", EVERYBODY, 404),
    door("guardian.copy", "POST /g/nosuch/copy", EVERYBODY, 404),
    door("guardian.leave", "POST /g/nosuch/leave", EVERYBODY, 303),
    door("rights.home", "GET /me/rights", SIGNED_IN),
    door("rights.ask", f"POST /me/rights/{NIL}", SUPPORTERS, 404),
    door("rights.close_account", "POST /me/rights/account/close", SIGNED_IN, 409, newcomer=303),
    door("rights.copy", f"POST /me/rights/{NIL}/copy", SUPPORTERS, 404),
    door("rights.copy_account", "POST /me/rights/account/copy", SIGNED_IN),
    door("rights.correct_account", "POST /me/rights/account/correct", SIGNED_IN, 422),
    door("rights.retract", f"POST /me/rights/requests/{NIL}/retract", SIGNED_IN, 404),
    door("rights.read", "GET /me/agreements", SIGNED_IN),
    door("rights.agree", f"POST /me/agreements/{NIL}", SUPPORTERS, 404),
    door("desk.requests", "GET /desk/requests", BUREAU),
    door("desk.request", f"GET /desk/requests/{NIL}", BUREAU, 404),
    door("desk.request_act", f"POST /desk/requests/{NIL}", BUREAU, 404),
    door("desk.request_paper", f"POST /desk/requests/{NIL}/paper", BUREAU, 404),
    door("desk.grievances", "GET /desk/grievances", BUREAU),
    door("desk.grievance", f"GET /desk/grievances/{NIL}", BUREAU, 404),
    door("desk.grievance_act", f"POST /desk/grievances/{NIL}", BUREAU, 404),
    door("desk.guardian_links", f"GET /desk/children/{NIL}/guardians", FIELD, 404),
    door("desk.guardian_issue", f"POST /desk/children/{NIL}/guardians", FIELD, 404),
    door("desk.guardian_revoke", f"POST /desk/guardian-links/{NIL}/revoke", FIELD, 404),
    door("desk.guardian_paper", f"GET /desk/guardian-links/{NIL}/paper", FIELD, 404),
    door("desk.protect", f"POST /desk/children/{NIL}/protection", COUNTY, 404),
    door("desk.lift_protection", f"POST /desk/protections/{NIL}/lift", COUNTY, 404),
    # A county under a city has the city's texts and drafts none.
    door("texts.index", "GET /admin/texts", CITY | ADMIN | COUNTY, 404, city_staff=200),
    door("texts.write", "GET /admin/texts/new/privacy", CITY | ADMIN | COUNTY, 404, city_staff=200),
    door(
        "texts.draft", "POST /admin/texts/new/privacy", CITY | ADMIN | COUNTY, 404, city_staff=422
    ),
    door("texts.one", f"GET /admin/texts/{NIL}", CITY | ADMIN | COUNTY, 404),
    door("texts.edit", f"GET /admin/texts/{NIL}/edit", CITY | ADMIN | COUNTY, 404),
    door("texts.save", f"POST /admin/texts/{NIL}/edit", CITY | ADMIN | COUNTY, 404),
    door("texts.publish", f"POST /admin/texts/{NIL}/publish", CITY | ADMIN | COUNTY, 404),
    door("texts.discard", f"POST /admin/texts/{NIL}/discard", CITY | ADMIN | COUNTY, 404),
    door("texts.retention", "GET /admin/retention", BUREAU | ADMIN | {"auditor"}),
    # Administration
    door("admin.people", "GET /admin/people", ADMIN),
    door("admin.person", f"GET /admin/people/{NIL}", ADMIN, 404),
    door("admin.choose", "GET /admin/people/add", ADMIN),
    door("admin.add", "POST /admin/people/add", ADMIN, 404),
    door("admin.choose_grant", f"GET /admin/people/{NIL}/grant", ADMIN, 404),
    door("admin.add_grant", f"POST /admin/people/{NIL}/grant", ADMIN, 404),
    door("admin.invite_again", f"POST /admin/people/{NIL}/invite", ADMIN, 404),
    door("admin.end", f"POST /admin/grants/{NIL}/end", ADMIN, 404),
    door("admin.delegate_form", f"GET /admin/grants/{NIL}/delegate", ADMIN, 404),
    door("admin.delegate", f"POST /admin/grants/{NIL}/delegate", ADMIN, 404),
    door("admin.end_delegation", f"POST /admin/delegations/{NIL}/end", ADMIN, 404),
    door("desk.leave", "GET /desk/leave", STAFF),
    door("desk.leave_form", f"GET /desk/leave/{NIL}", STAFF, 404),
    door("desk.hand_over", f"POST /desk/leave/{NIL}", STAFF, 404),
    door("desk.end_leave", f"POST /desk/leave/{NIL}/end", STAFF, 404),
    # The tree of units
    door("admin_units.index", "GET /admin/units", ADMIN),
    door("admin_units.branch", f"GET /admin/units/{NIL}/branch", ADMIN, 404),
    door("admin_units.unit", f"GET /admin/units/{NIL}", ADMIN, 404),
    door("admin_units.open_form", f"GET /admin/units/{NIL}/open", ADMIN, 404),
    door("admin_units.open_below", f"POST /admin/units/{NIL}/open", ADMIN, 404),
    door("admin_units.change_form", f"GET /admin/units/{NIL}/change/rename", ADMIN, 404),
    door("admin_units.propose", f"POST /admin/units/{NIL}/change/rename", ADMIN, 404),
    door("admin_units.changes", "GET /admin/unit-changes", ADMIN),
    door("admin_units.proposal", f"GET /admin/unit-changes/{NIL}", ADMIN, 404),
    door("admin_units.confirm", f"POST /admin/unit-changes/{NIL}/confirm", ADMIN, 404),
    door("admin_units.drop", f"POST /admin/unit-changes/{NIL}/drop", ADMIN, 404),
    # What an authority sets for itself
    door("admin_settings.index", "GET /admin/settings", ADMIN),
    door("admin_settings.history", "GET /admin/settings/history", ADMIN),
    door("admin_settings.setting", "GET /admin/settings/nosuch", ADMIN, 404),
    door("admin_settings.change", "POST /admin/settings/nosuch", ADMIN, 404),
    door("admin_settings.logo_form", "GET /admin/logo", ADMIN, 404),
    door("admin_settings.set_logo", "POST /admin/logo", ADMIN, 404),
    door("admin_settings.remove_logo", "POST /admin/logo/remove", ADMIN, 404),
    door("admin_settings.agree", f"POST /admin/setting-changes/{NIL}/agree", ADMIN, 404),
    door("admin_settings.drop", f"POST /admin/setting-changes/{NIL}/drop", ADMIN, 404),
    door("admin_settings.logo", "GET /authority/350400/logo", EVERYBODY, 404),
    door("admin_settings.holidays", "GET /admin/holidays", ADMIN),
    door("admin_settings.set_day", "POST /admin/holidays", ADMIN, 422),
    door("admin_settings.swap_days", "POST /admin/holidays/swap", ADMIN, 422),
    door("admin_settings.unset_day", f"POST /admin/holidays/{NIL}/remove", ADMIN, 404),
    door("admin.matrix", "GET /admin/roles", ADMIN | {"auditor"}),
)
