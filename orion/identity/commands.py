"""`orion users …`: there is never a default password; a person chooses theirs through a link."""

import json

import click
from flask import current_app
from flask.cli import AppGroup
from flask_security.recoverable import generate_reset_password_token

from orion.identity import services
from orion.identity.links import reset_link
from orion.identity.models import User
from orion.settings import Settings

users = AppGroup("users", help="People who sign in.")


@users.command("create")
@click.argument("email")
@click.option("--name", required=True, help="The name that others read.")
def create(email: str, name: str) -> None:
    """Add a person, and print the link where they choose their password."""
    user = services.create_user(email, name)
    click.echo(f"{user.email} may choose a password here, once and soon:")
    click.echo(_link(user))


@users.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_users(as_json: bool) -> None:
    """Everybody who may sign in, or might once."""
    rows = [_row(user) for user in services.list_users()]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        state = "active" if row["active"] else "off"
        click.echo(f"{row['email']:<40} {state:<7} {row['last_login_at'] or 'never':<26} {row['name']}")


@users.command("deactivate")
@click.argument("email")
def deactivate(email: str) -> None:
    """Let a person in no longer, and end their sessions."""
    click.echo(f"{services.deactivate(email).email} is switched off.")


@users.command("reset-link")
@click.argument("email")
def print_reset_link(email: str) -> None:
    """Print a link where a person chooses a new password."""
    click.echo(_link(services.find_user(email)))


@users.command("reset-second-factor")
@click.argument("email")
@click.option("--reason", required=True, help="Why, and how you know that it is them. It is written down.")
def reset_second_factor(email: str, reason: str) -> None:
    """Remove app, passkeys and recovery codes of a person who has lost them, and end their sessions."""
    user = services.reset_second_factor(email, reason)
    click.echo(f"{user.email} signs in with the password alone until they set up a second factor again.")


@users.command("reseal")
def reseal() -> None:
    """Seal with the newest secret key what was sealed with an older one (ORION_OLD_SECRET_KEYS)."""
    click.echo(f"{services.reseal()} sealed anew; the old keys are needed no longer.")


def _row(user: User) -> dict[str, object]:
    last = user.current_login_at
    return {
        "email": user.email,
        "name": user.name,
        "active": user.active,
        "created_at": user.created_at.isoformat(timespec="seconds"),
        "last_login_at": last.isoformat(timespec="seconds") if last else None,
    }


def _link(user: User) -> str:
    settings: Settings = current_app.extensions["settings"]
    with current_app.test_request_context(base_url=settings.public_url or "http://127.0.0.1:8000"):
        return reset_link(generate_reset_password_token(user))  # type: ignore[no-untyped-call]
