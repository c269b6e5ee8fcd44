"""Who takes FreeSWITCH's call records in these tests: keeps them, answers what it is told to."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Records:
    """`taken`: the records, as JSON, in the order they came."""

    def __init__(self, port: int, status: int = 200):
        self.taken: list[dict] = []
        self.bodies: list[bytes] = []
        self.kinds: list[str] = []
        self.came = threading.Condition()
        records = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with records.came:
                    records.bodies.append(body)
                    records.kinds.append(self.headers["Content-Type"])
                    records.taken.append(json.loads(body))
                    records.came.notify_all()
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> "Records":
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, count: int = 1, deadline: float = 20) -> list[dict]:
        with self.came:
            assert self.came.wait_for(lambda: len(self.taken) >= count, deadline), f"{len(self.taken)} records came"
        return self.taken
