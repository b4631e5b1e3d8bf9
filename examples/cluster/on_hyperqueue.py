#!/usr/bin/env python3
"""Runs a sweep in shards on HyperQueue and merges them: the folder that one machine would write.

Needs the Python package `hyperqueue` (0.27 or later). Without --server-dir it starts a server and
workers on this machine, and stops them in the end; with it, the tasks go to a cluster that runs.

    python3 examples/cluster/on_hyperqueue.py scenarios/sweep-slots-quota.toml --shards 8 --out out/sweep
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from hyperqueue import Job, LocalCluster
from hyperqueue.client import Client, FailedJobsException
from hyperqueue.cluster import WorkerConfig
from hyperqueue.ffi.protocol import ResourceRequest


def main() -> int:
    """Parses the command line, and says how it ended."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--shards", type=int, default=8, help="number of shards (default: 8)")
    parser.add_argument("--out", type=Path, required=True, help="folder of the merged results")
    parser.add_argument("--shared", type=Path, help="folder for the shards that every worker sees "
                        "(default: one beside --out)")
    parser.add_argument("--program", default="snapferry", help="the program (default: snapferry)")
    parser.add_argument("--workers", type=int, default=2, help="local workers (default: 2)")
    parser.add_argument("--threads", type=int, default=1, help="threads of a shard (default: 1)")
    parser.add_argument("--server-dir", type=Path, help="of a HyperQueue server that runs")
    asked, run_arguments = parser.parse_known_args()

    shared = asked.shared or asked.out.with_name(asked.out.name + ".shards")
    if asked.server_dir is not None:
        return run(Client(asked.server_dir), asked, shared, run_arguments)
    with LocalCluster() as cluster:
        for _ in range(asked.workers):
            cluster.start_worker(WorkerConfig(cores=asked.threads))
        return run(cluster.client(), asked, shared, run_arguments)


def run(client: Client, asked: argparse.Namespace, shared: Path, run_arguments: list[str]) -> int:
    """Submits the shards, waits for them, and merges."""
    with tempfile.TemporaryDirectory() as logs:
        job = Job(max_fails=0)
        # Task 0 reads the scenario; so the shards are tasks 1 to N, as with `hq submit --array=1-N`.
        check = [asked.program, "check", str(asked.scenario)]
        tasks = [check] + [
            [asked.program, "run", str(asked.scenario), "--quiet"]
            + ["--shard", f"auto/{asked.shards}", "--out", str(shared)]
            + ["--threads", str(asked.threads)] + run_arguments
            for _ in range(asked.shards)
        ]
        for number, arguments in enumerate(tasks):
            log = f"{logs}/{number}"
            cpus = ResourceRequest(cpus=asked.threads)
            job.program(arguments, stdout=f"{log}.out", stderr=f"{log}.err", resources=cpus)
        try:
            client.wait_for_jobs([client.submit(job)])
        except FailedJobsException as failure:
            print(failure, file=sys.stderr)
            for log in sorted(Path(logs).glob("*.err")):
                sys.stderr.write(log.read_text(encoding="utf-8"))
            print(f"the shards that are done are kept in {shared}: the same command goes on",
                  file=sys.stderr)
            return 4
    merge = [asked.program, "merge", str(shared), "--out", str(asked.out)]
    return subprocess.run(merge, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
