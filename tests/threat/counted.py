"""How often a threat's test tries: `--count N`, else its count for CI times MILECASTLE_THREAT_SCALE."""

import argparse
import os
import sys


def asked(count):
    """Takes the option from the command line; what is left there is unittest's."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=count * int(os.environ.get("MILECASTLE_THREAT_SCALE", "1")))
    options, rest = parser.parse_known_args()
    sys.argv[1:] = rest
    return options.count
