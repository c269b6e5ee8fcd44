"""Pictures of a table: where each number leads, by which keys, at which hours.

svg(flow(table, "en"))                                   # whole, for always
mermaid(flow_at(table, handlers, at, "en", ["02085550100"]))      # one number, at an instant
"""

from ivr.drawing.flow import Box, Flow, Way, flow
from ivr.drawing.instant import flow_at
from ivr.drawing.mermaid import mermaid
from ivr.drawing.svg import svg

__all__ = ["Box", "Flow", "Way", "flow", "flow_at", "mermaid", "svg"]
