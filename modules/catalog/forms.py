"""The forms of products and categories."""

from collections.abc import Sequence
from types import SimpleNamespace

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from modules.catalog import options, queries
from modules.catalog.models import Category, Product
from modules.catalog.options import WantedOption
from modules.catalog.services import LONGEST_DESCRIPTION, LONGEST_TAG, MOST_TAGS, ProductFacts, VariantFacts
from modules.catalog.views import TAX_CLASSES
from orion.contracts.data import once
from orion.contracts.forms import (
    ChoiceField,
    ChoicesField,
    Form,
    LinesField,
    MoneyField,
    TagsField,
    TextField,
    VersionField,
)
from orion.contracts.pages import current_scope
from orion.contracts.scope import Scope
from orion.contracts.texts import language_here, stamp_of

#: Values that one field of an option may name.
MOST_VALUES = 100


def tree() -> Sequence[Category]:
    """The tree of categories, asked for once for a page and its form."""
    return once("catalog.tree", lambda: queries.categories(current_scope()))


def category_options() -> list[tuple[str, str]]:
    """The tree as a list to choose from, each name indented as deep as it stands."""
    return [(one.public_id, "\N{EM SPACE}" * one.depth + one.name) for one in tree()]


def values_field(label: object) -> TagsField:
    return TagsField(label, most=MOST_VALUES, longest=options.LONGEST)


class About(Form):
    """What a product says of itself."""

    title = TextField(_l("Title"), required=True, most=200)
    description = LinesField(
        _l("Description"),
        most=LONGEST_DESCRIPTION,
        rows=6,
        hint=_l("Markdown: **bold**, *italic*, lists with -"),
    )
    type = TextField(_l("Type"), most=120, hint=_l("What it is, as in Mug or Blanket."))
    brand = TextField(_l("Brand"), most=120)
    tags = TagsField(_l("Tags"), most=MOST_TAGS, longest=LONGEST_TAG, hint=_l("With commas between them."))
    categories = ChoicesField(_l("Categories"), options=category_options)
    tax_class = ChoiceField(
        _l("Tax class"), options=list(TAX_CLASSES.items()), default="standard", required=True
    )


class ProductForm(About):
    """The form of a product that is there."""

    handle = TextField(_l("Handle"), most=120, hint=_l("Stands in addresses, as in linen-apron."))
    version = VersionField()


class NewProductForm(About):
    """A product, its first variant, and what it varies in."""

    price = MoneyField(_l("Price"))
    sku = TextField(_l("SKU"), most=120, hint=_l("Your own code for it."))
    barcode = TextField(_l("Barcode (GTIN)"), most=40)
    option1 = TextField(_l("First option"), most=80, hint=_l("What it varies in, as in Colour."))
    option1_values = values_field(_l("Its values"))
    option2 = TextField(_l("Second option"), most=80)
    option2_values = values_field(_l("Its values"))
    option3 = TextField(_l("Third option"), most=80)
    option3_values = values_field(_l("Its values"))

    @property
    def wanted(self) -> list[WantedOption]:
        """The options that were named, or have values."""
        pairs = [(self[f"option{n}"].data, self[f"option{n}_values"].data) for n in (1, 2, 3)]
        return [WantedOption(name, values) for name, values in pairs if name or values]


class CategoryForm(Form):
    """A category to choose."""

    category = ChoiceField(_l("Category"), options=category_options, required=True)


class BranchForm(Form):
    """A category's name and place."""

    name = TextField(_l("Name"), most=80, required=True)
    parent = ChoiceField(
        _l("Below"), options=category_options, hint=_l("Leave it open for the top of the tree.")
    )


def first_variant(form: NewProductForm) -> VariantFacts:
    """What was typed of the first variant."""
    return VariantFacts(sku=form.sku.data, barcode=form.barcode.data, price=form.price.data)


def facts(form: About) -> ProductFacts:
    """What was typed."""
    given = form.given()
    return ProductFacts(
        **{name: given[name] or "" for name in ("title", "description", "type", "brand")},
        handle=given.get("handle") or "",
        tax_class=given["tax_class"],
        tags=given["tags"],
        categories=given["categories"],
    )


def product_form(scope: Scope, product: Product) -> ProductForm:
    """The form of a product, filled."""
    names = ("title", "description", "type", "brand", "tax_class", "handle", "version", "currency")
    return ProductForm(
        obj=SimpleNamespace(
            **{name: getattr(product, name) for name in names},
            tags=list(queries.tags_of(scope, product)),
            categories=[one.public_id for one in queries.categories_of(scope, product)],
        )
    )


def branch_form(
    tree: Sequence[Category], category: Category | None = None, languages: Sequence[str] = ()
) -> BranchForm:
    """The form of a category with its names in other languages; it offers no place below itself."""
    above = next((one for one in tree if category is not None and one.id == category.parent_id), None)
    filled: dict[str, object] = {}
    if category is not None:
        filled = {"name": category.name, "parent": above.public_id if above else None}
        filled |= {f"name-{tag}": said[0] for tag, said in category.names.items()}
    form: BranchForm = type("CategoryForm", (BranchForm,), _names(category, languages))(data=filled or None)
    below = {one.public_id for one in tree if category is not None and one.path.startswith(category.path)}
    form.parent.options = [pair for pair in form.parent.options if pair[0] not in below]
    return form


def names_in(form: Form, languages: Sequence[str]) -> dict[str, str]:
    """What was typed as names in other languages, by language."""
    return {tag: form[f"name-{tag}"].data or "" for tag in languages}


def _names(category: Category | None, languages: Sequence[str]) -> dict[str, TextField]:
    """A field for the name in each language, which says where it is out of date."""
    fields = {}
    for tag in languages if category is not None else ():
        said = category.names.get(tag)
        hint = (
            _("The name has changed since this was translated.")
            if said and said[1] != stamp_of(category.name)
            else ""
        )
        fields[f"name-{tag}"] = TextField(
            _("Name (%(language)s)", language=language_here(tag)), most=80, hint=hint
        )
    return fields
