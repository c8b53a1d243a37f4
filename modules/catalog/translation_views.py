"""The page on which a product is translated."""

from datetime import UTC, datetime

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.catalog import queries, translating, translation_forms
from modules.catalog.models import Product
from modules.catalog.views import languages_of
from orion.contracts.errors import NotFound
from orion.contracts.forms import Undo, done, form_page
from orion.contracts.scope import Scope
from orion.contracts.texts import Tongue, own_language, translated_into


def translate(scope: Scope, product: Product, language: str) -> ResponseReturnValue:
    """What a product says in another language. Raises NotFound for one that isn't translated into."""
    if language not in translated_into(scope):
        raise NotFound()
    form, lines = translation_forms.translation_form(scope, product, language)
    here = url_for("catalog_vendor.edit", public_id=product.public_id, translation=language)
    if form.sent():
        with form.attempt():
            said, right = translation_forms.said(form, lines)
            given = {"right": right, "version": form["version"].data, "now": datetime.now(UTC)}
            before = translating.translate(scope, product.public_id, language, said, **given)
            into = {"product_id": product.public_id, "language": language, "texts": before}
            return done(_("Translation saved."), here, Undo("catalog.translation", **into))
    return form_page(
        form,
        "catalog/translation.html",
        product=product,
        lines=lines,
        of=Tongue(own_language(scope)),
        into=Tongue(language),
        tongues=languages_of(scope, product.public_id, queries.lacking(scope, product), language),
        back=url_for("catalog_vendor.product", public_id=product.public_id),
    )
