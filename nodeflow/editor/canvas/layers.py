"""The layers of a graph, left to right, and an order in each that crosses few wires (Sugiyama's method). Pure.

    layers = Layers(nodes, wires)                 # layers.of == {"camera": 0, "pose": 1, ...}: every wire goes right
    order = layers.untangled(order)               # the nodes of each layer, top to bottom

A wire over several layers passes each of them at a *bend*, so that it takes its place between the nodes there.
Everything here is iterative: a chain of 10,000 nodes is as good as one of ten.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from nodeflow.editor.canvas.steps import Step, told_nobody

_SWEEPS, _SEARCHES, _SWAPS = 8, 50, 8
"""Passes, there and back in turns, of one search for a better order; how often a search starts from what the last one
found; how often a layer is gone through for swaps: each at most, ..."""
_WORK = 16_000
"""... and less where the layers hold many spots: what is done shrinks with the square of their number, so that a person
never waits for long."""
_MOST_BENDS = 8_000
"""Where long wires would bend more often than this, the longest have no say in the order."""
_PORT = 1e-9
"""Places in a layer run from 0 to 1; this much for each unit down keeps the wires of one node in its ports' order."""


class Strand(NamedTuple):
    """A wire for whoever lays out: which nodes, and how far below their tops its ends are. One that runs `back`, as to
    an input that takes the value of the frame before, may run to the left."""

    source: str
    leaves: float
    target: str
    enters: float
    back: bool = False


class Bend(NamedTuple):
    """Where the wire `strand` (its place in the list) passes `layer`."""

    strand: int
    layer: int


Spot = str | Bend
"""What has a place in a layer: a node, or a wire that passes by."""
Order = list[list[str]]
"""The nodes of each layer, top to bottom."""


class Piece(NamedTuple):
    """The part of a wire between two neighbouring layers; `leaves` and `enters` are 0 at a bend."""

    source: Spot
    leaves: float
    target: Spot
    enters: float


def layers_of(nodes: Iterable[str], strands: Sequence[Strand]) -> dict[str, int]:
    """The layer of each node: the first where all that it gets something from is to its left, except that a node which
    gives more than it takes lies next to those it gives to. The wires must not run in circles (`forward`)."""
    ahead, behind = _neighbours(nodes, strands)
    order: list[str] = []
    missing = {node: len(before) for node, before in behind.items()}
    waiting = [node for node, count in missing.items() if count == 0]
    layers = dict.fromkeys(ahead, 0)
    while waiting:
        node = waiting.pop()
        order.append(node)
        for after in ahead[node]:
            layers[after] = max(layers[after], layers[node] + 1)
            missing[after] -= 1
            if missing[after] == 0:
                waiting.append(after)
    for node in reversed(order):
        if len(ahead[node]) > len(behind[node]):
            layers[node] = min(layers[after] for after in ahead[node]) - 1
    return layers


def forward(nodes: Iterable[str], strands: Sequence[Strand]) -> list[Strand]:
    """The wires without those that run back or close a circle: a circle is opened at the wire that a walk in the order
    of `nodes` meets last."""
    strands = [strand for strand in strands if not strand.back]
    ahead, _ = _neighbours(nodes, strands)
    back: set[tuple[str, str]] = set()
    state = dict.fromkeys(ahead, 0)  # 0 not met, 1 on the way, 2 done
    for start in ahead:
        way = [(start, iter(ahead[start]))] if state[start] == 0 else []
        state[start] = state[start] or 1
        while way:
            node, rest = way[-1]
            after = next(rest, None)
            if after is None:
                state[node] = 2
                way.pop()
            elif state[after] == 1:
                back.add((node, after))
            elif state[after] == 0:
                state[after] = 1
                way.append((after, iter(ahead[after])))
    return [strand for strand in strands if (strand.source, strand.target) not in back]


