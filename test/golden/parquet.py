"""Writes tables/*.parquet, which PyArrow encodes and packs in every way that it knows.

Run by hand, where pyarrow (25.0.1 here) is there: python3 parquet.py
"""

import pathlib

import pyarrow
import pyarrow.parquet

ROWS = range(60)


def row(number):
    """What test/engine/container/goldenTables.ts expects of a row, counted from 0."""
    return {
        "image": None
        if number % 7 == 6
        else {"bytes": None if number % 5 == 4 else (f"{number} " * (number * 3)).encode(), "path": f"cats/{number}.jpg"},
        "text": None if number % 11 == 10 else f"picture {number}",
        "vector": [number + 0.5, -number, 1 / 3],
        "double": [number / 7, number],
        "half": [number / 4, -2.0],
        "whole": [number - 30, 2**24 * number],
        "long": [2**40 * (number % 3), -number],
    }


SCHEMA = pyarrow.schema(
    {
        "image": pyarrow.struct({"bytes": pyarrow.binary(), "path": pyarrow.string()}),
        "text": pyarrow.string(),
        "vector": pyarrow.list_(pyarrow.float32()),
        "double": pyarrow.large_list(pyarrow.float64()),
        "half": pyarrow.list_(pyarrow.float16(), 2),
        "whole": pyarrow.list_(pyarrow.int32()),
        "long": pyarrow.list_(pyarrow.int64()),
    }
)
NUMBERS = ["vector", "double", "half", "whole", "long"]
LEAVES = {"image.bytes", "image.path", "text"} | {f"{name}.list.element" for name in NUMBERS}


def encoded(numbers, words):
    whole = {"whole.list.element", "long.list.element"}
    texts = {"image.bytes", "image.path", "text"}
    return {leaf: words if leaf in texts else (numbers[1] if leaf in whole else numbers[0]) for leaf in LEAVES}


DELTAS = encoded(("BYTE_STREAM_SPLIT", "DELTA_BINARY_PACKED"), "DELTA_LENGTH_BYTE_ARRAY")
PREFIXES = encoded(("BYTE_STREAM_SPLIT", "BYTE_STREAM_SPLIT"), "DELTA_BYTE_ARRAY")
PLAIN = encoded(("PLAIN", "PLAIN"), "PLAIN")

FILES = {
    "deltas": {"column_encoding": DELTAS, "use_dictionary": False, "compression": "none"},
    "deltas-v2": {
        "column_encoding": DELTAS,
        "use_dictionary": False,
        "compression": "zstd",
        "data_page_version": "2.0",
    },
    "prefixes": {"column_encoding": PREFIXES, "use_dictionary": False, "compression": "snappy"},
    "prefixes-v2": {
        "column_encoding": PREFIXES,
        "use_dictionary": False,
        "compression": "lz4",
        "data_page_version": "2.0",
    },
    "plain-v2": {
        "column_encoding": PLAIN,
        "use_dictionary": False,
        "compression": "brotli",
        "data_page_version": "2.0",
    },
    "dictionary-v2": {"compression": "gzip", "data_page_version": "2.0"},
}

folder = pathlib.Path(__file__).parent / "tables"
folder.mkdir(exist_ok=True)
table = pyarrow.Table.from_pylist([row(number) for number in ROWS], schema=SCHEMA)
for name, options in FILES.items():
    pyarrow.parquet.write_table(
        table, folder / f"{name}.parquet", data_page_size=700, write_batch_size=8, row_group_size=40, **options
    )
