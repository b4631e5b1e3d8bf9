#!/usr/bin/env python3
"""When the flows of a w1 workload end, worked out with 45 decimal digits, beside both programs.

    python3 benches/peers/exact.py FOLDER [NAME]

FOLDER has what `run` wrote; NAME is w1_1e5 where it is left out. All flows of the one link have
equal shares, so there is one clock of bytes per flow: a flow that comes when it shows v ends when
it shows v plus its bytes, and it runs at the capacity divided by the flows that are there.
"""

import csv
import heapq
import sys
from decimal import Decimal, getcontext
from pathlib import Path


def main() -> int:
    """Prints the earliest and the latest that each program is, in nanoseconds."""
    if len(sys.argv) not in (2, 3):
        print("usage: exact.py FOLDER [NAME]", file=sys.stderr)
        return 2
    getcontext().prec = 45
    base = str(Path(sys.argv[1]) / (sys.argv[2] if len(sys.argv) == 3 else "w1_1e5"))
    capacities = column(f"{base}.links.csv", "capacity_bytes_per_s")
    if len(capacities) != 1:
        print(f"{base}.links.csv has {len(capacities)} links: this is for one", file=sys.stderr)
        return 2
    arrivals = column(f"{base}.flows.csv", "arrival_s")
    exact = ends(capacities[0], arrivals, column(f"{base}.flows.csv", "bytes"))
    for program in ("ours", "simgrid"):
        said = column(f"{base}.{program}.csv", "finished_s")
        late = [float(end - right) * 1e9 for end, right in zip(said, exact, strict=True)]
        print(f"{program}: {min(late):+.2f} to {max(late):+.2f} ns")
    return 0


def ends(capacity: Decimal, arrivals: list[Decimal], amounts: list[Decimal]) -> list[Decimal]:
    """When each flow ends; flows are in the order of their arrivals."""
    now = clock = Decimal(0)
    running: list[tuple[Decimal, int]] = []
    found = [Decimal(0)] * len(arrivals)
    for flow in range(len(arrivals) + 1):
        arrival = arrivals[flow] if flow < len(arrivals) else None
        while running:
            mark, first = running[0]
            end = now + (mark - clock) * len(running) / capacity
            if arrival is not None and arrival < end:
                break
            heapq.heappop(running)
            now, clock, found[first] = end, mark, end
        if arrival is not None:
            if running:
                clock += (arrival - now) * capacity / len(running)
            now = arrival
            heapq.heappush(running, (clock + amounts[flow], flow))
    return found


def column(path: str, title: str) -> list[Decimal]:
    """A column of a table."""
    with open(path, encoding="utf-8", newline="") as table:
        return [Decimal(row[title]) for row in csv.DictReader(table)]


if __name__ == "__main__":
    sys.exit(main())
