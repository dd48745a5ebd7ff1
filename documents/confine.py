"""Limits a child process of ours puts on itself before it opens what it was given."""

import os
import resource

MB = 1024 * 1024


def confine(memory_mb: int, cpu_seconds: int, written_mb: int = 0) -> None:
    """Give up what the work does not need: the kernel ends a process that asks for more. Call after imports."""
    os.nice(5)  # people who wait for a page come first
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds
    for what, most in (
        (resource.RLIMIT_AS, memory_mb * MB),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, written_mb * MB),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
