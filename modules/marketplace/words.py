"""What things are called, and in which tone they are shown."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext

from orion.contracts.formats import number

#: What is staged, against the catalog; a rejected one is a single row of the file.
STATES = {
    "new": (_l("New"), "info"),
    "changed": (lazy_pgettext("staged product", "Changed"), "warning"),
    "unchanged": (_l("Unchanged"), "neutral"),
    "gone": (_l("Gone from the file"), "warning"),
    "rejected": (_l("Rejected"), "danger"),
}
#: What somebody has decided on what is staged.
DECISIONS = {
    "open": (_l("To review"), "neutral"),
    "accepted": (_l("Accepted"), "success"),
    "skipped": (_l("Skipped"), "neutral"),
    "published": (_l("Published"), "success"),
}
#: What a file has come to.
STAGES = {
    "uploaded": (_l("Not read yet"), "neutral"),
    "reading": (_l("Being read"), "info"),
    "ready": (lazy_pgettext("file", "Read"), "success"),
    "refused": (_l("Refused"), "danger"),
}
JOB_STATES = {
    "waiting": (_l("Waiting"), "neutral"),
    "running": (_l("Running"), "info"),
    "done": (lazy_pgettext("job", "Done"), "success"),
    "failed": (lazy_pgettext("job", "Failed"), "danger"),
    "cancelled": (lazy_pgettext("job", "Cancelled"), "neutral"),
    # TRANSLATORS: It crashed several times, and is not tried again.
    "parked": (_l("Parked"), "danger"),
}
JOBS = {
    "marketplace.read": _l("Read a file"),
    "marketplace.fetch": _l("Fetch a file"),
    "marketplace.publish": _l("Publish"),
    "marketplace.take_back": lazy_pgettext("job", "Take back"),
    "marketplace.pictures": _l("Fetch images"),
}
FETCHES = {
    "": (_l("Not fetched yet"), "neutral"),
    "fetched": (_l("Fetched"), "success"),
    "unchanged": (_l("Not changed since"), "neutral"),
    "failed": (_l("Failed"), "danger"),
}
#: Why a job has stopped that is not done, and what is to be done.
STOPPED = {
    "parked": _l(
        "It crashed five times at one place, and is not tried again by itself. What it had done is kept. "
        "Once the cause is gone, try again: it goes on where it stopped."
    ),
    "failed": _l("It can't be done as it was asked for. Change what the message says, then try again."),
    "cancelled": _l("Somebody stopped it. What it had done until then is kept."),
}
PUBLICATIONS = {
    "running": (_l("Being published"), "info"),
    "done": (lazy_pgettext("publication", "Published"), "success"),
    "undoing": (_l("Being taken back"), "info"),
    "undone": (lazy_pgettext("publication", "Taken back"), "neutral"),
}
READINGS = {
    ".": _l("decimal point"),
    ",": _l("decimal comma"),
    "DMY": _l("day, month, year"),
    "MDY": _l("month, day, year"),
    "YMD": _l("year, month, day"),
}
PROBLEMS = {
    "empty": _l("Something is missing"),
    "not_a_number": _l("No number"),
    "not_a_price": _l("No price"),
    "not_a_weight": _l("No weight"),
    "other_currency": _l("Another currency"),
    "currency": _l("Product in another currency"),
    "too_long": _l("Too long"),
    "too_large": _l("Too large"),
    "too_precise": _l("Too many decimal places"),
    "ragged": _l("Another number of cells"),
    "open_quote": _l("A quote without end"),
    "doubled": _l("Options twice"),
    "shared": _l("Number used twice"),
    "too_many": _l("Too many variants"),
    "no_key": _l("Neither title nor number"),
    "of_rejected": _l("Its product can't be taken"),
    "unknown": _l("Unknown variant"),
    "several": _l("Several variants could be meant"),
    "not_a_date": _l("No date"),
    "not_whole": _l("No whole number"),
    "no_amount": _l("No amount"),
    "discount": _l("No discount"),
    "currencies": _l("Several currencies"),
    "does_not_add_up": _l("Does not add up"),
    "erased": _l("Erased customer"),
    "refused": _l("Could not be published"),
}


def being_published(things: int) -> str:
    """That so many things, products or orders, say, are on their way into what is there."""
    return ngettext(
        "%(number)s is being published.", "%(number)s are being published.", things, number=number(things)
    )
