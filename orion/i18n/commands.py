"""`orion i18n`: what translators' catalogs are made of, and how they stand."""

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from orion.manifest.checks import shown
from orion.manifest.diagnostics import as_github, as_text
from orion.manifest.diagnostics import as_json as to_json
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
    from orion.i18n.status import coverage, rows, table
    from orion.i18n.update import locale_named, locales_in

    settings = Settings.from_env()
    wanted = [locale_named(name) for name in locales] or locales_in(settings.translations)
    found = coverage(settings.translations, templates(settings), wanted)
    if as_json:
        click.echo(json.dumps(rows(found, missing), indent=2, ensure_ascii=False))
        return
    for line in table(found, missing):
        click.echo(line)
    for problem in (problem for one in found for problem in one.problems):
        click.echo(as_text(problem), err=True)


@i18n.command("check", with_appcontext=False)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
def check_catalogs(paths: tuple[Path, ...], form: str, as_json: bool, strict: bool) -> None:
    """Find every mistake in the catalogs at PATH; without one, in all of this installation.

    Exit 1 when there is an error. What is fuzzy is counted, and is no error.
    """
    from orion.i18n.checking import check_installation

    report = check_installation(Settings.from_env(), paths)
    form = "json" if as_json else form
    if form == "json":
        click.echo(json.dumps(to_json(report.found), indent=2, ensure_ascii=False))
    else:
        for found in report.found:
            click.echo(as_text(found) if form == "text" else as_github(found))
        if form == "text":
            click.echo(report.summary, err=True)
    sys.exit(1 if report.errors or (strict and report.found) else 0)
