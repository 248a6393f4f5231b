"""Untrusted files are parsed in a child process of their own, with bounds on memory, CPU and time.

A parser that aborts, hangs or eats memory takes its child with it and nothing else: the caller gets a ``TableError``
about the file. Children come from a forkserver (which has no threads), each with its own pipes. One spare child has its
imports done and waits, so that a small file does not pay for them.
"""

import atexit
import contextlib
import ctypes
import errno
import importlib
import logging
import math
import multiprocessing
import os
import resource
import signal
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from tabular.errors import TableError, gettext_noop

AT_ONCE = 2
WAITING = 32
# What a child of a lane imports while it waits for work; other lanes import when they work.
PRELOAD: dict[str, tuple[str, ...]] = {"files": ("tabular.ingest",)}
_IDLE_SECONDS = 300
_LOOK_SECONDS = 0.05
_STARTING_SECONDS = 30
_STORAGE = (errno.ENOSPC, errno.EDQUOT)

log = logging.getLogger(__name__)

Progress = Callable[[float, Any], None]


class ParseTimeout(TableError):
    reason = "parse_timeout"
    message = gettext_noop("Reading the file took longer than is allowed.")


class ParseMemory(TableError):
    reason = "parse_memory"
    message = gettext_noop("Reading the file takes more memory than is allowed.")


class ParseCrashed(TableError):
    reason = "parse_crashed"
    message = gettext_noop("The file could not be read; it may be damaged.")


class FileTooComplex(TableError):
    reason = "file_too_complex"
    message = gettext_noop("The file is nested too deeply.")


class SandboxBusy(TableError):
    reason = "sandbox_busy"
    message = gettext_noop("Too many files are being read at the moment. Try again soon.")


@dataclass(frozen=True, slots=True)
class _Job:
    func: Callable[..., Any]
    args: tuple[Any, ...]
    memory_bytes: int
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class _Child:
    process: BaseProcess
    pipe: Connection
    stderr: Connection

    def end(self) -> None:
        """Kill it if it still lives; leave no zombie and no open pipe."""
        self.process.kill()
        self.process.join()
        self.pipe.close()
        self.stderr.close()
        self.process.close()


def run(
    func: Callable[..., Any],
    args: tuple[Any, ...] = (),
    *,
    memory_bytes: int,
    cpu_seconds: float,
    wall_seconds: float,
    progress: Progress | None = None,
    look: Callable[[], None] | None = None,
    lane: str = "files",
) -> Any:
    """``func(*args)`` in a child; ``func`` is importable by name, args and result can be pickled.

    At most two children work at once in each ``lane``; long work of one kind keeps a lane of its own.

    ``look`` is called twenty times a second while the child works; what it raises ends the child and is raised here.

    ``memory_bytes`` bounds what the child allocates, its interpreter and libraries (about 150 MB) included.
    Raises what ``func`` raises where that is a ``TableError`` or a full disk, else ``ParseTimeout``, ``ParseMemory``,
    ``FileTooComplex``, ``ParseCrashed``; ``SandboxBusy`` when too many wait already.
    """
    with _turn(lane, wall_seconds):
        child = _take(lane)
        try:
            return _supervise(child, _Job(func, args, memory_bytes, cpu_seconds), wall_seconds, progress, look)
        finally:
            child.end()
            _put_by(lane)


def prepare(lane: str) -> None:
    """Have a child ready for work that is likely to come."""
    _put_by(lane)


def report(percent: float, message: Any = "") -> None:
    """Tell the caller of ``run`` how far the work is (``message`` can be pickled); does nothing outside a child."""
    if _reporting is not None:
        _reporting.send(("progress", (percent, message)))


# --- the parent's side ---------------------------------------------------------------------------------------------

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([])


class _Lane:
    def __init__(self) -> None:
        self.slots = threading.BoundedSemaphore(AT_ONCE)
        self.waiting = 0
        self.spare: _Child | None = None


class _State:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.lanes: defaultdict[str, _Lane] = defaultdict(_Lane)
        self.closed = False


_state = _State()


def _forget() -> None:
    """A forked server process has no children yet; those of its parent are not its own."""
    global _state
    _state = _State()


os.register_at_fork(after_in_child=_forget)


@contextlib.contextmanager
def _turn(name: str, wall_seconds: float) -> Any:
    state = _state
    with state.lock:
        lane = state.lanes[name]
        if lane.waiting >= WAITING:
            raise SandboxBusy(waiting=lane.waiting)
        lane.waiting += 1
    try:
        free = lane.slots.acquire(timeout=wall_seconds * (1 + WAITING / AT_ONCE))
    finally:
        with state.lock:
            lane.waiting -= 1
    if not free:
        raise SandboxBusy(waiting=lane.waiting)
    try:
        yield
    finally:
        lane.slots.release()


def _take(lane: str) -> _Child:
    """The lane's spare child if it lives, else a new one."""
    with _state.lock:
        child, _state.lanes[lane].spare = _state.lanes[lane].spare, None
    if child is not None:
        if child.process.is_alive():
            return child
        child.end()
    return _start(lane)


