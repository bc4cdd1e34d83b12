"""The local table as a process that can be killed, and a proxy in front of it that can hold a call."""

import contextlib
import http.client
import http.server
import json
import re
import shlex
import socket
import subprocess
import threading
import time

from function import END_SECONDS, LOOPBACK, Broken, Server

# Timeout until the table serves, with the demo data written, or serves again after a kill.
START_SECONDS = 120
# Longest hold of a call: below the 4 s after which a function gives up an attempt.
HOLD_SECONDS = 3
# Largest forwarded request: DynamoDB's limit.
MAX_REQUEST_BYTES = 16 * 1024 * 1024
ENDPOINT = "AWS_ENDPOINT_URL_DYNAMODB"


def free_port():
    with socket.create_server((LOOPBACK, 0)) as probe:
        return probe.getsockname()[1]


class Table:
    """A daftari-local process on a folder, always on the same port."""

    def __init__(self, binary, folder, log):
        self.binary, self.folder, self.log = binary, folder, log
        self.port = free_port()
        self.process = None
        self.start()

    def start(self):
        """Starts the process and waits until it serves."""
        said = self.folder.parent / "table.out"
        with open(said, "w") as out:
            self.process = subprocess.Popen(
                [self.binary, "--data-dir", self.folder, "--port", str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=self.log,
            )
        until = time.monotonic() + START_SECONDS
        while "table ready " not in said.read_text():
            if self.process.poll() is not None:
                raise Broken(f"the table ended with code {self.process.returncode}")
            if time.monotonic() > until:
                raise Broken(f"the table does not serve within {START_SECONDS} s")
            time.sleep(0.02)

    def kill(self):
        """Kills the process (kill -9)."""
        self.process.kill()
        self.process.wait(END_SECONDS)

    def variables(self):
        """The environment of functions."""
        variables = {}
        for line in (self.folder / "functions.env").read_text().splitlines():
            name, _, value = line.partition("=")
            [variables[name]] = shlex.split(value)
        return variables

    def pages_of(self, user):
        """The number of ledger pages of a user, which the API does not reveal."""
        request = {
            "TableName": self.variables()["DAFTARI_TABLE"],
            "FilterExpression": "#type = :page AND contains(PK, :user)",
            "ProjectionExpression": "SK",
            "ExpressionAttributeNames": {"#type": "type"},
            "ExpressionAttributeValues": {":page": {"S": "page"}, ":user": {"S": user}},
        }
        found = 0
        while True:
            answer = self.call("Scan", request)
            found += answer["Count"]
            if "LastEvaluatedKey" not in answer:
                return found
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def call(self, operation, request):
        """Calls the engine. It requires a signature but does not verify it."""
        signature = "AWS4-HMAC-SHA256 Credential=local/20210101/eu-west-1/dynamodb/aws4_request, "
        headers = {
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": f"DynamoDB_20120810.{operation}",
            "x-amz-date": "20210101T000000Z",
            "authorization": signature + "SignedHeaders=host;x-amz-date;x-amz-target, Signature=0",
        }
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=END_SECONDS)
        with contextlib.closing(connection):
            connection.request("POST", "/", json.dumps(request), headers)
            answer = connection.getresponse()
            body = answer.read()
        if answer.status != 200:
            raise Broken(f"the table answered {operation} with {answer.status}: {body[:200]!r}")
        return json.loads(body)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()


class Hold:
    """A call that the proxy holds: the first one that matches."""

    def __init__(self, operation, pattern):
        self.operation, self.pattern = operation, re.compile(pattern.encode())
        self.lock = threading.Lock()
        self.held = threading.Event()
        self.released = threading.Event()

    def takes(self, operation, body):
        with self.lock:
            if operation != self.operation or self.held.is_set() or not self.pattern.search(body):
                return False
            self.held.set()
            return True


class Forwarder(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.upstream = http.client.HTTPConnection(LOOPBACK, self.server.port, timeout=END_SECONDS)

    def finish(self):
        self.upstream.close()
        super().finish()

    def do_POST(self):
        length = int(self.headers.get("content-length", "0"))
        if length > MAX_REQUEST_BYTES:
            raise Broken(f"a call has {length} bytes")
        body = self.rfile.read(length)
        operation = self.headers.get("x-amz-target", "").rpartition(".")[2]
        for hold in list(self.server.holds):
            if hold.takes(operation, body):
                hold.released.wait(HOLD_SECONDS)
        self.upstream.request("POST", self.path, body, dict(self.headers))
        answer = self.upstream.getresponse()
        content = answer.read()
        lines = [f"HTTP/1.1 {answer.status} -", f"content-length: {len(content)}"]
        kept = ("content-type", "x-amzn-requestid", "x-amz-crc32")
        lines += [f"{name}: {value}" for name, value in answer.getheaders() if name.lower() in kept]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode() + content)

    def log_message(self, *_):
        pass


class Proxy:
    """A proxy in front of a table, for the functions whose calls are held."""

    def __init__(self, port):
        self.server = Server((LOOPBACK, 0), Forwarder)
        self.server.port = port
        self.server.holds = []
        self.endpoint = f"http://{LOOPBACK}:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.2,), daemon=True).start()

    @contextlib.contextmanager
    def hold(self, operation, pattern):
        """Holds the first call of an operation whose body matches the pattern, until released, for at most 3 s."""
        hold = Hold(operation, pattern)
        self.server.holds.append(hold)
        try:
            yield hold
        finally:
            hold.released.set()
            self.server.holds.remove(hold)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
