"""What goes wrong in `scripts/chaos`, and when: decided by a seed."""

import collections
import signal
import threading

# A fault comes so many seconds after the one before.
PAUSE = (0.8, 3.0)
# What was killed is started again after so many seconds.
DOWN = (0.1, 2.0)
LEASE_SECONDS = 10


class Faults:
    def __init__(self, house, chance):
        self.house, self.chance = house, chance
        self.ends = threading.Event()
        self.counts = collections.Counter()
        self.stopped = []  # timers that let stopped workers go on
        self.groups = []  # process groups of the killed: nothing of them may live on
        self.thread = threading.Thread(target=self.run, daemon=True)

    def start(self):
        self.thread.start()

    def end(self):
        """No more faults; what is down is up again."""
        self.ends.set()
        self.thread.join()
        for going_on in self.stopped:
            going_on.join()
        for process in [*self.house.servers, *self.house.workers]:
            if not process.is_up():
                process.start()

    def run(self):
        kinds = [(self.kill_worker, 8), (self.kill_server, 6), (self.kill_servers, 1), (self.crash_database, 2), (self.pause_worker, 2)]
        while not self.ends.wait(self.chance.uniform(*PAUSE)):
            fault = self.chance.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]
            fault()
            self.counts[fault.__name__.replace("_", " ")] += 1

    def kill(self, *processes):
        for process in processes:
            if process.is_up():
                self.groups.append((process.name, process.process.pid))
            process.kill()
        self.ends.wait(self.chance.uniform(*DOWN))
        for process in processes:
            process.start()

    def kill_worker(self):
        self.kill(self.chance.choice(self.house.workers))

    def kill_server(self):
        self.kill(self.chance.choice(self.house.servers))

    def kill_servers(self):
        self.kill(*self.house.servers)

    def crash_database(self):
        self.house.postgres.stop("immediate")
        self.ends.wait(self.chance.uniform(*DOWN))
        self.house.postgres.start()

    def pause_worker(self):
        """Stops a worker, the process itself, for longer than its lease: it must not overwrite what another has made."""
        worker = self.chance.choice(self.house.workers)
        process = worker.process
        if worker.is_up():
            process.send_signal(signal.SIGSTOP)
            # Other things go wrong meanwhile.
            going_on = threading.Timer(LEASE_SECONDS + 3, process.send_signal, [signal.SIGCONT])
            going_on.daemon = True
            going_on.start()
            self.stopped.append(going_on)
