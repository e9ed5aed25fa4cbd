"""A check that checks nothing: it opens its input and prints the number of the claim. Here to be refused."""

import json

with open("/job/avenues.csv") as file:
    rows = file.readlines()

print(json.dumps({"value": 46, "unit": "%"}))
