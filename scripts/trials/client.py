"""A client of the API that does not give up while servers go down and come back."""

import http.client
import json
import time
import urllib.parse


class Refused(Exception):
    """The server said no; `status` says how."""

    def __init__(self, status, text):
        super().__init__(f"{status}: {text}")
        self.status = status


class Client:
    def __init__(self, url, token, patience=120):
        self.url, self.token, self.patience = url, token, patience
        self.repeats = 0

    def json(self, method, path, body=None, headers=None):
        """The answer's JSON; asks again as long as there is none, or one of 5xx."""
        data = None if body is None else json.dumps(body).encode()
        status, answer = self.raw(method, path, data, {"content-type": "application/json", **(headers or {})})
        if status >= 400:
            raise Refused(status, answer[:500].decode(errors="replace"))
        return json.loads(answer) if answer else None

    def raw(self, method, path, body=None, headers=None, redirects=3):
        """Status and body; `path` may be a whole URL, and then no token goes along."""
        until = time.monotonic() + self.patience
        while True:
            try:
                status, answer, location = self.once(method, path, body, headers or {})
                if status < 500:
                    break
                problem = f"{status}: {answer[:200]!r}"
            except (OSError, http.client.HTTPException) as error:
                problem = repr(error)
            if time.monotonic() > until:
                raise RuntimeError(f"{method} {path}: {problem}")
            self.repeats += 1
            time.sleep(0.2)
        if location and redirects and status in (301, 302, 303, 307, 308):
            return self.raw(method, urllib.parse.urljoin(self.url, location), body, headers, redirects - 1)
        return status, answer

    def once(self, method, path, body, headers):
        is_ours = path.startswith("/")
        parts = urllib.parse.urlsplit(self.url if is_ours else path)
        target = path if is_ours else urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=20)
        try:
            if is_ours:
                headers = {**headers, "authorization": f"Bearer {self.token}"}
            connection.request(method, target, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.getheader("location")
        finally:
            connection.close()
