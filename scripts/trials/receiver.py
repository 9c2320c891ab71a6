"""A receiver of webhooks that fails two of three deliveries, and checks the signature of each (Standard Webhooks)."""

import base64
import collections
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """Listens at a free port of loopback.

    The first try of a message is answered with 500, the second is cut off without an answer, the third is taken:
    whatever the order in which messages come, two of three fail.
    """

    def __init__(self, secrets):
        self.secrets = secrets  # a function: the team's signing secrets, `whsec_...`
        self.lock = threading.Lock()
        self.tries = collections.Counter()
        self.taken = collections.defaultdict(list)  # by job
        self.bad = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                receiver.receive(self)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def receive(self, request):
        body = request.rfile.read(int(request.headers.get("content-length", 0)))
        message = request.headers.get("webhook-id", "")
        problem = self.problem(request.headers, body)
        with self.lock:
            self.tries[message] += 1
            number = self.tries[message]
            if problem:
                self.bad.append(f"webhook {message}: {problem}")
        if number % 3 == 1:
            request.send_response(500)
            request.send_header("content-length", "0")
            request.end_headers()
        elif number % 3 == 2:
            request.close_connection = True
        else:
            event = json.loads(body)
            with self.lock:
                self.taken[event["id"]].append((message, event["status"], event.get("number")))
            request.send_response(204)
            request.end_headers()

    def problem(self, headers, body):
        """What is wrong with a signature, if anything."""
        message, stamp, given = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
        if not (message and stamp and given):
            return "it is not signed"
        if abs(time.time() - int(stamp)) > 300:
            return f"its timestamp {stamp} is not now"
        text = f"{message}.{stamp}.".encode() + body
        for secret in self.secrets():
            key = base64.b64decode(secret.removeprefix("whsec_"))
            right = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
            if any(hmac.compare_digest(right, one) for one in given.split()):
                return None
        return "its signature is wrong"
