"""What falls due by the clock, once: the worker runs it as jobs, a story as its clock moves on."""

from __future__ import annotations

from collections.abc import Callable

from portal.services import (
    age_outs,
    anniversaries,
    cadence_digests,
    cadence_pauses,
    cadence_reminders,
    child_transfers,
    closing_interviews,
    concerns,
    expiry,
    factor_returns,
    honours,
    pairing_contacts,
    pairing_reminders,
    phone_codes,
    publication,
    reminders,
    resources,
    retention,
    returns,
    sight_requests,
    sight_watch,
    unit_moves,
    wechat_sign_in,
    windows,
)

#: By the kind of job; a story runs them in this order. Each is safe to run twice.
WORK: tuple[tuple[str, Callable[[], object]], ...] = (
    ("claims_lapse", returns.lapse_due),
    ("concerns_escalate", concerns.escalate_due),
    ("sights_close", sight_requests.close_due),
    ("sights_outliers", sight_watch.find_outliers),
    ("windows_close", windows.close_due),
    ("supporters_expire", expiry.expire_due),
    ("supporters_remind", expiry.remind_due),
    ("pairings_age_out", age_outs.end_due),
    ("contacts_replace", pairing_contacts.replace_gone),
    ("pairings_pause", cadence_pauses.pause_due),
    ("cadence_remind", cadence_reminders.remind_due),
    ("cadence_digest", cadence_digests.send_due),
    ("resources_expire", resources.expire_due),
    ("honours_show", honours.refresh),
    ("claims_remind", reminders.remind_due),
    ("meetings_remind", pairing_reminders.remind_due),
    ("pairings_anniversary", anniversaries.tell_due),
    ("ages_remind", age_outs.remind_due),
    ("interviews_remind", closing_interviews.remind_due),
    ("transfers_remind", child_transfers.remind_due),
    ("wall_count", publication.refresh_counts),
    ("forget_old", retention.forget_old),
    ("codes_forget", phone_codes.forget_old),
    ("wechat_forget", wechat_sign_in.forget_old),
    ("factors_reset", factor_returns.carry_out_due),
    ("units_settle", unit_moves.settle),
)
