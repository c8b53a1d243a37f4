"""Imports for a vendor's team."""

from flask import request
from flask.typing import ResponseReturnValue

from modules.marketplace import feed_views, outlet_views, views
from modules.marketplace.lists import IMPORTS, JOB_LISTS
from modules.marketplace.lists import staged as staged_list
from orion.contracts.lists import answer_list
from orion.contracts.pages import Pages
from orion.contracts.scope import Scope

pages = Pages(__name__)
BOTH = ("GET", "POST")


@pages.page("/imports", permission="marketplace.view")
def imports(scope: Scope) -> ResponseReturnValue:
    """Every file that was brought."""
    return answer_list(IMPORTS["vendor"], scope, "marketplace/imports.html", may=scope.allows)


@pages.page("/imports/new", permission="marketplace.import", methods=BOTH)
def upload(scope: Scope) -> ResponseReturnValue:
    """Bring a file."""
    return views.upload(scope)


@pages.page("/imports/fetched", permission="marketplace.view")
def feeds(scope: Scope) -> ResponseReturnValue:
    """The addresses from which files are fetched each day."""
    return feed_views.feeds(scope)


@pages.page("/imports/fetched/new", permission="marketplace.import", methods=BOTH)
def add_feed(scope: Scope) -> ResponseReturnValue:
    """One more."""
    return feed_views.add(scope)


@pages.page(
    "/imports/fetched/<public_id>/<any(fetch, rest, go, remove):what>",
    permission="marketplace.import",
    methods=("POST",),
)
def act_on_feed(scope: Scope, public_id: str, what: str) -> ResponseReturnValue:
    """Fetch at once, rest, go on, or fetch no more."""
    return feed_views.act(scope, public_id, what)


@pages.page("/imports/feeds", permission="marketplace.publish")
def outlets(scope: Scope) -> ResponseReturnValue:
    """The feeds that others read, one a platform."""
    return outlet_views.outlets(scope)


@pages.page("/imports/feeds/<code>", permission="marketplace.publish", methods=BOTH)
def outlet(scope: Scope, code: str) -> ResponseReturnValue:
    """Give the feed of a platform a new address."""
    return outlet_views.outlet(scope, code)


@pages.page("/imports/feeds/<code>/close", permission="marketplace.publish", methods=("POST",))
def close_outlet(scope: Scope, code: str) -> ResponseReturnValue:
    """Make it void."""
    return outlet_views.close(scope, code)


@pages.page("/imports/<public_id>", permission="marketplace.view")
def one(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One import: what was understood, what it brings, what was published."""
    return views.page("import", views.about(scope, public_id))


@pages.page("/imports/<public_id>/mapping", permission="marketplace.import", methods=BOTH)
def mapping(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Which column is which field."""
    return views.mapping(scope, public_id)


@pages.page("/imports/<public_id>/mapping.yaml", permission="marketplace.import")
def mapping_file(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The same as a file."""
    return views.mapping_file(scope, public_id)


@pages.page("/imports/<public_id>/mapping/file", permission="marketplace.import", methods=("POST",))
def take_mapping(scope: Scope, public_id: str) -> ResponseReturnValue:
    """State what such a file says."""
    return views.take_mapping(scope, public_id)


@pages.page("/imports/<public_id>/mapping/forget", permission="marketplace.import", methods=("POST",))
def forget_mapping(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Forget what was stated about files with these headers."""
    return views.forget_mapping(scope, public_id)


@pages.page("/imports/<public_id>/publish", permission="marketplace.publish", methods=("POST",))
def publish(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Publish all of it, or what is accepted."""
    return views.publish(scope, public_id, "accepted" if request.form.get("only") == "accepted" else "")


@pages.page("/imports/publications/<public_id>/undo", permission="marketplace.publish", methods=("POST",))
def take_back(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Take a publication back."""
    return views.take_back(scope, public_id)


@pages.page("/imports/publications/<public_id>/images", permission="marketplace.publish", methods=("POST",))
def fetch_images(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Fetch the images of what was published once more."""
    return views.fetch_images(scope, public_id)


@pages.page("/imports/staging", permission="marketplace.view", methods=BOTH)
def staged(scope: Scope) -> ResponseReturnValue:
    """What files bring, against the catalog."""
    return answer_list(
        staged_list("vendor", request.args.get("import", "")), scope, "marketplace/staged.html"
    )


@pages.page("/imports/staging/<public_id>", permission="marketplace.view", methods=BOTH)
def item(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One product of a file, or a row that was rejected."""
    return views.item(scope, public_id)


@pages.page("/imports/staging/<public_id>/edit", permission="marketplace.import", methods=BOTH)
def edit_item(scope: Scope, public_id: str) -> ResponseReturnValue:
    """A line of it, to be changed where it stands."""
    return views.edit_item(scope, public_id)


@pages.page("/imports/jobs", permission="marketplace.view")
def jobs(scope: Scope) -> ResponseReturnValue:
    """What goes on in the background."""
    return answer_list(JOB_LISTS["vendor"], scope, "marketplace/jobs.html")


@pages.page("/imports/jobs/<public_id>", permission="marketplace.view")
def job(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One job."""
    return views.page("job", views.job(scope, public_id))


@pages.page("/imports/jobs/<public_id>/cancel", permission="marketplace.import", methods=("POST",))
def cancel(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Stop a job."""
    return views.stop(scope, public_id)


@pages.page("/imports/jobs/<public_id>/retry", permission="marketplace.import", methods=("POST",))
def retry(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Take up a job that stopped."""
    return views.again(scope, public_id)
