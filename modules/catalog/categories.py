"""The tree of categories: adding, renaming, moving and removing its branches."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from modules.catalog.models import Category, ProductCategory
from modules.catalog.services import vendor_of
from modules.tenancy.api import Vendor
from orion.contracts.data import session
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.models import normalise
from orion.contracts.scope import Scope
from orion.contracts.texts import stamp_of, translated_into

#: Levels of the tree, and characters of a name.
DEEPEST, LONGEST = 6, 80


def add(scope: Scope, name: str, parent: str = "") -> Category:
    """A new category, at the root or below `parent` (public id). Raises NotFound and Invalid."""
    tree = _locked_tree(scope)
    above = one_of(tree, parent) if parent else None
    path = _path(above, name)
    _check(tree, name, path, 1)
    category = Category(
        vendor_id=vendor_of(scope), parent_id=above.id if above else None, name=_clean(name), path=path
    )
    session().add(category)
    session().flush()
    return category


def change(
    scope: Scope, category_id: str, name: str, parent: str = "", names: Mapping[str, str] | None = None
) -> Category:
    """Rename a category and put it below `parent`, or at the root; what is below it comes along.

    `names` are what it is called in other languages; an empty one is none. One that stays as it was while the
    name itself changes is out of date.

    Raises NotFound, and Invalid where the tree would bite its own tail, grow too deep, or have two of a
    name beside each other.
    """
    tree = _locked_tree(scope)
    category, above = one_of(tree, category_id), one_of(tree, parent) if parent else None
    branch = _branch(tree, category)
    if above in branch:
        raise Invalid(errors={"parent": [_("A category can't stand below itself.")]})
    path = _path(above, name)
    _check([one for one in tree if one not in branch], name, path, _height(branch, category))
    _translate(scope, category, _clean(name), names or {})
    old = category.path
    category.name, category.parent_id = _clean(name), above.id if above else None
    # Two steps: on the way no two categories may have one path.
    for one in branch:
        one.path = f"{one.id}\x7f{one.path}"
    session().flush()
    for one in branch:
        one.path = path + one.path.partition("\x7f")[2][len(old) :]
    session().flush()
    return category


def _translate(scope: Scope, category: Category, name: str, names: Mapping[str, str]) -> None:
    """Runs while the category still has its former name."""
    errors = {
        f"name-{language}": [_("Give a name of at most %(num)s characters.", num=LONGEST)]
        for language, said in names.items()
        if len(_clean(said)) > LONGEST
    }
    if errors:
        raise Invalid(errors=errors)
    there = dict(category.names)
    for language in (one for one in translated_into(scope) if one in names):
        said = _clean(names[language])
        if not said:
            there.pop(language, None)
        elif name == category.name or there.get(language, [""])[0] != said:
            there[language] = [said, stamp_of(name)]
    category.names = there


def remove(scope: Scope, category_id: str) -> int:
    """Remove a category. What stood below or in it moves up to where it stood; how many products did.

    Raises NotFound, and Invalid where a name would stand twice beside each other.
    """
    tree = _locked_tree(scope)
    category = one_of(tree, category_id)
    above = next((one for one in tree if one.id == category.parent_id), None)
    for child in [one for one in tree if one.parent_id == category.id]:
        change(scope, child.public_id, child.name, above.public_id if above else "")
    moved = _hand_up(category, above)
    session().delete(category)
    session().flush()
    return moved


def _hand_up(category: Category, above: Category | None) -> int:
    """Give a category's products to the one above; at the root they only leave."""
    rows = session().scalars(select(ProductCategory).where(ProductCategory.category_id == category.id)).all()
    there: set[int] = set()
    if above is not None:
        there = set(
            session().scalars(
                select(ProductCategory.product_id).where(ProductCategory.category_id == above.id)
            )
        )
    for row in rows:
        if above is not None and row.product_id not in there:
            row.category_id = above.id
        else:
            session().delete(row)
    session().flush()
    return len(rows)


def _locked_tree(scope: Scope) -> list[Category]:
    """The whole tree, which one transaction at a time may change: the vendor's row is the lock."""
    mine = select(Vendor.id).where(Vendor.id == vendor_of(scope))
    session().execute(mine.with_for_update(key_share=True)).all()
    statement = select(Category).where(Category.vendor_id == vendor_of(scope)).order_by(Category.path)
    return list(session().scalars(statement.execution_options(populate_existing=True)))


def one_of(tree: Sequence[Category], public_id: str) -> Category:
    """The category of a tree with this public id. Raises NotFound."""
    found = next((one for one in tree if one.public_id == public_id), None)
    if found is None:
        raise NotFound()
    return found


def _branch(tree: Sequence[Category], category: Category) -> list[Category]:
    return [one for one in tree if one.path.startswith(category.path)]


def _height(branch: Sequence[Category], category: Category) -> int:
    return max(one.depth for one in branch) - category.depth + 1


def _clean(name: str) -> str:
    return " ".join(name.split())


def _path(above: Category | None, name: str) -> str:
    """A slash ends a name, so none may stand in it."""
    return (above.path if above else "") + normalise(name).replace("/", " ") + "/"


def _check(others: Sequence[Category], name: str, path: str, height: int) -> None:
    if not normalise(name) or len(_clean(name)) > LONGEST:
        raise Invalid(errors={"name": [_("Give a name of at most %(num)s characters.", num=LONGEST)]})
    if any(one.path == path for one in others):
        raise Invalid(errors={"name": [_("There is a category of this name in the same place.")]})
    if path.count("/") - 1 + height > DEEPEST:
        raise Invalid(errors={"parent": [_("The tree has at most %(num)s levels.", num=DEEPEST)]})
