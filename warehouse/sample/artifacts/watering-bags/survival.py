"""The share of trees with watering bags that were alive after three years, in percent."""

import csv
import json

with open("/job/trees.csv", newline="") as file:
    with_bag = [row for row in csv.DictReader(file) if row["watering_bag"] == "yes"]

alive = sum(row["after_three_years"] == "alive" for row in with_bag)
print(json.dumps({"value": 100 * alive / len(with_bag), "unit": "%", "n": len(with_bag)}))
