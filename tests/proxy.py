"""A TCP proxy that stands for a database server which goes away and comes back."""

import socket
import threading
from contextlib import suppress


class Proxy:
    """A TCP proxy that can be cut, and refuse, as a server that restarts would."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.lines: list[socket.socket] = []
        self.open()

    def open(self, port: int = 0) -> None:
        self.server = socket.create_server(("127.0.0.1", port))
        self.port: int = self.server.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.server,), daemon=True).start()

    def shut(self) -> None:
        """Refuse new connections and cut those that there are."""
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.cut()

    def cut(self) -> None:
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self.lines.clear()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                near, _address = server.accept()
            except OSError:
                return
            far = socket.create_connection(self.target)
            self.lines += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
