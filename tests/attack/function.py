"""Functions as Lambda runs them: each environment is a process of the real binary with its own runtime API. It handles
one event at a time, and can be killed."""

import http.server
import json
import queue
import socketserver
import subprocess
import threading
import time
import uuid

LOOPBACK = "127.0.0.1"
FUNCTION_ERROR = json.dumps({"statusCode": 502, "headers": {}, "body": "the function reported an error"})
NEXT = "/2018-06-01/runtime/invocation/next"
# Timeouts for a function to start, to answer (its own limit is 20 s), and to end.
START_SECONDS = 60
ANSWER_SECONDS = 40
END_SECONDS = 10
# Limit of a read answer.
MAX_ANSWER_BYTES = 16 * 1024 * 1024


class Broken(Exception):
    """The attack itself failed, so it proves nothing about the service."""


class Gone(Exception):
    """The environment ended before it answered. A gateway reports this as 502."""


class Invocation:
    """An event that an environment is handling."""

    def __init__(self, event):
        self.event = event
        self.id = str(uuid.uuid4())
        self.started = threading.Event()
        self.ended = threading.Event()
        self.answer = None

    def finish(self, answer=None):
        """Hands over the answer; None if there will not be one."""
        if not self.ended.is_set():
            self.answer = answer
            self.ended.set()


class RuntimeApi(http.server.BaseHTTPRequestHandler):
    """The two calls of the Lambda runtime API that a function makes."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path != NEXT:
            self.reply(404, b"")
            return
        invocation = self.server.environment.next()
        if invocation is None:
            self.close_connection = True
            return
        deadline_ms = int((time.time() + ANSWER_SECONDS) * 1000)
        headers = {
            "lambda-runtime-aws-request-id": invocation.id,
            "lambda-runtime-deadline-ms": str(deadline_ms),
            "lambda-runtime-invoked-function-arn": "arn:aws:lambda:eu-west-1:000000000000:function:attack",
            "content-type": "application/json",
        }
        self.reply(200, invocation.event, headers)

    def do_POST(self):
        body = self.body()
        parts = self.path.split("/")
        # A gateway answers 502 for an error that the function reports.
        answer = body if parts[-1] == "response" else FUNCTION_ERROR
        self.server.environment.answered(parts[-2], answer)
        self.reply(202, b"")

    def body(self):
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", "0")))
        whole = b""
        while len(whole) <= MAX_ANSWER_BYTES:
            size = int(self.rfile.readline().split(b";")[0], 16)
            whole += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return whole
        raise Broken(f"an answer has more than {MAX_ANSWER_BYTES} bytes")

    def reply(self, status, body, headers=None):
        lines = [f"HTTP/1.1 {status} -", f"content-length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        # A single write: a second small packet would wait about 40 ms for the acknowledgement of the first.
        self.wfile.write("\r\n".join([*lines, "", ""]).encode() + body)

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def handle_error(self, *_):
        """A killed process leaves broken connections, so errors are expected."""


class Environment:
    """One process of a function. Calls `ended` when the process is gone."""

    def __init__(self, binary, variables, log, ended):
        self.server = Server((LOOPBACK, 0), RuntimeApi)
        self.server.environment = self
        threading.Thread(target=self.server.serve_forever, args=(0.2,), daemon=True).start()
        self.events = queue.Queue()
        self.ready = threading.Event()
        self.dead = threading.Event()
        self.current = None
        self.lock = threading.Lock()
        address = f"{LOOPBACK}:{self.server.server_address[1]}"
        self.process = subprocess.Popen(
            [binary],
            env={**variables, **runtime_variables(binary.name, address)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        threading.Thread(target=self.watch, args=(ended,), daemon=True).start()

    def next(self):
        """The next event for the process; None if the process is gone."""
        self.ready.set()
        invocation = self.events.get()
        if invocation is not None:
            invocation.started.set()
        return invocation

    def answered(self, invocation_id, body):
        with self.lock:
            current = self.current
        if current is not None and current.id == invocation_id:
            current.finish(body)

    def invoke(self, event):
        """Returns the answer to an event. One caller at a time."""
        invocation = Invocation(event)
        with self.lock:
            if self.dead.is_set():
                raise Gone
            self.current = invocation
        self.events.put(invocation)
        try:
            if not invocation.ended.wait(ANSWER_SECONDS):
                self.kill()
                raise Broken(f"a function gave no answer within {ANSWER_SECONDS} s")
        finally:
            with self.lock:
                self.current = None
        if invocation.answer is None:
            raise Gone
        return json.loads(invocation.answer)

    def busy(self):
        """Whether the process is handling an event."""
        with self.lock:
            current = self.current
        return current is not None and current.started.is_set() and not current.ended.is_set()

    def kill(self):
        """Kills the process (kill -9)."""
        self.process.kill()

    def watch(self, ended):
        self.process.wait()
        with self.lock:
            self.dead.set()
            if self.current is not None:
                self.current.finish(None)
        self.events.put(None)
        self.server.shutdown()
        self.server.server_close()
        ended(self)


def runtime_variables(name, address):
    return {
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_LOG_STREAM_NAME": "attack",
        "AWS_LAMBDA_LOG_GROUP_NAME": "attack",
    }


class Pool:
    """The environments of a function. Replaces one that ends."""

    def __init__(self, binary, variables, size, log):
        self.binary, self.variables, self.log = binary, variables, log
        self.free = queue.LifoQueue()
        self.lock = threading.Lock()
        self.environments = set()
        self.stopping = False
        for _ in range(size):
            self.start()

    def start(self):
        with self.lock:
            if self.stopping:
                return
            environment = Environment(self.binary, self.variables, self.log, self.ended)
            self.environments.add(environment)
        self.free.put(environment)

    def ended(self, environment):
        with self.lock:
            self.environments.discard(environment)
            never_ready = not environment.ready.is_set()
        # An environment that never became ready would fail again and again.
        if never_ready:
            time.sleep(1)
        self.start()

    def invoke(self, event):
        """Returns the answer to an event, once an environment is free."""
        environment = self.take()
        try:
            return environment.invoke(event)
        finally:
            self.free.put(environment)

    def take(self):
        until = time.monotonic() + START_SECONDS
        while (left := until - time.monotonic()) > 0:
            try:
                environment = self.free.get(timeout=left)
            except queue.Empty:
                break
            if not environment.dead.is_set():
                return environment
        raise Broken(f"no environment of {self.binary.name} was free within {START_SECONDS} s")

    def busy(self):
        """The environments that are handling an event."""
        with self.lock:
            environments = list(self.environments)
        return [environment for environment in environments if environment.busy()]

    def wait_until_ready(self):
        """Waits until every environment asks for events."""
        until = time.monotonic() + START_SECONDS
        with self.lock:
            environments = list(self.environments)
        for environment in environments:
            if not environment.ready.wait(max(0, until - time.monotonic())):
                raise Broken(f"{self.binary.name} does not start")

    def stop(self):
        with self.lock:
            self.stopping = True
            environments = list(self.environments)
        for environment in environments:
            environment.kill()
        for environment in environments:
            environment.process.wait(END_SECONDS)
