#!/usr/bin/env python3
"""Runs SimGrid on workloads that ours ran, compares when flows end, and prints a table.

    python3 benches/peers/compare.py FOLDER OURS SIMGRID

FOLDER has the workloads and our ends, OURS the lines that `cargo bench --bench peers` printed, and
SIMGRID is the program made of simgrid_flows.cpp. Ends with 1 where they do not agree.
"""

import csv
import os
import subprocess
import sys
from pathlib import Path

# Ends agree within this share of the time since the start, and some nanoseconds: both round.
SHARE, SECONDS = 1e-9, 10e-9
# A workload is run again, the best counting, while it has taken less than this.
ENOUGH_S, RUNS_MAX = 10.0, 5


def main() -> int:
    """Measures each workload, and says whether all agree."""
    if len(sys.argv) != 4:
        print("usage: compare.py FOLDER OURS SIMGRID", file=sys.stderr)
        return 2
    folder, ours, program = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    print("| workload | flows | SimGrid, s | ours, s | ratio | ends differ, ns | of their time |")
    print("|---|---|---|---|---|---|---|")
    all_agree = True
    for line in ours.read_text(encoding="utf-8").splitlines():
        name, n_flows, _, ours_s = line.split()
        peer_s = best_s(program, folder, name)
        seconds, share, agree = differences(folder, name)
        all_agree &= agree
        print(f"| {name} | {int(n_flows):,} | {peer_s:.3f} | {float(ours_s):.4f} "
              f"| {peer_s / float(ours_s):,.1f} | {seconds * 1e9:.2f} | {share:.1e} |", flush=True)
    if not all_agree:
        print(f"ends differ by more than {SHARE:g} of their time and {SECONDS:g} s: "
              "these are not the same rates", file=sys.stderr)
    return 0 if all_agree else 1


def best_s(program: str, folder: Path, name: str) -> float:
    """The least CPU time of some runs of SimGrid."""
    command = [program, str(folder), name, *os.environ.get("SIMGRID_OPTIONS", "").split()]
    taken: list[float] = []
    while len(taken) < RUNS_MAX and sum(taken) < ENOUGH_S:
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        taken.append(float(said))
    return min(taken)


def differences(folder: Path, name: str) -> tuple[float, float, bool]:
    """The greatest difference of ends, in seconds and as a share of their time; do all agree?"""
    ours = column(folder / f"{name}.ours.csv", "finished_s")
    peer = column(folder / f"{name}.simgrid.csv", "finished_s")
    seconds, share, agree = 0.0, 0.0, True
    for our_end, its_end in zip(ours, peer, strict=True):
        difference = abs(our_end - its_end)
        seconds = max(seconds, difference)
        share = max(share, difference / our_end)
        agree &= difference <= SHARE * our_end + SECONDS
    return seconds, share, agree


def column(path: Path, title: str) -> list[float]:
    """A column of a table."""
    with path.open(encoding="utf-8", newline="") as table:
        return [float(row[title]) for row in csv.DictReader(table)]


if __name__ == "__main__":
    sys.exit(main())
