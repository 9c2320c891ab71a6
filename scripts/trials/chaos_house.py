"""What `scripts/chaos` runs: database, store, servers, balancer, workers, the receiver of webhooks, and the client."""

import concurrent.futures
import pathlib
import subprocess
import sys
import threading
import time

from balancer import Balancer
from client import Client
from postgres import Postgres, free_port
from processes import Process
from receiver import Receiver

SIZE, FRAMES = (160, 90), 10
ACCESS_KEY, SECRET_KEY, BUCKET = "chaos", "chaos-secret", "films"
LEASE_SECONDS = 10


class House:
    def __init__(self, filmpress, s3_server, logs, seed):
        self.filmpress, self.logs = filmpress, logs
        self.root = logs / "s3"
        self.postgres = Postgres(logs / "postgres")
        self.s3 = Process(
            "s3",
            [s3_server, "--root", self.root, "--bucket", BUCKET, "--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY]
            + ["--fail-rate", "0.05", "--seed", seed],
            logs,
        )
        self.servers, self.workers = [], []
        self.secrets = []
        self.receiver = Receiver(lambda: self.secrets)
        self.balancer = None
        self.posting_repeats = 0

    def start(self):
        self.postgres.start()
        self.s3.start()
        # Servers that share a database have the same keys, and nothing else in common.
        key = subprocess.run([self.filmpress, "secret-key", "new"], check=True, stdout=subprocess.PIPE, text=True).stdout
        (self.logs / "secrets.key").write_text(key)
        address = self.s3.wait_for_line("s3 serves").split()[-1]
        ports = [free_port(), free_port()]
        self.balancer = Balancer(ports)
        for number, port in enumerate(ports, 1):
            server = Process(f"server-{number}", self.serve(port, number), self.logs, self.variables(address))
            self.servers.append(server)
        # One after the other, the first time: the first makes the tables.
        for server in self.servers:
            server.start()
            server.wait_for_line("filmpress serves")
        worker_token = self.token("--worker")
        (self.logs / "worker.token").write_text(worker_token)
        for number in (1, 2, 3):
            command = [self.filmpress, "worker", "--server", self.balancer.url, "--name", f"w{number}"]
            command += ["--token-file", self.logs / "worker.token", "--data", self.logs / f"worker-{number}"]
            command += ["--reach", "loopback", "--threads", "1", "--drain-seconds", "10"]
            self.workers.append(Process(f"worker-{number}", command, self.logs))
        for worker in self.workers:
            worker.start()
        self.client = Client(self.balancer.url, self.token("--team", "chaos"))
        self.secrets.append(self.client.json("GET", "/api/v2/webhooks/secret")["secret"])
        self.template = self.make_template()

    def variables(self, address):
        return {
            "FILMPRESS_DATABASE_URL": self.postgres.url,
            "FILMPRESS_STORAGE": "s3",
            "FILMPRESS_S3_ENDPOINT": address,
            "FILMPRESS_S3_BUCKET": BUCKET,
            "FILMPRESS_S3_REGION": "us-east-1",
            "FILMPRESS_S3_ACCESS_KEY": ACCESS_KEY,
            "FILMPRESS_S3_SECRET_KEY": SECRET_KEY,
        }

    def serve(self, port, number):
        command = [self.filmpress, "serve", "--listen", f"127.0.0.1:{port}", "--workers", "0"]
        command += ["--data", self.logs / f"server-{number}", "--secrets-key-file", self.logs / "secrets.key"]
        command += ["--public-url", self.balancer.url, "--reach", "loopback", "--lease-seconds", LEASE_SECONDS]
        # With a worker killed every few seconds, three attempts are bad luck, not a bad job.
        return command + ["--attempts", "10"]

    def token(self, *arguments):
        command = [self.filmpress, "token", "create", *arguments, "--data", self.logs / "commands"]
        command += ["--database-url", self.postgres.url]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def make_template(self):
        card = pathlib.Path(__file__).with_name("card.py")
        words = [sys.executable, card, *map(str, SIZE), str(FRAMES)]
        file = subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout
        made = self.client.json("POST", "/api/v2/templates", {"type": "lottie", "displayName": "Card"})
        status, answer = self.client.raw("PUT", made["uploadInfo"]["url"], file)
        if status not in (200, 201, 204):
            raise RuntimeError(f"uploading the template: {status} {answer}")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            template = self.client.json("GET", f"/api/v2/templates/{made['id']}")
            if template["status"] == "uploaded":
                return made["id"]
            time.sleep(0.2)
        raise RuntimeError(f"the template does not arrive: {template}")

    def post(self, count):
        """Posts jobs through the balancer, each until it is accepted; ids by number."""

        def one(number):
            client = Client(self.client.url, self.client.token)
            body = {
                "template": {"id": self.template, "composition": "Trial card"},
                "assets": [{"type": "text", "layerName": "Name", "value": f"Job {number}"}],
                "settings": {"type": "video", "codec": "video_h264_vbr_1mbps"},
                "webhook": {"url": self.receiver.url, "data": {"number": number}},
            }
            # The same key each time: an answer that got lost must not make a second job.
            job = client.json("POST", "/api/v2/jobs", body, {"idempotency-key": f"chaos-{number}"})
            return number, job["id"], client.repeats

        posted = {}
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for number, job, repeats in pool.map(one, range(count)):
                posted[number] = job
                self.posting_repeats += repeats
        return posted

    def states(self):
        """How many jobs are in which state."""
        counted = {}
        for job in self.client.json("GET", "/api/v2/jobs?limit=1000&minimal=true"):
            counted[job["status"]] = counted.get(job["status"], 0) + 1
        return counted

    def wait_for_jobs(self, posted, until, begun):
        said = 0.0
        while True:
            states = self.states()
            waiting = sum(n for state, n in states.items() if state not in ("finished", "error", "manually_cancelled"))
            if time.monotonic() - said > 15 or not waiting:
                said = time.monotonic()
                print(f"{said - begun:5.0f} s: {states}, {len(self.receiver.taken)} webhooks delivered", flush=True)
            if not waiting or time.monotonic() > until:
                return
            time.sleep(1)

    def receiver_waits(self, posted):
        """Whether a webhook is still to come."""
        return any(job not in self.receiver.taken for job in posted.values())

    def end(self):
        for process in [*self.workers, *self.servers, self.s3]:
            process.sweep()
        self.postgres.stop("immediate")
