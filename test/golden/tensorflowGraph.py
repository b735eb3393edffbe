"""Writes tensorflowGraph.json: a small graph as TensorFlow's own protocol buffers serialise it.

Run with a Python that has tensorflow: python test/golden/tensorflowGraph.py
"""
import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
import numpy as np
from tensorflow.core.framework import graph_pb2
from tensorflow.core.protobuf import saved_model_pb2

FLOAT, INT32 = 1, 3


def attribute(node, name, field, value):
    setattr(node.attr[name], field, value)


graph = graph_pb2.GraphDef()
graph.versions.producer = 1087

weights = graph.node.add(name="n0", op="Placeholder")
attribute(weights, "dtype", "type", FLOAT)
for size in (2, 300):
    weights.attr["shape"].shape.dim.add(size=size)

axes = graph.node.add(name="n1", op="Const")
attribute(axes, "dtype", "type", INT32)
tensor = axes.attr["value"].tensor
tensor.dtype = INT32
tensor.tensor_shape.dim.add(size=2)
tensor.tensor_content = np.array([-1, 0], dtype="<i4").tobytes()

total = graph.node.add(name="n2", op="Sum", input=["n0", "n1:1"])
attribute(total, "keep_dims", "b", False)
attribute(total, "T", "type", FLOAT)
attribute(total, "num", "i", -3)
attribute(total, "alpha", "f", 0.5)
attribute(total, "mode", "s", b"same")

model = saved_model_pb2.SavedModel(saved_model_schema_version=1)
meta = model.meta_graphs.add()
meta.meta_info_def.tags.append("serve")
meta.graph_def.CopyFrom(graph)

# Entries of a map are written sorted by their names.
file = Path(__file__).with_suffix(".json")
file.write_text(json.dumps({"bytes": model.SerializeToString(deterministic=True).hex()}) + "\n")
