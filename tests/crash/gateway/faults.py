"""What goes wrong, from the test's side: arms the plans of faults.cc, which is preloaded into the gateway."""

import ctypes
import errno
import mmap
import os
import pathlib
import time

LIBRARY = os.environ.get("SURVIVAL_FAULTS", "")

# These numbers, and the layout of Plan and Control, are those of faults.cc.
OPEN, WRITE, SYNC, RENAME, SEND, READ = 1, 2, 4, 8, 16, 32
JUDGED_SECONDS = 1  # for a process that died meanwhile
WATCH, FAIL, FAIL_AFTER, KILL, KILL_AFTER, HANG = range(6)


class Plan(ctypes.Structure):
    _fields_ = [("armed", ctypes.c_uint32), ("operations", ctypes.c_uint32), ("action", ctypes.c_uint32),
                ("error", ctypes.c_int32), ("skip", ctypes.c_uint32), ("times", ctypes.c_uint32),
                ("after", ctypes.c_int32), ("seen", ctypes.c_uint32), ("struck", ctypes.c_uint32),
                ("path", ctypes.c_char * 92), ("hit", ctypes.c_uint32), ("hit_path", ctypes.c_char * 92)]


class Control(ctypes.Structure):
    _fields_ = [("plans", Plan * 4), ("clock_nanoseconds", ctypes.c_int64), ("judging", ctypes.c_uint32)]


class Faults:
    def __init__(self, folder, anew=True):
        self.file = pathlib.Path(folder) / "faults"
        if anew:
            self.file.write_bytes(bytes(ctypes.sizeof(Control)))
        with self.file.open("r+b") as opened:
            self.memory = mmap.mmap(opened.fileno(), 0)
        self.control = Control.from_buffer(self.memory)

    def environment(self):
        assert LIBRARY, "SURVIVAL_FAULTS names no library: run this with ctest, or as tests/README.md says"
        return {"LD_PRELOAD": LIBRARY, "SURVIVAL_CONTROL": str(self.file)}

    def arm(self, operations, path="", action=FAIL, *, error=errno.EIO, skip=0, times=1, after=-1, plan=0):
        """Strikes `times` such operations (0: all until disarmed) after `skip` of them.

        `path` is a part of the file's name, or its end where it ends with $.
        """
        at = self.control.plans[plan]
        at.armed = 0
        at.operations, at.path, at.action, at.error = operations, path.encode(), action, error
        at.skip, at.times, at.after, at.seen, at.struck = skip, times, after, 0, 0
        at.armed = 1
        return at

    def disarm(self):
        """When it returns, what the plans struck is known: no operation is still being judged by them."""
        for plan in self.control.plans:
            plan.armed = 0
        end = time.monotonic() + JUDGED_SECONDS
        while self.control.judging and time.monotonic() < end:
            pass

    def forget_the_dead(self):
        """Before a start: whoever died while an operation was judged left it so."""
        self.control.judging = 0

    def struck(self, plan=0):
        return self.control.plans[plan].struck

    def later(self, plan=0):
        """How many of the same operations came after those that were struck."""
        at = self.control.plans[plan]
        return max(0, at.seen - at.skip - at.times)

    def set_clock_off(self, seconds):
        self.control.clock_nanoseconds = int(seconds * 1_000_000_000)
