"""ORION_* environment variables as one frozen, typed object."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A variable of the environment can't be read; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an installation decides. Every field is read from `ORION_<NAME>`.

    `data` is the folder of everything that Orion writes; relative paths start at the working
    folder. An empty `database_url` means the SQLite file in it.
    """

    data: Path = field(default_factory=lambda: ROOT / "instance")
    database_url: str = ""
    secret_key: str = ""
    #: Secret keys of before, separated by commas: what is sealed with one of them can still be read.
    old_secret_keys: str = ""
    root: Path = ROOT
    manifests: Path = ROOT / "manifests"
    modules_package: str = "modules"
    translations: Path = ROOT / "translations"
    static: Path = ROOT / "static"
    templates: Path = ROOT / "templates"
    mail_url: str = ""
    mail_from: str = "Orion <orion@localhost>"
    cache_url: str = ""
    public_url: str = ""
    #: Hosts, by commas, that requests may name beside that of `public_url`; `*` for any.
    trusted_hosts: str = ""
    default_locale: str = "en"
    default_zone: str = "UTC"
    demo: bool = False
    #: Whether /admin/modules may change the files of the manifests folder; where not, it shows plans alone.
    edit_manifests: bool = True
    #: Whether core modules alone are on: for when a module keeps people from mending it.
    safe_mode: bool = False
    testing: bool = False
    #: `address:port` of the name server that is asked about domains; empty: the machine's own.
    dns_server: str = ""
    #: Whether domains may lead to addresses that are not of the public internet (for tests, and in labs).
    allow_private_hosts: bool = False
    #: Hosts, by commas, from which files are fetched for vendors; `.example.com` stands for all below it.
    feed_hosts: str = ""
    #: A folder with a folder for each vendor, named by its code, whose files they may have fetched.
    feed_folder: str = ""
    #: Proxies in front of this process whose X-Forwarded-* headers are believed.
    trusted_proxies: int = 0
    #: Seconds between two looks at the manifests and catalogs; 0 looks only at the start.
    watch_every: float = 0.4
    #: Seconds one metric's statements may take, one metric may take, and one batch may take.
    metric_statement_deadline: float = 0.5
    metric_deadline: float = 0.75
    batch_deadline: float = 1.5
    #: Whether what costs much (searches, exports, attempts to sign in) may only be asked for so often.
    rate_limits: bool = True
    #: Where workers hear of jobs: a Redis (`redis://…`); empty: a file in the data folder.
    jobs_url: str = ""
    #: Whether `orion serve` keeps a worker beside itself.
    jobs_beside: bool = True
    #: Seconds that a worker has a job without getting on, and between two looks for jobs that were lost.
    jobs_lease: float = 30.0
    jobs_sweep: float = 5.0
    #: When a session ends that nobody uses: unwarned of, so after more than the 20 hours of WCAG 2.2.1.
    session_idle_hours: float = 24
    session_absolute_days: float = 14
    #: Figures for Prometheus: on a port of their own, or on /metrics for who has the token.
    metrics_port: int = 0
    metrics_host: str = "127.0.0.1"
    metrics_token: str = ""
    log_level: str = "INFO"
    #: `json`, `text`, or `auto`: text in a terminal, else JSON.
    log_format: str = "auto"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, **changes: object) -> Self:
        """Settings of the environment; `changes` win. Raises SettingsError."""
        env = os.environ if env is None else env
        values: dict[str, object] = {}
        for name, default in _defaults().items():
            text = env.get(f"ORION_{name.upper()}")
            if text is not None:
                values[name] = _read(f"ORION_{name.upper()}", text, type(default))
        settings = replace(cls(), **(values | changes))  # type: ignore[arg-type]
        return replace(settings, data=settings.data.absolute())

    def as_env(self) -> dict[str, str]:
        """The environment that gives these settings to another process."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            f"ORION_{name.upper()}": str(int(value)) if isinstance(value, bool) else str(value)
            for name, value in values.items()
        }

    @property
    def database(self) -> str:
        """The database's URL, with psycopg as PostgreSQL's driver."""
        url = self.database_url or f"sqlite:///{self.data / 'orion.db'}"
        for plain in ("postgresql://", "postgres://"):
            if url.startswith(plain):
                return "postgresql+psycopg://" + url[len(plain) :]
        return url

    @property
    def own_translations(self) -> Path:
        """The installation's own catalogs: they count before those that Orion brings."""
        return self.data / "translations"

    @property
    def secret(self) -> str:
        """The secret for signatures: given, or made once and kept in the data folder for its owner."""
        return self.secret_key or _kept_secret(self.data / "secret.key")


_NUMBERS: Mapping[type, Callable[[str], object]] = {int: int, float: float}


def _defaults() -> dict[str, object]:
    return {name: getattr(Settings(), name) for name in Settings.__dataclass_fields__}


def _read(variable: str, text: str, kind: type) -> object:
    if kind is bool:
        if text.lower() not in ("0", "1", "true", "false"):
            raise SettingsError(f"{variable} must be 1 or 0, not {text!r}")
        return text.lower() in ("1", "true")
    try:
        return Path(text) if issubclass(kind, Path) else _NUMBERS.get(kind, str)(text)
    except ValueError:
        raise SettingsError(f"{variable} must be a number, not {text!r}") from None


def _kept_secret(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return file.read_text()
