#!/usr/bin/env python3
"""Writes made-up recordings, to see how a folder of one's own is read: FOLDER/motions/<class>/<subject>.csv of a
two-axis sensor at 50 Hz, and FOLDER/tones/<class>/<number>.wav at 2 kHz.

    python3 examples/make_recordings.py FOLDER
"""
import math
import pathlib
import random
import struct
import sys
import wave

MOTIONS = {"rest": (0.7, 0.4), "walk": (2.0, 0.9), "run": (3.3, 1.4)}  # Hz, g
TONES = {"low": 100.0, "middle": 200.0, "high": 400.0}  # Hz


def write_motion(path, hertz, size, subject):
    draw = random.Random(f"{path.parent.name} {subject}")
    rows = ["t,x,y"]
    for row in range(50 * 8):
        angle = 2.0 * math.pi * hertz * (1.0 + 0.02 * subject) * row / 50.0 + subject
        x = size * math.sin(angle) + draw.gauss(0.0, 0.15)
        y = size * math.cos(angle) + draw.gauss(0.0, 0.15)
        rows.append(f"{row / 50.0:.2f},{x:.4f},{y:.4f}")
    path.write_text("\n".join(rows) + "\n")


def write_tone(path, hertz):
    draw = random.Random(str(path.name) + str(hertz))
    pitch, loudness = hertz * draw.uniform(0.9, 1.1), draw.uniform(2000.0, 12000.0)
    samples = [loudness * math.sin(2.0 * math.pi * pitch * i / 2000.0) + draw.gauss(0.0, 800.0) for i in range(2000)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(2000)
        file.writeframes(struct.pack(f"<{len(samples)}h", *(round(sample) for sample in samples)))


def main(folder):
    for name, (hertz, size) in MOTIONS.items():
        below = folder / "motions" / name
        below.mkdir(parents=True, exist_ok=True)
        for subject in range(1, 13):
            write_motion(below / f"{subject}.csv", hertz, size, subject)
    for name, hertz in TONES.items():
        below = folder / "tones" / name
        below.mkdir(parents=True, exist_ok=True)
        for number in range(1, 21):
            write_tone(below / f"{number}.wav", hertz)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