class Layers:
    """The layer `of` each node, and the wires between them in `pieces`, by the layer that a piece begins in.

    The wires must not run in circles (`forward`). The order in which `nodes` come is the order of each layer to begin
    with: `order`.
    """

    def __init__(self, nodes: Iterable[str], strands: Sequence[Strand]) -> None:
        nodes = list(nodes)
        self.of = layers_of(nodes, strands)
        self.order: Order = [[] for _ in range(max(self.of.values(), default=-1) + 1)]
        for node in nodes:
            self.order[self.of[node]].append(node)
        self.pieces: list[list[Piece]] = [[] for _ in self.order]
        self._strands = strands
        self._bends: list[list[Bend]] = []
        self._behind: dict[Spot, list[tuple[Spot, float]]] = {}
        self._ahead: dict[Spot, list[tuple[Spot, float]]] = {}
        longest = self._longest(strands)
        for at, strand in enumerate(strands):
            first, last = self.of[strand.source], self.of[strand.target]
            bends = [Bend(at, layer) for layer in range(first + 1, last)] if last - first <= longest else []
            self._bends.append(bends)
            if last - first > longest:
                continue
            ends: list[tuple[Spot, float]] = [
                (strand.source, strand.leaves),
                *((bend, 0.0) for bend in bends),
                (strand.target, strand.enters),
            ]
            for layer, (one, other) in enumerate(pairwise(ends), first):
                piece = Piece(one[0], one[1], other[0], other[1])
                self.pieces[layer].append(piece)
                self._behind.setdefault(piece.target, []).append((piece.source, piece.leaves * _PORT))
                self._ahead.setdefault(piece.source, []).append((piece.target, piece.enters * _PORT))

    def _longest(self, strands: Sequence[Strand]) -> int:
        """Over how many layers a wire may lead and still have a say in the order."""
        room = _MOST_BENDS
        for span in sorted(self.of[strand.target] - self.of[strand.source] for strand in strands):
            room -= span - 1
            if room < 0:
                return span - 1
        return len(self.order)

    def with_bends(self, order: Order) -> list[list[Spot]]:
        """`order` with the bends of long wires, each where the straight way from end to end passes."""
        share = {node: (at + 0.5) / len(layer) for layer in order for at, node in enumerate(layer)}
        full: list[list[tuple[float, int, Spot]]] = [[(share[node], -1, node) for node in layer] for layer in order]
        for at, (strand, bends) in enumerate(zip(self._strands, self._bends, strict=True)):
            start = share[strand.source]
            step = (share[strand.target] - start) / (len(bends) + 1)
            for count, bend in enumerate(bends, 1):
                full[bend.layer].append((start + step * count, at, bend))
        return [[spot for _, _, spot in sorted(layer, key=lambda entry: entry[:2])] for layer in full]

    def crossings(self, order: Order) -> int:
        """How many pairs of wires cross, taken as straight between neighbouring layers."""
        place = {spot: at for layer in self.with_bends(order) for at, spot in enumerate(layer)}
        count = 0
        for pieces in self.pieces:
            seen: list[tuple[float, float]] = []
            for _, _, at, enters in sorted((place[p[0]], p[1], place[p[2]], p[3]) for p in pieces):
                count += len(seen) - bisect_right(seen, (at, enters))
                insort(seen, (at, enters))
        return count

    def untangled(self, order: Order, step: Step = told_nobody) -> Order:
        """A better order of each layer, or the very same if none is found: then asking again finds none either.

        Searches from `order` and from the one in which a walk from the ends back to the sources meets the nodes. `step`
        is called on the way, with 0.
        """
        least = self.crossings(order)
        tries = [order, self._walked()]
        sweeps, swaps, searches = self._limits()
        for _ in range(searches):
            if least == 0:
                break
            found = (each for start in tries for each in (start, *self._swept(start, sweeps, swaps, step)))
            crossed, best = min(((self.crossings(each), each) for each in found), key=lambda pair: pair[0])
            if crossed >= least:
                break
            least, order = crossed, best
            tries = [order]
        return order

    def _walked(self) -> Order:
        """The nodes of each layer as a walk meets them that goes back from each end, first input first."""
        behind: dict[str, list[str]] = {}
        for strand in sorted(self._strands, key=lambda strand: (strand.target, strand.enters)):
            behind.setdefault(strand.target, []).append(strand.source)
        order: Order = [[] for _ in self.order]
        fed = {source for sources in behind.values() for source in sources}
        met = set()
        for end in sorted(self.of.keys() - fed):
            way = [(end, iter(behind.get(end, ())))]
            met.add(end)
            while way:
                node, rest = way[-1]
                before = next((each for each in rest if each not in met), None)
                if before is None:
                    order[self.of[node]].append(node)
                    way.pop()
                else:
                    met.add(before)
                    way.append((before, iter(behind.get(before, ()))))
        return order

    def _limits(self) -> tuple[int, int, int]:
        """How many sweeps a search has, how many swaps a layer gets in each, and how many searches there are."""
        spots = max(len(self.of) + sum(map(len, self._bends)), 1)
        passes = int((_WORK / spots) ** 2)
        swaps = min(_SWAPS, passes // (4 * _SWEEPS))
        sweeps = min(_SWEEPS, max(2, passes // (2 * (1 + swaps))))
        return sweeps, swaps, min(_SEARCHES, max(1, passes // (2 * sweeps * (1 + swaps))))

    def _swept(self, order: Order, sweeps: int, swaps: int, step: Step) -> Iterator[Order]:
        """The orders that a few passes over `order` come by, there and back in turns."""
        full = self.with_bends(order)
        place = {spot: (at + 0.5) / len(layer) for layer in full for at, spot in enumerate(layer)}
        for sweep in range(sweeps):
            step(0)
            for layer in full if sweep % 2 else reversed(full):
                sides = (self._behind, self._ahead) if sweep % 2 else (self._ahead, self._behind)
                wish = {spot: _barycentre(place, sides[0].get(spot) or sides[1].get(spot)) for spot in layer}
                layer.sort(key=wish.__getitem__)
                if swaps:
                    self._swap(layer, place, swaps)
                place.update({spot: (at + 0.5) / len(layer) for at, spot in enumerate(layer)})
            yield [[spot for spot in layer if isinstance(spot, str)] for layer in full]

    def _swap(self, layer: list[Spot], place: Mapping[Spot, float], most: int) -> None:
        """Swap neighbours in a layer as long as that crosses fewer wires."""
        ends = [
            {spot: sorted([place[each] + end for each, end in side.get(spot, ())]) for spot in layer}
            for side in (self._behind, self._ahead)
        ]
        for _ in range(most):
            swapped = False
            for at in range(len(layer) - 1):
                one, other = layer[at], layer[at + 1]
                if sum(_crossed(side[one], side[other]) - _crossed(side[other], side[one]) for side in ends) > 0:
                    layer[at], layer[at + 1] = other, one
                    swapped = True
            if not swapped:
                break


def _barycentre(place: Mapping[Spot, float], ends: Sequence[tuple[Spot, float]] | None) -> float:
    """The mean place of what a spot is wired to."""
    return sum([place[each] + end for each, end in ends]) / len(ends) if ends else 0.0


def _crossed(upper: list[float], lower: list[float]) -> int:
    """How many wires of the upper of two spots cross wires of the lower, all to one side; both sorted."""
    return sum([bisect_left(lower, end) for end in upper]) if upper and lower and upper[-1] > lower[0] else 0


def _neighbours(nodes: Iterable[str], strands: Sequence[Strand]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What each node gives to and what it gets from, each named once."""
    ahead: dict[str, dict[str, None]] = {node: {} for node in nodes}
    behind: dict[str, dict[str, None]] = {node: {} for node in ahead}
    for strand in strands:
        ahead[strand.source][strand.target] = None
        behind[strand.target][strand.source] = None
    return {node: list(beside) for node, beside in ahead.items()}, {
        node: list(beside) for node, beside in behind.items()
    }
