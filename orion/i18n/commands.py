"""`orion i18n`: what translators' catalogs are made of, and how they stand."""

import json
import sys

import click
from flask.cli import AppGroup

from orion.manifest.checks import shown
from orion.manifest.diagnostics import as_text
from orion.settings import Settings

i18n = AppGroup("i18n", help="Catalogs: their messages, and how far they are.")


@i18n.command("extract", with_appcontext=False)
def extract() -> None:
    """Write the template of the engine and of every module that is on. Twice is as good as once."""
    from orion.i18n.extract import templates, write_templates

    settings = Settings.from_env()
    for file in write_templates(settings, templates(settings)):
        click.echo(shown(str(file)))


@i18n.command("update", with_appcontext=False)
@click.argument("locales", nargs=-1, metavar="[LOCALE]...")
def update_catalogs(locales: tuple[str, ...]) -> None:
    """Extract, and merge what is new into the catalogs of LOCALE; without one, of all that there are.

    A locale that has no catalogs yet is begun. Exit 1 where a catalog has mistakes and was left as it is.
    """
    from orion.i18n.extract import templates, write_templates
    from orion.i18n.update import lines_of, locale_named, locales_in, update

    settings = Settings.from_env()
    wanted = [locale_named(name) for name in locales] or locales_in(settings.translations)
    found = templates(settings)
    write_templates(settings, found)
    merges = [merge for name in wanted for merge in update(settings.translations, name, found)]
    for line in lines_of(merges):
        click.echo(line)
    problems = [problem for merge in merges for problem in merge.problems]
    for problem in problems:
        click.echo(as_text(problem), err=True)
    sys.exit(1 if problems else 0)


@i18n.command("status", with_appcontext=False)
@click.option("--locale", "locales", multiple=True, help="This one alone; may be given more than once.")
@click.option("--missing", is_flag=True, help="Every message that is not translated, with its places.")
@click.option("--json", "as_json", is_flag=True)
def status(locales: tuple[str, ...], missing: bool, as_json: bool) -> None:
    """How far each locale is, by module; of modules that are on."""
    from orion.i18n.extract import templates
    from orion.i18n.status import as_json as to_json
    from orion.i18n.status import as_text as to_text
    from orion.i18n.status import coverage
    from orion.i18n.update import locale_named, locales_in

    settings = Settings.from_env()
    wanted = [locale_named(name) for name in locales] or locales_in(settings.translations)
    found = coverage(settings.translations, templates(settings), wanted)
    if as_json:
        click.echo(json.dumps(to_json(found, missing), indent=2, ensure_ascii=False))
        return
    for line in to_text(found, missing):
        click.echo(line)
    for problem in (problem for one in found for problem in one.problems):
        click.echo(as_text(problem), err=True)
