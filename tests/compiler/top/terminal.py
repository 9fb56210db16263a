"""Runs a command in a terminal of its own, types what standard input says, and writes to standard output what it drew.

Each line of standard input is JSON: {"after": how often it has drawn since the last was typed, "type": a text}.
The first line of the output is JSON: the exit code, and whether the terminal is as it was. What was drawn follows.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

DEADLINE = 60
HOME = b"\x1b[H"

steps = [json.loads(line) for line in sys.stdin]
pid, terminal = pty.fork()
if pid == 0:
    # Not before it has its size.
    sys.stdin.readline()
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 12, 100, 0, 0))
attributes = termios.tcgetattr(terminal)
os.write(terminal, b"\n")

drawn, seen, start = b"", 0, time.monotonic()
after = None
while time.monotonic() - start < DEADLINE:
    if not select.select([terminal], [], [], 0.1)[0]:
        continue
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    drawn += chunk
    after = termios.tcgetattr(terminal)
    if steps and drawn.count(HOME) - seen >= steps[0]["after"]:
        seen = drawn.count(HOME)
        os.write(terminal, steps.pop(0)["type"].encode())
else:
    os.kill(pid, 9)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.write(json.dumps({"code": code, "restored": after == attributes}) + "\n")
sys.stdout.write(drawn.decode())
