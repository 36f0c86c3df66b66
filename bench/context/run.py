"""Seconds and peak memory of reading data of every kind, beside rlms. See README.md."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).parent
SOLUTION = '```repl\nFINAL(context.count("ERROR"))\n```'
PEER_DONE = '```repl\nanswer["content"] = str(context.count("ERROR"))\nanswer["ready"] = True\n```'
BYTES = 100_000_000


def lines(size: int, word: str = "request") -> Iterator[bytes]:
    """About so many bytes of a log, block by block."""
    rows = (
        f"2026-05-{1 + n % 28:02d} 10:{n % 60:02d}:{n * 7 % 60:02d} host-{n % 9} app[{100 + n % 50}]: "
        f"{('INFO', 'WARN', 'ERROR')[n % 3]} {word} {n} took {n * 31 % 5000} ms\n"
        for n in range(100_000)
    )
    block = "".join(rows).encode("latin-1")
    for _ in range(1 + size // len(block)):
        yield block


def write_lines(path: Path, size: int, word: str = "request") -> None:
    with path.open("wb") as file:
        file.writelines(lines(size, word))


def orders(count: int) -> list[dict[str, object]]:
    return [
        {
            "id": n,
            "day": f"2026-01-{1 + n % 28:02d}",
            "shop": f"shop {n % 50}",
            "amount": n * 7 % 997 / 4,
            "note": f"order {n}",
        }
        for n in range(count)
    ]


def make(folder: Path, gigabytes: float) -> list[Path]:
    """The files, largest first."""
    import pyarrow as pa
    import pyarrow.csv as pacsv
    import pyarrow.parquet as parquet

    paths = {
        name: folder / name for name in ("app.log", "app.log.gz", "old.log", "o.csv", "o.parquet", "o.db", "o.json")
    }
    write_lines(paths["app.log"], int(gigabytes * 1e9))
    with gzip.open(paths["app.log.gz"], "wb", 1) as file:
        for block in lines(BYTES):
            file.write(block)
    write_lines(paths["old.log"], BYTES, "größer")
    rows = orders(200_000)
    table = pa.concat_tables([pa.Table.from_pylist(rows)] * 11)
    pacsv.write_csv(table, paths["o.csv"])
    parquet.write_table(table, paths["o.parquet"])
    with closing(sqlite3.connect(paths["o.db"])) as database:
        database.execute("CREATE TABLE orders (id INTEGER, day TEXT, shop TEXT, amount REAL, note TEXT)")
        for _ in range(11):
            database.executemany("INSERT INTO orders VALUES (:id, :day, :shop, :amount, :note)", rows)
        database.commit()
    paths["o.json"].write_text(json.dumps(rows * 5))
    return list(paths.values())


def read(path: str) -> None:
    """In a process of its own: read one file."""
    from lithify.context import load_context

    began = time.perf_counter()
    context = load_context([Path(path)])
    report(time.perf_counter() - began, kind=context.kind, preview=len(context.preview))


def ask(path: str) -> None:
    """In a process of its own: a whole question over one file."""
    from lithify.app import Lab
    from lithify.models import ScriptedModel
    from lithify.services.workbench import Models
    from lithify.settings import Overrides, load_settings

    model = ScriptedModel([SOLUTION])
    folder = Path(tempfile.mkdtemp())
    began = time.perf_counter()
    with Lab(load_settings(Overrides(library=folder), start=folder), models=Models(root=model, sub=model)) as lab:
        result = lab.ask("How many errors are there?", Path(path), ephemeral=True)
        report(time.perf_counter() - began, answer=result.answer, shared_mb=shared_mb())


def shared_mb() -> float:
    """Megabytes in the memory files that this process holds."""
    found = 0
    for entry in Path("/proc/self/fd").iterdir():
        try:
            if "memfd:lithify-input" in str(entry.readlink()):
                found += os.fstat(int(entry.name)).st_size
        except OSError:
            continue
    return found / 1e6


def report(seconds: float, **more: object) -> None:
    print(
        json.dumps({"seconds": round(seconds, 2), "cpu": round(time.process_time(), 2), "peak_mb": peak_mb(), **more})
    )


def peak_mb() -> int:
    """The largest resident memory of this program so far (ru_maxrss would count what it was forked from)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1_000


def in_process(command: list[str]) -> dict[str, object]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stderr}")
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer")
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--read")
    parser.add_argument("--ask")
    given = parser.parse_args()
    if given.read or given.ask:
        read(given.read) if given.read else ask(given.ask)
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = make(Path(folder), given.gigabytes)
        for path in paths:
            found = in_process([sys.executable, __file__, "--read", str(path)])
            print(f"{path.name:12} {path.stat().st_size / 1e6:8,.0f} MB   read {found}")
        print(f"{'app.log':12} asked {in_process([sys.executable, __file__, '--ask', str(paths[0])])}")
        if given.peer:
            from lithify.testing.model_server import ModelServer

            with ModelServer([PEER_DONE] * 5) as server:
                found = in_process([given.peer, str(HERE / "peer_rlms.py"), server.base_url, str(paths[0])])
                print(f"rlms         {found}")


if __name__ == "__main__":
    main()
