"""What many curls on one pipe make of their objects: each writes its stream in blocks of
4096 bytes, and the blocks come in any order.

    mixed_pipe.py SEED WRAPPER <objects >stream    WRAPPER: "%s", or what stands around them
"""

import random
import sys

WRITERS, OBJECTS, BLOCK = 20, 20, 4096

seed, wrapper = sys.argv[1:]
chance = random.Random(int(seed))
lines = sys.stdin.buffer.read().splitlines()
before, after = wrapper.encode().split(b"%s")
writers = []
for _ in range(WRITERS):
    text = b"".join(before + chance.choice(lines) + after + b"\n" for _ in range(OBJECTS))
    writers.append([text[at : at + BLOCK] for at in range(0, len(text), BLOCK)])
while writers:
    writer = chance.choice(writers)
    sys.stdout.buffer.write(writer.pop(0))
    if not writer:
        writers.remove(writer)
