"""Writes tables/*.arrow: the Arrow IPC files of PyArrow, with lists, dictionaries and compressed batches.

Run by hand, where pyarrow (25.0.1 here) is there: python3 arrow.py
"""

import pathlib

import pyarrow

ROWS = range(60)
MEDIA = pyarrow.struct({"bytes": pyarrow.binary(), "path": pyarrow.string()})


def media(number):
    if number % 7 == 6:
        return None
    return {"bytes": None if number % 5 == 4 else (f"{number} " * (number * 3)).encode(), "path": f"cats/{number}.jpg"}


def row(number):
    """What test/engine/container/goldenTables.ts expects of a row, counted from 0."""
    captions = None if number % 4 == 3 else [None if place == 1 else f"caption {number}.{place}" for place in range(number % 4)]
    return {
        "image": media(number),
        "text": None if number % 11 == 10 else f"picture {number}",
        "images": [media(number), media(number + 1)][: number % 3],
        "captions": captions,
        "large": captions,
        "two": [f"{number}.0", f"{number}.1"],
        "class": None if number % 9 == 8 else f"class {number % 5}",
        "blob": (f"word {number % 3}").encode(),
        "flag": None if number % 8 == 7 else number % 3 == 0,
        "nested": [[number], []],
    }


SCHEMA = pyarrow.schema(
    {
        "image": MEDIA,
        "text": pyarrow.string(),
        "images": pyarrow.list_(MEDIA),
        "captions": pyarrow.list_(pyarrow.string()),
        "large": pyarrow.large_list(pyarrow.large_string()),
        "two": pyarrow.list_(pyarrow.string(), 2),
        "class": pyarrow.dictionary(pyarrow.int8(), pyarrow.string()),
        "blob": pyarrow.dictionary(pyarrow.int32(), pyarrow.binary()),
        "flag": pyarrow.bool_(),
        "nested": pyarrow.list_(pyarrow.list_(pyarrow.int32())),
    }
)

folder = pathlib.Path(__file__).parent / "tables"
folder.mkdir(exist_ok=True)
rows = [row(number) for number in ROWS]
# Batches whose dictionaries differ: in a stream the later one replaces the earlier one, or goes on with it.
batches = [pyarrow.Table.from_pylist(rows[begin : begin + 25], schema=SCHEMA).to_batches()[0] for begin in (0, 25, 50)]
table = pyarrow.Table.from_batches(batches)

for name, writer, rows_of, options in (
    ("stream", pyarrow.ipc.new_stream, table, {}),
    ("stream-deltas", pyarrow.ipc.new_stream, table, {"emit_dictionary_deltas": True}),
    ("stream-zstd", pyarrow.ipc.new_stream, table, {"compression": "zstd"}),
    ("file", pyarrow.ipc.new_file, table.unify_dictionaries(), {}),
    ("file-zstd", pyarrow.ipc.new_file, table.unify_dictionaries(), {"compression": "zstd"}),
    ("file-lz4", pyarrow.ipc.new_file, table.unify_dictionaries(), {"compression": "lz4"}),
):
    with writer(folder / f"{name}.arrow", SCHEMA, options=pyarrow.ipc.IpcWriteOptions(**options)) as file:
        file.write_table(rows_of)
