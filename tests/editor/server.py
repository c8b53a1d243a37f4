"""yaml-language-server, asked as an editor asks it: JSON-RPC over standard input and output."""

import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
PROGRAM = FOLDER / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
#: Seconds that an answer may take.
PATIENCE = 60.0
SETTINGS = {"yaml": {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}}


def there() -> bool:
    """Whether the server is installed: `npm ci --prefix tests/editor`."""
    return PROGRAM.is_file() and shutil.which("node") is not None


@contextmanager
def running(folder: Path) -> Iterator["Server"]:
    """The server, with a folder open in it."""
    with subprocess.Popen(
        ["node", str(PROGRAM), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
    ) as process:
        server = Server(process)
        try:
            root = folder.as_uri()
            workspace = [{"uri": root, "name": folder.name}]
            able = {"workspace": {"configuration": True}, "textDocument": {"publishDiagnostics": {}}}
            start = {"processId": None, "rootUri": root, "workspaceFolders": workspace, "capabilities": able}
            server.ask("initialize", start)
            server.tell("initialized", {})
            server.tell("workspace/didChangeConfiguration", {"settings": SETTINGS})
            yield server
        finally:
            process.kill()


class Server:
    """One conversation; what the server says by itself is kept."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.number = 0
        self.heard: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def open(self, file: Path) -> list[dict[str, Any]]:
        """Open a file; what is wrong with it."""
        document = {"uri": file.as_uri(), "languageId": "yaml", "version": 1, "text": file.read_text("utf-8")}
        self.tell("textDocument/didOpen", {"textDocument": document})
        while True:
            said = self.heard.get(timeout=PATIENCE)
            about = said.get("params", {})
            if said.get("method") == "textDocument/publishDiagnostics" and about["uri"] == file.as_uri():
                return list(about["diagnostics"])

    def offered(self, file: Path, line: int, column: int) -> set[str]:
        """What may be written at a 0-based place of an open file."""
        place = {"textDocument": {"uri": file.as_uri()}, "position": {"line": line, "character": column}}
        found = self.ask("textDocument/completion", place)
        return {item["label"] for item in (found["items"] if isinstance(found, dict) else found or ())}

    def explained(self, file: Path, line: int, column: int) -> str:
        """What is said of the word at a 0-based place of an open file."""
        place = {"textDocument": {"uri": file.as_uri()}, "position": {"line": line, "character": column}}
        found = self.ask("textDocument/hover", place)
        return json.dumps(found, ensure_ascii=False)

    def ask(self, method: str, params: Any) -> Any:
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        while True:
            said = self.heard.get(timeout=PATIENCE)
            if said.get("id") == self.number and "method" not in said:
                return said.get("result")

    def tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        while head := self.process.stdout.readline():
            length = int(head.split(b":")[1])
            while self.process.stdout.readline().strip():
                pass
            said = json.loads(self.process.stdout.read(length))
            if "id" in said and "method" in said:  # It asks us.
                self._send({"id": said["id"], "result": self._answer(said)})
            else:
                self.heard.put(said)

    @staticmethod
    def _answer(said: dict[str, Any]) -> Any:
        if said["method"] != "workspace/configuration":
            return None
        return [SETTINGS.get(str(item.get("section", ""))) for item in said["params"]["items"]]
