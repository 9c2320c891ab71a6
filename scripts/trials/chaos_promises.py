"""What `scripts/chaos` has to find at the end, counted and looked at."""

import collections
import hashlib
import json
import pathlib
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from chaos_house import BUCKET, FRAMES, SIZE
from client import Client


class Report:
    """Lines of what was promised and what came out."""

    def __init__(self):
        self.lines, self.kept = [], True

    def say(self, what, found, wanted, detail=""):
        is_kept = found == wanted
        self.kept &= is_kept
        self.lines.append((what, f"{found} of {wanted}" if isinstance(wanted, int) and wanted else str(found), is_kept, detail))

    def print(self):
        width = max(len(what) for what, *_ in self.lines)
        for what, found, is_kept, detail in self.lines:
            print(f"  {what:<{width}}  {found:<12} {'' if is_kept else 'BROKEN'}  {detail}".rstrip())


def check(house, posted, faults, until):
    report = Report()
    count = len(posted)
    ids = set(posted.values())
    client = house.client

    listed = client.json("GET", "/api/v2/jobs?limit=1000")
    report.say("jobs accepted, each once", len({job["id"] for job in listed} & ids), count, f"{len(listed)} jobs in all")
    report.say("jobs nobody posted", len(listed) - len(ids), 0)
    states = collections.Counter(job["status"] for job in listed)
    errors = collections.Counter(job["error"]["code"] for job in listed if job.get("error"))
    report.say("jobs finished", states["finished"], count, f"{dict(states)} {dict(errors) if errors else ''}")

    finished = [job for job in listed if job["status"] == "finished"]
    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(lambda job: output(client, job), finished))
    problems = [problem for problem, _ in seen if problem]
    report.say("outputs that ffprobe verifies", len(seen) - len(problems), count, "; ".join(problems[:3]))

    digests = {job["id"]: digest for job, (_, digest) in zip(finished, seen)}
    bucket = house.root / BUCKET
    left = time.monotonic() + min(60, max(5, until - time.monotonic() - 15))
    while True:
        visible, others = objects(bucket, ids)
        if all(len(keys) == 1 for keys in visible.values()) and not others or time.monotonic() > left:
            break
        time.sleep(1)
    exactly_one = [job for job in ids if len(visible[job]) == 1]
    report.say("jobs with exactly one object", len(exactly_one), count)
    same = [job for job in exactly_one if digests.get(job) == digest(bucket / visible[job][0])]
    report.say("and that is what clients see", len(same), count)
    report.say("orphans in the store", len(others) + sum(max(0, len(keys) - 1) for keys in visible.values()), 0, ", ".join(others[:5]))

    receiver = house.receiver
    delivered = [job for job in ids if receiver.taken.get(job)]
    tries = sum(receiver.tries.values())
    report.say("webhooks delivered", len(delivered), count, f"{tries} tries, {sum(len(it) for it in receiver.taken.values())} taken")
    told = [job for job in delivered if all(status == "finished" for _, status, _ in receiver.taken[job])]
    report.say("and they say finished", len(told), count)
    by_number = {job: number for number, job in posted.items()}
    right = [job for job in delivered if all(number == by_number[job] for *_, number in receiver.taken[job])]
    report.say("and carry the job's own data", len(right), count)
    report.say("deliveries without a valid signature", len(receiver.bad), 0, "; ".join(receiver.bad[:3]))
    stable = [job for job in delivered if len({message for message, *_ in receiver.taken[job]}) == 1]
    report.say("one webhook-id a job", len(stable), count)

    ended = [worker.stop(30) for worker in house.workers]
    report.say("workers that end when asked", sum(ended), len(ended))
    scratch = [str(it) for folder in house.logs.glob("worker-*/*/scratch") for it in folder.rglob("*") if it.is_file()]
    report.say("files left in scratch folders", len(scratch), 0, ", ".join(scratch[:3]))
    alive = [name for name, group in faults.groups if subprocess.run(["pgrep", "-g", str(group)], stdout=subprocess.PIPE).stdout]
    report.say("processes left by the killed", len(alive), 0, ", ".join(alive))
    panics = [log.name for log in house.logs.glob("*.log") if "panicked" in log.read_text(errors="replace")]
    report.say("programs that panicked", len(panics), 0, ", ".join(panics))
    house.s3.stop()
    store = house.s3.log.read_text().splitlines()[-1]

    print(f"\nfaults: {dict(faults.counts)}")
    print(f"store: {store}")
    print(f"requests repeated: {client.repeats + house.posting_repeats}, connections balanced: {house.balancer.connections}")
    report.print()
    return report.kept


def output(client, job):
    """What is wrong with a job's output, if anything, and the digest of what a client is given."""
    own = Client(client.url, client.token)
    status, film = own.raw("GET", job["outputUrl"])
    if status != 200:
        return f"{job['id']}: {status}", None
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(film)
        file.flush()
        command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_frames", "-of", "json"]
        command += ["-show_entries", "stream=width,height,nb_read_frames", file.name]
        probed = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if probed.returncode or probed.stderr:
        return f"{job['id']}: {probed.stderr.strip()}", None
    stream = json.loads(probed.stdout)["streams"][0]
    found = (stream["width"], stream["height"], int(stream["nb_read_frames"]))
    problem = None if found == (*SIZE, FRAMES) else f"{job['id']}: {found}"
    return problem, hashlib.sha256(film).hexdigest()


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def objects(bucket, ids):
    """The objects of each job, and those that belong to nothing."""
    visible, others = {job: [] for job in ids}, []
    for path in bucket.rglob("*"):
        if not path.is_file() or path.name.startswith("."):
            continue
        key = str(path.relative_to(bucket))
        kind, *rest = pathlib.PurePosixPath(key).parts
        if kind == "outputs" and rest and rest[0] in visible:
            visible[rest[0]].append(key)
        elif kind != "templates":
            others.append(key)
    return visible, others
