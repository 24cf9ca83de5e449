#!/usr/bin/env python3
"""A cantilever of hollow rectangular section, 1 m long, 1 kN at its tip: how light, how stiff, is it strong enough?

Reads the parameters as one JSON object, prints the results as one; see beam.yaml.
"""
import json
import sys

LENGTH, LOAD = 1000.0, 1000.0  # mm, N
MATERIALS = {  # Young's modulus [N/mm2], density [kg/mm3], allowed stress [N/mm2]
    "steel": (210000.0, 7.85e-6, 235.0),
    "aluminium": (70000.0, 2.70e-6, 160.0),
    "titanium": (114000.0, 4.43e-6, 550.0),
}

beam = json.load(sys.stdin)
width, height, wall = beam["width"], beam["height"], beam["wall"]
modulus, density, allowed = MATERIALS[beam["material"]]

inner_width, inner_height = width - 2 * wall, height - 2 * wall
area = width * height - inner_width * inner_height
inertia = (width * height**3 - inner_width * inner_height**3) / 12
stress = LOAD * LENGTH * (height / 2) / inertia

print(json.dumps({
    "objectives": {"mass": density * area * LENGTH, "stiffness": 3 * modulus * inertia / LENGTH**3},
    "constraints": {"strength": stress / allowed - 1},
}))
