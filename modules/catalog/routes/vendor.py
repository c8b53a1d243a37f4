"""Product pages for a vendor's team."""

from datetime import UTC, datetime

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.catalog import (
    actions,
    categories,
    copying,
    forms,
    grid_forms,
    option_forms,
    queries,
    services,
)
from modules.catalog.editing import make, save_images
from modules.catalog.grid import edit_variants
from modules.catalog.listings import offer
from modules.catalog.lists import PAGES
from modules.catalog.options import set_options
from modules.catalog.translation_views import translate
from modules.catalog.views import about, elsewhere, image_url, languages_of, send_image, usual_price
from orion.contracts.forms import Confirm, confirm_page, done, form_page
from orion.contracts.lists import answer_list
from orion.contracts.pages import Pages, render
from orion.contracts.scope import Scope
from orion.contracts.texts import translated_into

pages = Pages(__name__)
BOTH = ("GET", "POST")


def _now() -> datetime:
    return datetime.now(UTC)


def _at(public_id: str) -> str:
    return url_for("catalog_vendor.product", public_id=public_id)


@pages.page("/products", permission="catalog.view", methods=BOTH)
def products(scope: Scope) -> ResponseReturnValue:
    """Every product of this vendor."""
    return answer_list(PAGES["vendor"], scope, "catalog/products.html", may=scope.allows)


