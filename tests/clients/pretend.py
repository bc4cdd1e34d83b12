"""A service with prepared answers, for behaviour that the real one does not show on demand."""

import contextlib
import http.server
import json
import threading


@contextlib.contextmanager
def pretended(answer):
    """Serves on a free port and returns its address. `answer` gets method, path, headers and body (JSON, or None), and
    returns status and body: text, or an object that is sent as JSON."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def reply(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            status, said = answer(self.command, self.path, self.headers, json.loads(body) if body else None)
            is_text = isinstance(said, str)
            data = (said if is_text else json.dumps(said)).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if is_text else "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = reply

        def log_message(self, *_):
            """Logs nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