def _put_by(lane: str) -> None:
    """Have a spare child ready for the next work of this lane."""
    with _state.lock:
        if _state.lanes[lane].spare is None and not _state.closed:
            _state.lanes[lane].spare = _start(lane)


@atexit.register
def close() -> None:
    """End the spare children."""
    with _state.lock:
        _state.closed = True
        spares = [lane.spare for lane in _state.lanes.values() if lane.spare is not None]
        for lane in _state.lanes.values():
            lane.spare = None
    for child in spares:
        child.end()


def _start(lane: str) -> _Child:
    pipe, inner_pipe = _context.Pipe()
    stderr, inner_stderr = _context.Pipe(duplex=False)
    process = _context.Process(target=_serve, args=(inner_pipe, inner_stderr, PRELOAD.get(lane, ())), daemon=True)
    process.start()
    inner_pipe.close()
    inner_stderr.close()
    return _Child(process, pipe, stderr)


def _supervise(
    child: _Child, job: _Job, wall_seconds: float, progress: Progress | None, look: Callable[[], None] | None
) -> Any:
    try:
        child.pipe.send(job)
    except OSError:
        raise _fate(child) from None
    deadline = time.monotonic() + wall_seconds
    while True:
        if child.pipe.poll(_LOOK_SECONDS):
            try:
                kind, value = child.pipe.recv()
            except (EOFError, OSError):
                raise _fate(child) from None
            if kind == "progress":
                if progress is not None:
                    progress(*value)
            else:
                return _outcome(kind, value)
        if look is not None:
            look()
        if time.monotonic() > deadline:
            raise ParseTimeout(seconds=wall_seconds)
        if _resident(child.process.pid) > job.memory_bytes:
            raise ParseMemory(bytes=job.memory_bytes)


def _outcome(kind: str, value: Any) -> Any:
    if kind == "result":
        return value
    if kind == "raised":
        raise value
    log.error("parsing failed in the child:\n%s", value)
    raise ParseCrashed


def _resident(pid: int | None) -> int:
    """Anonymous memory in bytes: mapped files don't count, the kernel can take them back."""
    try:
        with open(f"/proc/{pid}/status", "rb") as status:  # noqa: PTH123 - called ten times a second
            for line in status:
                if line.startswith(b"RssAnon:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _fate(child: _Child) -> TableError:
    """Why a child ended without an answer."""
    child.process.join(5)
    said = _last_words(child.stderr)
    code = child.process.exitcode
    log.warning("the parsing child ended with %s: %s", code, said)
    if code == -signal.SIGXCPU:
        return ParseTimeout()
    if "memory allocation" in said or "MemoryError" in said or "bad_alloc" in said:
        return ParseMemory()
    return ParseCrashed()


def _last_words(stderr: Connection) -> str:
    """What the child wrote to its standard error, at most 64 kB (what a pipe holds)."""
    os.set_blocking(stderr.fileno(), False)
    try:
        return os.read(stderr.fileno(), 65536).decode(errors="replace")[-2000:]
    except OSError:
        return ""


# --- the child's side ----------------------------------------------------------------------------------------------

_reporting: Connection | None = None
_PR_SET_PDEATHSIG = 1


def _serve(pipe: Connection, stderr: Connection, preload: tuple[str, ...]) -> None:
    """Import, wait for one job, do it, end."""
    global _reporting
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.set_blocking(stderr.fileno(), False)
    os.dup2(stderr.fileno(), 2)
    for name in preload:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    try:
        if not pipe.poll(_IDLE_SECONDS):
            return
        job = pipe.recv()
    except (EOFError, OSError):
        return
    _reporting = pipe
    with contextlib.suppress(BrokenPipeError):
        _answer(pipe, job)


def _die_with_parent() -> None:
    """The parent here is the forkserver, which ends with the server that started it."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _answer(pipe: Connection, job: _Job) -> None:
    try:
        _limit(job)
        pipe.send(("result", job.func(*job.args)))
    except TableError as error:
        pipe.send(("raised", error))
    except MemoryError:
        pipe.send(("raised", ParseMemory(bytes=job.memory_bytes)))
    except RecursionError:
        pipe.send(("raised", FileTooComplex()))
    except BaseException as error:  # noqa: BLE001 - a panic of a Rust library is no Exception; all must be told
        _tell(pipe, error)


def _tell(pipe: Connection, error: BaseException) -> None:
    if isinstance(error, OSError) and error.errno in _STORAGE:
        pipe.send(("raised", OSError(error.errno, os.strerror(error.errno or 0))))
    elif "memory allocation" in str(error) or "out of memory" in str(error):
        pipe.send(("raised", ParseMemory()))
    else:
        pipe.send(("failed", "".join(traceback.format_exception(error))[-10_000:]))


def _limit(job: _Job) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = math.ceil(used.ru_utime + used.ru_stime + job.cpu_seconds)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    resource.setrlimit(resource.RLIMIT_DATA, (job.memory_bytes, job.memory_bytes))