@pages.page("/products/<public_id>", permission="catalog.view")
def product(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One product."""
    return render("catalog/product.html", **about(scope, public_id, "vendor"))


@pages.page("/products/images/<key>/<width>", permission="catalog.view")
def image(scope: Scope, key: str, width: str) -> Response:
    """A picture of a product."""
    return send_image(scope, key, width)


@pages.page("/products/new", permission="catalog.edit", methods=BOTH)
def new(scope: Scope) -> ResponseReturnValue:
    """A new product."""
    form = forms.NewProductForm()
    if form.sent():
        with form.attempt():
            made = make(scope, form, _now()).public_id
            further = url_for("catalog_vendor.variants", public_id=made) if form.wanted else _at(made)
            return done(_("Product created."), further)
    return form_page(form, "catalog/new.html", back=url_for("catalog_vendor.products"))


@pages.page("/products/<public_id>/edit", permission="catalog.edit", methods=BOTH)
def edit(scope: Scope, public_id: str) -> ResponseReturnValue:
    """What a product says of itself; with `translation`, in another language."""
    found = queries.product(scope, public_id)
    if language := request.args.get("translation", ""):
        return translate(scope, found, language)
    form = forms.product_form(scope, found)
    if form.sent():
        with form.attempt():
            services.edit(scope, public_id, forms.facts(form), version=form.version.data, now=_now())
            return done(_("Product saved."), _at(public_id))
    return form_page(
        form,
        "catalog/edit.html",
        product=found,
        tongues=languages_of(scope, public_id, queries.lacking(scope, found))
        if translated_into(scope)
        else [],
        back=_at(public_id),
    )


@pages.page("/products/<public_id>/options", permission="catalog.edit", methods=BOTH)
def options(scope: Scope, public_id: str) -> ResponseReturnValue:
    """What a product varies in."""
    found = queries.product(scope, public_id)
    there = queries.options(scope, found)
    form = option_forms.options_form(there)
    if form.sent():
        with form.attempt():
            wanted = option_forms.wanted_options(form, there)
            set_options(scope, public_id, wanted, version=form.version.data, now=_now())
            return done(_("Options saved."), url_for("catalog_vendor.variants", public_id=public_id))
    return form_page(
        form,
        "catalog/options.html",
        product=found,
        groups=option_forms.groups(form, there),
        back=_at(public_id),
    )


@pages.page("/products/<public_id>/variants", permission="catalog.edit", methods=BOTH)
def variants(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The variants of a product as a grid of fields."""
    found = queries.product(scope, public_id)
    there = queries.variants(scope, found)
    form = grid_forms.grid_form(found, there)
    if form.sent():
        with form.attempt():
            wanted = grid_forms.wanted_variants(form, there)
            edit_variants(scope, public_id, wanted, version=form.version.data, now=_now())
            return done(_("Variants saved."), _at(public_id))
    return form_page(form, "catalog/variants.html", product=found, variants=there, back=_at(public_id))


@pages.page("/products/<public_id>/platforms", permission="catalog.publish", methods=BOTH)
def platforms(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Where a product shows, and at which prices."""
    found = queries.product(scope, public_id)
    here, variants = scope.for_changes().platforms, queries.variants(scope, found)
    there = [one for one in queries.offers(scope, found) if one.platform.id in here]
    form = grid_forms.offers_form(found, variants, there, scope.has("catalog.platform_prices"))
    if form.sent():
        with form.attempt():
            wanted = grid_forms.wanted_offers(form, there)
            offer(scope, public_id, wanted, version=form.version.data, now=_now())
            return done(_("Platforms saved."), _at(public_id))
    return form_page(
        form,
        "catalog/platforms.html",
        product=found,
        variants=variants,
        offers=there,
        usual=lambda variant: usual_price(found, variant),
        back=_at(public_id),
    )


@pages.page("/products/<public_id>/images", permission="catalog.edit", methods=BOTH)
def pictures(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The pictures of a product: adding, describing, ordering and removing them."""
    found = queries.product(scope, public_id)
    there = queries.images(scope, found)
    form = grid_forms.images_form(there)
    if form.sent():
        with form.attempt():
            message, undo = save_images(scope, found, form, there, request.form, _now())
            return done(message, url_for("catalog_vendor.pictures", public_id=public_id), undo)
    return form_page(
        form,
        "catalog/images.html",
        product=found,
        images=there,
        links=elsewhere(scope, found, len(there)),
        image_url=image_url,
        back=_at(public_id),
    )


@pages.page("/products/<public_id>/status", permission="catalog.edit", methods=("POST",))
def status(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Make a product a draft, active or archived."""
    found = queries.product(scope, public_id)
    outcome = actions.to_status(scope, [found.id], request.form.get("status", ""))
    return done(outcome.message, _at(public_id), outcome.undo)


@pages.page("/products/<public_id>/duplicate", permission="catalog.edit", methods=("POST",))
def duplicate(scope: Scope, public_id: str) -> ResponseReturnValue:
    """A draft like this product."""
    copy = copying.duplicate(scope, public_id, now=_now())
    return done(_("This is the copy, as a draft."), _at(copy.public_id))


# -- categories -----------------------------------------------------------------------------------


@pages.page("/categories", permission="catalog.view")
def tree(scope: Scope) -> ResponseReturnValue:
    """The tree of categories."""
    there = queries.categories(scope)
    numbers = queries.numbers_in(scope, there)
    return render("catalog/categories.html", categories=there, numbers=numbers, may=scope.allows)


@pages.page("/categories/new", permission="catalog.edit", methods=BOTH)
def new_category(scope: Scope) -> ResponseReturnValue:
    """A new category."""
    form = forms.branch_form(forms.tree())
    if form.sent():
        with form.attempt():
            categories.add(scope, form.name.data, form.parent.data or "")
            return done(_("Category created."), url_for("catalog_vendor.tree"))
    return form_page(form, title=_("New category"), **_of_tree())


@pages.page("/categories/<public_id>", permission="catalog.edit", methods=BOTH)
def category(scope: Scope, public_id: str) -> ResponseReturnValue:
    """A category's name and place."""
    there = forms.tree()
    found, languages = categories.one_of(there, public_id), translated_into(scope)
    form = forms.branch_form(there, found, languages)
    if form.sent():
        with form.attempt():
            names = forms.names_in(form, languages)
            categories.change(scope, public_id, form.name.data, form.parent.data or "", names)
            return done(_("Category saved."), url_for("catalog_vendor.tree"))
    return form_page(form, "catalog/category.html", title=found.name, category=found, **_of_tree())


@pages.page("/categories/<public_id>/remove", permission="catalog.edit", methods=BOTH)
def remove_category(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Ask before a category goes."""
    found = categories.one_of(queries.categories(scope), public_id)
    form = Confirm()
    if form.sent():
        with form.attempt():
            categories.remove(scope, public_id)
            return done(_("Category removed."), url_for("catalog_vendor.tree"))
    return confirm_page(
        form,
        title=_("Remove the category “%(name)s”?", name=found.name),
        text=_("What stands in it or below it moves up to where it stood. No product is lost."),
        submit=_("Remove"),
        back=url_for("catalog_vendor.category", public_id=public_id),
    )


def _of_tree() -> dict[str, object]:
    at = url_for("catalog_vendor.tree")
    return {"trail": [(_("Categories"), at)], "back": at}
