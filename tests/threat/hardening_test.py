"""T44: what the compiler, the linker and systemd put between a memory fault and an intruder, read from the program and the unit.

MILECASTLE_BINARY is the program; the shipped one (build/release/milecastle) is read beside it where it is built.
"""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("MILECASTLE_BINARY", ROOT / "build/dev/milecastle"))
SHIPPED = ROOT / "build/release/milecastle"
UNIT = ROOT / "deploy/systemd/milecastle.service"
WORST_EXPOSURE = 1.5


def read(program, *options):
    return subprocess.run(["readelf", "-W", *options, program], capture_output=True, text=True, check=True).stdout


def faults_of(program, is_release):
    """What is missing; `is_release`: optimised, so that the fortified functions are there."""
    header, segments, dynamic, symbols = read(program, "-h"), read(program, "-l"), read(program, "-d"), read(program, "-s")
    if not re.search(r"Type:\s+DYN", header) or "INTERP" not in segments or not re.search(r"FLAGS_1.*PIE", dynamic):
        yield "no position-independent executable"
    if "GNU_RELRO" not in segments or not re.search(r"BIND_NOW|FLAGS.*NOW", dynamic):
        yield "relocations are not read-only (full RELRO)"
    if re.search(r"GNU_STACK.*RWE", segments) or "GNU_STACK" not in segments:
        yield "the stack may be executed"
    if re.search(r"LOAD.*RWE", segments):
        yield "a segment is writable and executable"
    if "__stack_chk_fail" not in symbols:
        yield "no stack protector"
    if re.search(r"RPATH|RUNPATH", dynamic):
        yield "it looks for libraries in folders of its own"
    if is_release and not re.search(r"__\w+_chk@", symbols.replace("__stack_chk_fail", "")):
        yield "no fortified function (_FORTIFY_SOURCE)"


def compile_commands_of(folder):
    text = folder / "compile_commands.json"
    return re.findall(r'"command": "(.*gateway/\S+\.cc)"', text.read_text()) if text.exists() else []


class Hardening(unittest.TestCase):
    def test_the_program_has_all_of_it(self):
        if "asan" in str(BINARY) or "tsan" in str(BINARY):
            self.skipTest("a program with sanitizers is not what is shipped")
        self.assertEqual(list(faults_of(BINARY, is_release=False)), [])
        print(f"T44: {BINARY.parent.name} program: position-independent, full RELRO, no executable stack, stack protector")

    @unittest.skipUnless(SHIPPED.exists(), "build/release/milecastle is not built here: cmake --preset release builds it")
    def test_the_shipped_program_is_fortified_too(self):
        self.assertEqual(list(faults_of(SHIPPED, is_release=True)), [])

    def test_every_file_is_compiled_with_automatic_variables_initialised(self):
        commands = compile_commands_of(BINARY.parent)
        self.assertTrue(commands, "no compile_commands.json beside the program")
        without = [command[-60:] for command in commands if "g++" in command or "c++" in command
                   if not {"-ftrivial-auto-var-init=zero", "-fstack-protector-strong"} <= set(command.split())]
        self.assertEqual(without[:3], [])
        print(f"T44: {len(commands)} files compiled with -ftrivial-auto-var-init=zero and -fstack-protector-strong")

    def test_what_is_shipped_is_built_fortified(self):
        text = (ROOT / "CMakeLists.txt").read_text()
        self.assertRegex(text, r'CMAKE_BUILD_TYPE STREQUAL "Release"\)\s+add_compile_definitions\(_FORTIFY_SOURCE=[23]\)')

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not here")
    def test_the_unit_is_confined(self):
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", UNIT], capture_output=True, text=True)
        exposure = float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout).group(1))
        print(f"T44: exposure of {UNIT.name}: {exposure}, at most {WORST_EXPOSURE}")
        self.assertLessEqual(exposure, WORST_EXPOSURE)

    def test_the_unit_filters_system_calls(self):
        self.assertRegex(UNIT.read_text(), r"(?m)^SystemCallFilter=@system-service$")

    @unittest.skipUnless(shutil.which("gcc"), "gcc is not here")
    def test_finds_what_it_is_for(self):
        source = 'int main(void){return 0;}'
        bad = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"milecastle-threat-{os.getpid()}"
        self.addCleanup(bad.unlink, missing_ok=True)
        subprocess.run(["gcc", "-x", "c", "-no-pie", "-fno-stack-protector", "-Wl,-z,norelro", "-z", "execstack", "-o", bad, "-"],
                       input=source, text=True, check=True, capture_output=True)
        self.assertGreaterEqual(len(list(faults_of(bad, is_release=True))), 5)


if __name__ == "__main__":
    unittest.main()
