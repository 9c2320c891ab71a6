"""Programs that are started, killed, and started again, each with a log of its own."""

import os
import signal
import subprocess
import time


class Process:
    """A program in a process group of its own, so that what it has started can be ended with it."""

    def __init__(self, name, command, log_folder, environment=None):
        self.name, self.command = name, [str(word) for word in command]
        self.log = log_folder / f"{name}.log"
        self.environment = {**os.environ, **(environment or {})}
        self.process = None
        self.kills = 0

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.environment, start_new_session=True
            )

    def is_up(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """`kill -9` of the program itself: what it has started must notice by itself."""
        if self.is_up():
            self.process.kill()
            self.kills += 1
        if self.process:
            self.process.wait()

    def stop(self, seconds=60):
        """Asks it to end; whether it did."""
        if not self.is_up():
            return True
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
            return True
        except subprocess.TimeoutExpired:
            self.sweep()
            return False

    def sweep(self):
        """Ends it and everything it has started."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def children_left(self):
        """What it has started and is still there after its own end."""
        found = subprocess.run(["pgrep", "-g", str(self.process.pid)], stdout=subprocess.PIPE, text=True)
        return found.stdout.split()

    def wait_for_line(self, text, seconds=60):
        """The first line of its log with this text."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.log.exists():
                for line in self.log.read_text(errors="replace").splitlines():
                    if text in line:
                        return line
            if not self.is_up():
                break
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not say `{text}`; its log: {self.log}")
